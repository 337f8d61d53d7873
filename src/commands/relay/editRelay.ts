import { shorten } from '../../core/continuation/shorten.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { isForeign } from '../../core/turns/relayProof.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { Command } from '../command.ts';
import { chooseRelay, type ChooseRelayDeps } from '../choosing/relayArgument.ts';

export interface EditRelayDeps extends ChooseRelayDeps {
  readonly relays: ChooseRelayDeps['relays'] & {
    edit(sessionId: string, messageId: string, change: { readonly text: string }): Promise<void>;
  };
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'askText'>;
}

/** Changes what a pending relay says. */
export function editRelay(deps: EditRelayDeps): Command {
  return async (argument) => {
    const chosen = await chooseRelay(deps, argument, l10n.t('Edit Which Relay?'));
    if (chosen === undefined) return undefined;
    const { sessionId, leg } = chosen;
    assertReadable(leg);
    // What was done last stands in lines before what is to be done; a box of one line would run them together.
    const start = leg.text.lastIndexOf('\n') + 1;
    const before = leg.text.slice(0, start);
    const text = await deps.dialogs.askText({
      title: l10n.t('Relay to {0}', leg.agent),
      value: leg.text.slice(start),
      ...(before.trim() === ''
        ? {}
        : { prompt: l10n.t('This stays before it: {0}', shorten(before, shownLength)) }),
      validate: (typed) => (typed.trim() === '' ? l10n.t('Type a message, or press Escape.') : undefined),
    });
    if (text === undefined) return undefined;
    await deps.relays.edit(sessionId, leg.messageId, { text: `${before}${text}` });
    return sessionId;
  };
}

/** So many characters of what stands before are shown below the box. */
const shownLength = 300;

/** Characters that the editor's box shows at once. */
const boxWidth = 80;

/** What a person edits is theirs, and goes on without a question: of what others wrote, they have to see all. */
function assertReadable(leg: RelayLeg): void {
  if (!isForeign(leg) || (leg.text.length <= boxWidth && !leg.text.includes('\n'))) return;
  throw new Problem(
    l10n.t(
      'This relay came with the session and is too long to be edited here. Send it as it is, or cancel it.',
    ),
  );
}
