import { l10n } from '../../core/l10n.ts';
import { chooseMessage, type ChooseMessageDeps } from '../choosing/chooseMessage.ts';
import type { Command } from '../command.ts';
import { forkSession, type ForkSessionDeps } from '../fork/forkSession.ts';
import { handOffSession, type HandOffSessionDeps } from '../handOff/handOffSession.ts';
import { relaySession, type RelaySessionDeps } from '../relay/relaySession.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

/** Forks a session at a message that is asked for. */
export function forkAtMessage(deps: ChooseMessageDeps & ForkSessionDeps): Command {
  return fromMessage(deps, forkSession(deps), () => l10n.t('Fork Session at Which Message?'));
}

/** Passes the turn on as of a message that is asked for. */
export function relayFromMessage(deps: ChooseMessageDeps & RelaySessionDeps): Command {
  return fromMessage(deps, relaySession(deps), () => l10n.t('Relay from Which Message?'));
}

/** Hands a session off as of a message that is asked for. */
export function handOffFromMessage(deps: ChooseMessageDeps & HandOffSessionDeps): Command {
  return fromMessage(deps, handOffSession(deps), () => l10n.t('Hand Off from Which Message?'));
}

function fromMessage(deps: ChooseMessageDeps, run: Command, title: () => string): Command {
  return async (argument) => {
    const chosen = await chooseMessage(deps, argument, {
      title: title(),
      none: l10n.t('There is no session here. Start one with “New Session…”.'),
      answers: true,
    });
    if (chosen === undefined) return undefined;
    const { session, message } = chosen;
    return run({ ...parseSessionArgument(argument), sessionId: session.id, messageId: message.info.id });
  };
}
