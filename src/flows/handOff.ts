import { missingTodos } from '../core/continuation/todoInstruction.ts';
import { BusyProblem, Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import { type IdSource, makeMessageId } from '../core/turns/messageId.ts';
import type { OpenCode } from '../core/openCode.ts';
import { type Lineage, withLineage } from '../protocol/lineage.ts';
import type { ModelReference, Session, Todo } from '../protocol/records.ts';
import { type Delivery, type DeliveryPorts, deliverPrompt } from './prompting/promptDelivery.ts';

export interface HandOffPorts extends DeliveryPorts {
  readonly openCode: DeliveryPorts['openCode'] &
    Pick<OpenCode, 'createSession' | 'deleteSession' | 'listTodos' | 'runCommand'>;
  readonly ids: IdSource;
  readonly log: Log;
}

export interface HandOffRequest {
  readonly source: Pick<Session, 'id' | 'directory'>;
  readonly title: string;
  readonly agent: string;
  readonly model: ModelReference;
  /** Exactly what is sent. */
  readonly text: string;
  /** The open todos that the text asks the agent to write. */
  readonly todos: readonly Todo[];
}

export interface HandedOff {
  readonly session: Session;
  readonly delivery: Delivery;
  /** When the first turn is over: the todos that did not arrive in the new session. */
  readonly missingTodos: Promise<readonly Todo[]>;
}

/**
 * Makes the session that goes on and gives it the prompt. If the prompt does not arrive, the session, in which
 * nothing happened, is deleted again, and the text is still with whoever called.
 */
export async function handOff(ports: HandOffPorts, request: HandOffRequest): Promise<HandedOff> {
  const { agent, model, text } = request;
  const session = await createSuccessor(ports, request);
  const delivery = await orDeleteEmpty(ports, session, () =>
    deliverPrompt(ports, session, {
      messageId: makeMessageId(ports.ids),
      agent,
      model,
      parts: [{ type: 'text', text }],
    }),
  );
  const missing = delivery.ended.then(async () =>
    missingTodos(request.todos, await ports.openCode.listTodos(session.id)),
  );
  // Whoever asks sees the error; nobody has to.
  missing.catch(() => undefined);
  return { session, delivery, missingTodos: missing };
}

/** Runs a slash command in a session of its own, which knows nothing of the source but where it came from. */
export async function runCommandInNewSession(
  ports: HandOffPorts,
  request: Omit<HandOffRequest, 'text' | 'todos'> & { readonly command: string; readonly arguments: string },
): Promise<Session> {
  const { agent, model, command } = request;
  const session = await createSuccessor(ports, request);
  const messageId = makeMessageId(ports.ids);
  const call = { name: command, arguments: request.arguments, agent, model, messageId };
  await orDeleteEmpty(ports, session, () => startCommand(ports, session.id, call));
  return session;
}

/** The server answers when the command's whole turn is over; it has begun when its message is there. */
async function startCommand(
  { openCode, turns }: HandOffPorts,
  sessionId: string,
  call: Parameters<OpenCode['runCommand']>[1] & { readonly messageId: string },
): Promise<void> {
  const followed = turns.follow(sessionId, call.messageId);
  try {
    await Promise.race([followed.stored, openCode.runCommand(sessionId, call)]);
  } finally {
    followed.dispose();
  }
}

/**
 * Whether a hand off can be taken back: nothing but its own prompt was said, and no file was changed.
 * Throws a `Problem` that says why not.
 */
export async function assertUndoable(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
): Promise<void> {
  const { messages } = await openCode.listMessages(sessionId, { limit: 200 });
  const prompts = messages.filter(({ info }) => info.role === 'user');
  const changed = messages.some(({ parts }) => parts.some(({ type }) => type === 'patch'));
  if (prompts.length <= 1 && !changed) return;
  throw new BusyProblem(
    l10n.t(
      'Work has been done in the new session, so the hand off is not undone. Archive it yourself if you want to.',
    ),
  );
}

async function createSuccessor(
  { openCode, ids }: HandOffPorts,
  { source, title, agent, model }: Pick<HandOffRequest, 'source' | 'title' | 'agent' | 'model'>,
): Promise<Session> {
  const lineage: Lineage = { kind: 'handoff', from: source.id, time: ids.now() };
  return openCode.createSession({
    directory: source.directory,
    title,
    agent,
    model,
    metadata: withLineage(undefined, lineage),
  });
}

async function orDeleteEmpty<T>(
  { openCode, log }: HandOffPorts,
  session: Session,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    await openCode.deleteSession(session.id).catch((error: unknown) => {
      log.warn('Empty session of a hand off could not be deleted.', session.id, error);
    });
    if (cause instanceof Problem) throw cause;
    throw new Problem(l10n.t('The hand off could not be sent. Your draft is unchanged; try again.'), {
      cause,
    });
  }
}
