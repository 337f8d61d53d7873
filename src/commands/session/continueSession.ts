import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { continueSheet, type Way } from '../../core/rows/continueSheet.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { TodoStore } from '../../core/todos/todoStore.ts';
import type { ContextUse } from '../../core/sessions/usage.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface ContinueSessionDeps extends ChooseSessionDeps {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title' | 'firstPrompt'>;
  readonly todos: Pick<TodoStore, 'get'>;
  /** How full the context of a session is, where that can be known. */
  readonly findContextUse: (session: Session) => Promise<ContextUse | undefined>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'pickOne'>;
  readonly ways: Readonly<Record<Way, Command>>;
}

/** Offers the ways in which a session can go on, and takes the one that the person picks. */
export function continueSession(deps: ContinueSessionDeps): Command {
  return async (argument) => {
    const { sessions, todos, dialogs, ways } = deps;
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Continue Session'),
      none: l10n.t('There is no session to continue. Start one with “New Session…”.'),
    });
    if (session === undefined) return undefined;
    if (sessions.firstPrompt(session.id) === '') throw isEmpty(session, sessions.title(session));
    const context = await deps.findContextUse(session);
    const openTodos = todos
      .get(session.id)
      ?.filter(({ status }) => status === 'pending' || status === 'in_progress').length;
    const way = await dialogs.pickOne(
      l10n.t('Continue “{0}”', sessions.title(session)),
      continueSheet({ context, openTodos }),
    );
    return way === undefined ? undefined : ways[way]({ sessionId: session.id });
  };
}

function isEmpty({ id }: Session, title: string): Problem {
  return new Problem(
    l10n.t('“{0}” is empty: there is nothing to go on from before its first prompt.', title),
    {
      remedy: {
        title: l10n.t('Open Session'),
        command: 'opencodeSessions.session.open',
        arguments: [id],
      },
    },
  );
}
