import type { Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Notify } from '../core/notify.ts';
import type { Remedy } from '../core/errors.ts';
import { describePermission } from '../core/transcript/permissionText.ts';
import { subagentParents } from '../core/sessions/attention.ts';
import { titleOf } from '../core/sessions/sessionRow.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { PermissionRequest, QuestionRequest } from '../protocol/records.ts';

export interface RequestNotificationsPorts {
  readonly sessions: Pick<Sessions, 'get' | 'permissions' | 'questions' | 'onDidChange'>;
  /** Whether the session's transcript is before the user, who then sees the request there. */
  readonly isVisible: (sessionId: string) => boolean;
  readonly isWanted: () => boolean;
  readonly notify: Notify;
}

/**
 * Tells of each request for a permission or an answer once, from a session of any depth, with the answers
 * as buttons. A button pressed too late gets a sentence: the editor cannot take a notification back.
 */
export class RequestNotifications implements Disposable {
  readonly #ports: RequestNotificationsPorts;
  readonly #subscription: Disposable;
  readonly #told = new Set<string>();

  constructor(ports: RequestNotificationsPorts) {
    this.#ports = ports;
    this.#subscription = ports.sessions.onDidChange(({ sessionIds }) => this.#look(sessionIds));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #look(sessionIds: ReadonlySet<string>): void {
    for (const sessionId of sessionIds) {
      for (const request of this.#ports.sessions.permissions(sessionId)) {
        this.#tell(request, () => describePermission(request), permissionActions(request));
      }
      for (const request of this.#ports.sessions.questions(sessionId)) {
        this.#tell(request, () => describeQuestions(request), questionActions(request));
      }
    }
  }

  #tell(
    request: { readonly id: string; readonly sessionID: string },
    describe: () => string,
    actions: readonly Remedy[],
  ): void {
    if (this.#told.has(request.id)) return;
    this.#told.add(request.id);
    const { sessions, isVisible, isWanted, notify } = this.#ports;
    const chain = [request.sessionID, ...subagentParents(sessions, request.sessionID)];
    if (!isWanted() || chain.some(isVisible)) return;
    const session = sessions.get(chain.at(-1) ?? request.sessionID);
    const title = session === undefined ? request.sessionID : titleOf(session);
    notify({ message: l10n.t('{0}: {1}', title, describe()), actions });
  }
}

function permissionActions({ id, sessionID, always }: PermissionRequest): readonly Remedy[] {
  const answer = (title: string, reply: 'once' | 'always' | 'reject'): Remedy => ({
    title,
    command: 'opencodeSessions.session.answer',
    arguments: [{ sessionId: sessionID, requestId: id, reply }],
  });
  return [
    answer(l10n.t('Allow Once'), 'once'),
    ...(always.length > 0 ? [answer(l10n.t('Always Allow'), 'always')] : []),
    answer(l10n.t('Reject'), 'reject'),
    openAction(sessionID),
  ];
}

function questionActions({ id, sessionID }: QuestionRequest): readonly Remedy[] {
  return [
    {
      title: l10n.t('Answer…'),
      command: 'opencodeSessions.session.answer',
      arguments: [{ sessionId: sessionID, requestId: id }],
    },
    openAction(sessionID),
  ];
}

function openAction(sessionId: string): Remedy {
  return {
    title: l10n.t('Go to Session'),
    command: 'opencodeSessions.session.open',
    arguments: [{ sessionId }],
  };
}

function describeQuestions({ questions }: QuestionRequest): string {
  const [first] = questions;
  if (first === undefined) return l10n.t('has a question');
  return questions.length === 1
    ? first.question
    : l10n.t('{0} (and {1} more)', first.question, questions.length - 1);
}
