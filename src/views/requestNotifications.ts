import type { Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { Remedy } from '../core/errors.ts';
import type { AskedCall, AskedCalls } from '../core/requests/askedCalls.ts';
import { describePermission } from '../core/requests/permissionText.ts';
import { nameQuestions } from '../core/requests/questionText.ts';
import { subagentParents } from '../core/sessions/attention.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { PermissionRequest, QuestionRequest } from '../protocol/records.ts';

export interface RequestNotificationsPorts {
  readonly sessions: Pick<Sessions, 'get' | 'title' | 'permissions' | 'questions' | 'onDidChange'>;
  readonly calls: Pick<AskedCalls, 'of' | 'onDidChange'>;
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
  readonly #subscriptions: readonly Disposable[];
  readonly #told = new Set<string>();

  constructor(ports: RequestNotificationsPorts) {
    this.#ports = ports;
    this.#subscriptions = [
      ports.sessions.onDidChange(({ sessionIds }) => this.#look(sessionIds)),
      ports.calls.onDidChange(({ sessionId }) => this.#look(new Set([sessionId]))),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #look(sessionIds: ReadonlySet<string>): void {
    for (const sessionId of sessionIds) {
      const directory = this.#ports.sessions.get(sessionId)?.directory;
      for (const request of this.#ports.sessions.permissions(sessionId)) {
        const call = this.#ports.calls.of(request);
        // What is told cannot be changed: it waits until the call was looked for.
        if (call.kind !== 'loading') this.#tell(request, () => tellPermission(request, call, directory));
      }
      for (const request of this.#ports.sessions.questions(sessionId)) {
        this.#tell(request, () => tellQuestions(request));
      }
    }
  }

  #tell(request: { readonly id: string; readonly sessionID: string }, tell: () => Told): void {
    if (this.#told.has(request.id)) return;
    this.#told.add(request.id);
    const { sessions, isVisible, isWanted, notify } = this.#ports;
    const chain = [request.sessionID, ...subagentParents(sessions, request.sessionID)];
    if (!isWanted() || chain.some(isVisible)) return;
    const session = sessions.get(chain.at(-1) ?? request.sessionID);
    const title = session === undefined ? request.sessionID : sessions.title(session);
    const { words, actions } = tell();
    notify({ message: l10n.t('{0}: {1}', title, words), actions });
  }
}

interface Told {
  readonly words: string;
  readonly actions: readonly Remedy[];
}

/** What is not all shown is not allowed from here; for good nothing is: there is no room to say what that covers. */
function tellPermission(request: PermissionRequest, call: AskedCall, directory: string | undefined): Told {
  const { text, isWhole } = describePermission(request, call, directory);
  const { id, sessionID } = request;
  const answer = (title: string, reply: 'once' | 'reject'): Remedy => ({
    title,
    command: 'opencodeSessions.session.answer',
    arguments: [{ sessionId: sessionID, requestId: id, reply }],
  });
  const review = openAction(l10n.t('Review…'), sessionID);
  const reject = answer(l10n.t('Reject'), 'reject');
  return {
    words: text,
    actions: isWhole ? [answer(l10n.t('Allow Once'), 'once'), reject, review] : [review, reject],
  };
}

function tellQuestions(request: QuestionRequest): Told {
  const { id, sessionID } = request;
  return {
    words: nameQuestions(request),
    actions: [
      {
        title: l10n.t('Answer…'),
        command: 'opencodeSessions.session.answer',
        arguments: [{ sessionId: sessionID, requestId: id }],
      },
      openAction(l10n.t('Go to Session'), sessionID),
    ],
  };
}

function openAction(title: string, sessionId: string): Remedy {
  return { title, command: 'opencodeSessions.session.open', arguments: [{ sessionId }] };
}
