import type { Dialogs } from '../../core/ports/dialogs.ts';
import { l10n } from '../../core/l10n.ts';
import { isForeign } from '../../core/turns/relayProof.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { Command } from '../command.ts';
import { chooseRelay, type ChooseRelayDeps } from '../choosing/relayArgument.ts';

export interface ReleaseRelaysDeps extends ChooseRelayDeps {
  readonly relays: ChooseRelayDeps['relays'] & {
    release(sessionId: string, seen: readonly RelayLeg[]): Promise<void>;
  };
  readonly dialogs: ChooseRelayDeps['dialogs'] & Pick<Dialogs, 'confirm'>;
}

/** So many texts at a time can be read in a question; the others stay held. */
const readable = 5;

/** Lets the held relays of a session go on; those that this user did not ask for, once they have been read. */
export function releaseRelays(deps: ReleaseRelaysDeps): Command {
  return async (argument) => {
    const chosen = await chooseRelay(deps, argument, l10n.t('Send Which Held Relay?'));
    if (chosen === undefined) return undefined;
    const { sessionId } = chosen;
    const pending = deps.relays.pending(sessionId);
    const foreign = pending.filter(isForeign).slice(0, readable);
    const seen = pending.filter((leg) => !isForeign(leg) || foreign.includes(leg));
    if (
      foreign.length > 0 &&
      !(await deps.dialogs.confirm(buildQuestion(deps.titleOf(sessionId), foreign)))
    ) {
      return undefined;
    }
    await deps.relays.release(sessionId, seen);
    return sessionId;
  };
}

function buildQuestion(title: string, foreign: readonly RelayLeg[]) {
  return {
    message: l10n.t('Send what came with “{0}” and was not asked for from this editor?', title),
    detail: foreign.map(({ agent, text }) => `${agent}: ${beginningOf(text)}`).join('\n\n'),
    action: l10n.t('Send'),
  };
}

/** What a question can show; where it leaves something out, it says so. */
function beginningOf(text: string): string {
  const shown = 1000;
  if (text.length <= shown) return text;
  const rest = text.length - shown;
  return l10n.t('{0}… and {1} more characters, which the session shows.', text.slice(0, shown), rest);
}
