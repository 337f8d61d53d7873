import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { l10n } from '../../core/l10n.ts';
import type { Command } from '../command.ts';

export interface DiscardDraftDeps {
  readonly drafts: Pick<Drafts, 'find' | 'remove'>;
  readonly dialogs: Pick<Dialogs, 'confirm'>;
}

/** Closes and deletes a draft; asks first if a person wrote in it. */
export function discardDraft({ drafts, dialogs }: DiscardDraftDeps): Command {
  return async (argument) => {
    const draft = await drafts.find(argument);
    if (draft === undefined) return undefined;
    const isWanted =
      !draft.edited ||
      (await dialogs.confirm({
        message: l10n.t('Discard this draft?'),
        detail: l10n.t('What you wrote in it cannot be brought back.'),
        action: l10n.t('Discard'),
      }));
    if (!isWanted) return undefined;
    await drafts.remove(draft.id, draft.text);
    return draft.order.sessionId;
  };
}
