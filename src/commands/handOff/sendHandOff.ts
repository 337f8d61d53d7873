import type { Draft } from '../../core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../core/continuation/drafts/draftOrder.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import { handoffTitle } from '../../core/continuation/handoffTitle.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { asksForTodos } from '../../core/continuation/todoInstruction.ts';
import { l10n } from '../../core/l10n.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session, Todo } from '../../protocol/records.ts';
import { resolveDraftTarget } from '../../flows/preparing/draftTarget.ts';
import type { ResolveTargetDeps } from '../../flows/preparing/target.ts';

export type HandOffOrder = Extract<DraftOrder, { verb: 'handOff' }>;

export interface SendHandOffDeps extends ResolveTargetDeps {
  readonly sessions: ResolveTargetDeps['sessions'] & Pick<Sessions, 'title'>;
  readonly handOff: (
    request: PromptTarget & {
      readonly source: Session;
      readonly title: string;
      readonly text: string;
      readonly todos: readonly Todo[];
    },
  ) => Promise<{ readonly session: Session; readonly missingTodos: Promise<readonly Todo[]> }>;
  readonly openTranscript: (sessionId: string, how: 'pinned') => void;
  readonly notify: Notify;
}

/** Makes the session that goes on, gives it the text of the draft and opens it. */
export async function sendHandOff(
  deps: SendHandOffDeps,
  source: Session,
  order: HandOffOrder,
  draft: Draft,
): Promise<string> {
  const target = await resolveDraftTarget(deps, source, draft);
  const text = sentText(order, draft.body);
  const title = draft.title ?? handoffTitle(source.title, text);
  const { session, missingTodos } = await deps.handOff({
    ...target,
    source,
    title,
    text,
    // What a person took out of the draft is not missed later.
    todos: asksForTodos(text) ? order.todos : [],
  });
  deps.openTranscript(session.id, 'pinned');
  deps.notify({
    message: l10n.t('“{0}” was handed off to {1}.', deps.sessions.title(source), target.agent),
    actions: [
      {
        title: l10n.t('Undo'),
        command: 'opencodeSessions.session.undoHandOff',
        arguments: [session.id],
      },
    ],
  });
  void tellMissing(deps, session, missingTodos);
  return session.id;
}

/** Todos come into a session by its agent alone, which may have thought otherwise. */
async function tellMissing(
  { sessions, notify }: Pick<SendHandOffDeps, 'sessions' | 'notify'>,
  session: Session,
  missingTodos: Promise<readonly Todo[]>,
): Promise<void> {
  // Without an end of the first turn there is nothing to say about its todos.
  const missing = await missingTodos.catch(() => []);
  if (missing.length === 0) return;
  notify({
    severity: 'warning',
    message: l10n.t(
      '{0} of the todos did not arrive in “{1}”: {2}',
      missing.length,
      sessions.title(session),
      missing.map(({ content }) => content).join(', '),
    ),
    actions: [
      { title: l10n.t('Open Session'), command: 'opencodeSessions.session.open', arguments: [session.id] },
    ],
  });
}
