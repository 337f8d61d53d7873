import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { clampText, clampToEnd } from '../../core/entries/clampedText.ts';
import { l10n } from '../../core/l10n.ts';
import { isForeign } from '../../core/turns/relayProof.ts';
import type { MaySend } from '../../flows/prompting/askElsewhere.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { Command } from '../command.ts';
import { chooseRelay, type ChooseRelayDeps, type ChosenRelay } from '../choosing/relayArgument.ts';

export interface ReleaseRelaysDeps extends ChooseRelayDeps, MaySend {
  readonly relays: ChooseRelayDeps['relays'] & {
    release(sessionId: string, seen: readonly RelayLeg[]): Promise<void>;
  };
  readonly dialogs: ChooseRelayDeps['dialogs'] & Pick<Dialogs, 'confirm'>;
  /** Shows a text in an editor, read-only. */
  readonly openText: (name: string, text: string) => Promise<void>;
  readonly notify: Notify;
}

/** So many texts at a time can be read in a question; the others stay held. */
const readable = 5;

/** What a question shows of them together at most. */
const shown = { characters: 1000, lines: 20 };

/** Lets the held relays of a session go on; those that this user did not ask for, once they have been read. */
export function releaseRelays(deps: ReleaseRelaysDeps): Command {
  /** What was opened in an editor because no question could show all of it, by session. */
  const opened = new Map<string, string>();
  return async (argument) => {
    const chosen = await chooseRelay(deps, argument, l10n.t('Send Which Held Relay?'));
    if (chosen === undefined) return undefined;
    const { sessionId } = chosen;
    const pending = deps.relays.pending(sessionId);
    const foreign = pending.filter(isForeign).slice(0, readable);
    const seen = pending.filter((leg) => !isForeign(leg) || foreign.includes(leg));
    if (foreign.length > 0 && !(await confirmForeign(deps, chosen, foreign, opened))) return undefined;
    if (!(await deps.maySendTo({ id: sessionId }))) return undefined;
    await deps.relays.release(sessionId, seen);
    opened.delete(sessionId);
    return sessionId;
  };
}

/** What is not all shown is not sent: it is opened, and asked for again by whoever has read it. */
async function confirmForeign(
  deps: ReleaseRelaysDeps,
  chosen: ChosenRelay,
  foreign: readonly RelayLeg[],
  opened: Map<string, string>,
): Promise<boolean> {
  const { sessionId } = chosen;
  const title = deps.titleOf(sessionId);
  const text = foreign.map((leg) => `${leg.agent}: ${leg.text}`).join('\n\n');
  const detail = shortenForQuestion(text);
  if (detail === text || opened.get(sessionId) === text) {
    const message = l10n.t('Send what came with “{0}” and was not asked for from this editor?', title);
    return deps.dialogs.confirm({ message, detail, action: l10n.t('Send') });
  }
  const message = l10n.t('What came with “{0}” is too long to be shown here. Read all of it first.', title);
  if (await deps.dialogs.confirm({ message, detail, action: l10n.t('Show All') })) {
    await deps.openText('relay.md', text);
    opened.set(sessionId, text);
    deps.notify(askAgain(chosen, title));
  }
  return false;
}

function askAgain({ sessionId, leg }: ChosenRelay, title: string): Parameters<Notify>[0] {
  return {
    message: l10n.t('All of what came with “{0}” stands in the editor. It is sent when you say so.', title),
    actions: [
      {
        title: l10n.t('Send…'),
        command: 'opencodeSessions.relay.release',
        arguments: [{ sessionId, relayId: leg.messageId }],
      },
    ],
  };
}

/** The beginning and the end of what a question cannot show, and how much stands between them. */
function shortenForQuestion(text: string): string {
  const { characters, lines } = shown;
  if (text.length <= characters && text.split('\n').length <= lines) return text;
  const start = clampText(text, characters / 2)
    .text.split('\n')
    .slice(0, lines / 2)
    .join('\n');
  const end = clampToEnd(text, characters / 2)
    .text.split('\n')
    .slice(-lines / 2)
    .join('\n');
  const rest = text.length - start.length - end.length;
  return `${start}\n\n${l10n.t('[… {0} more characters …]', rest)}\n\n${end}`;
}
