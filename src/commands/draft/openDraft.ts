import { parseDraft } from '../../core/continuation/drafts/draft.ts';
import { draftName } from '../../core/continuation/drafts/draftName.ts';
import { shorten } from '../../core/continuation/shorten.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Command } from '../command.ts';

export interface OpenDraftDeps {
  readonly drafts: Pick<Drafts, 'all' | 'show'>;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
}

/** Opens a draft again whose editor was closed. */
export function openDraft({ drafts, dialogs }: OpenDraftDeps): Command {
  return async () => {
    const all = await drafts.all();
    if (all.length === 0) throw new Problem(l10n.t('There are no drafts.'));
    const chosen = await dialogs.pickOne(
      l10n.t('Open Which Draft?'),
      all.map((draft) => ({
        label: draftName(draft.order),
        detail: shorten(parseDraft(draft.text).draft.body, 120),
        icon: 'edit',
        value: draft,
      })),
    );
    if (chosen === undefined) return undefined;
    await drafts.show(chosen.id);
    return chosen.order.sessionId;
  };
}
