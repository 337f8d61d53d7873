import type { Dialogs } from '../../core/ports/dialogs.ts';
import { l10n } from '../../core/l10n.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { resolveTarget, type ResolveTargetDeps } from '../../flows/preparing/target.ts';
import { forkAndOpen, type MakeForkDeps } from './sendFork.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import { nextForkTitle } from '../../flows/preparing/forkTitles.ts';

export interface ForkSessionDeps extends ChooseSessionDeps, ResolveTargetDeps, MakeForkDeps {
  readonly sessions: ChooseSessionDeps['sessions'] & ResolveTargetDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & ResolveTargetDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'inform'>;
}

/** Forks a session, whole or up to a message, and opens the fork; a given text is sent to it as it is. */
export function forkSession(deps: ForkSessionDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const source = await chooseSession(deps, argument, {
      title: l10n.t('Fork Session Here'),
      none: l10n.t('There is no session to fork.'),
    });
    if (source === undefined) return undefined;
    const { text, messageId, title = nextForkTitle(deps.sessions, source) } = given;
    const wish =
      text === undefined
        ? { title }
        : { title, prompt: { ...(await resolveTarget(deps, source, given)), text } };
    return forkAndOpen(deps, source, messageId, wish);
  };
}
