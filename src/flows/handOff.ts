import { missingTodos } from '../core/continuation/todoInstruction.ts';
import { BusyProblem, Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { IdSource } from '../core/turns/messageId.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import { type Lineage, withLineage } from '../protocol/lineage.ts';
import { type Relayed, relayedMetadata } from '../protocol/relayed.ts';
import type { ModelReference, Session, Todo } from '../protocol/records.ts';
import { type Delivery, senderOf } from '../core/prompts/delivery.ts';
import { createOnce, insist, type MakingPorts, planMaking } from './makeOnce.ts';
import { type Attempt, type Attempts, mayHaveActed } from './prompting/attempts.ts';
import { type Outgoing, textPrompt } from './prompting/outgoing.ts';
import type { PromptDoor } from './prompting/promptDoor.ts';
import { describeUnfinished, takeBack } from './unfinished.ts';

export interface HandOffPorts extends MakingPorts {
  readonly sessions: MakingPorts['sessions'] & Pick<Sessions, 'title'>;
  readonly openCode: MakingPorts['openCode'] &
    Pick<OpenCode, 'abilities' | 'updateSession' | 'deleteSession' | 'listTodos'>;
  readonly door: Pick<PromptDoor, 'send'>;
  readonly attempts: Attempts;
  readonly ids: IdSource;
  readonly log: Log;
}

export interface HandOffRequest {
  /** Its permission rules are those of the new session, too. */
  readonly source: Pick<Session, 'id' | 'directory' | 'permission'>;
  /** Absent: the server names it by its first prompt. */
  readonly title: string | undefined;
  readonly agent: string;
  readonly model: ModelReference;
  /** Exactly what is sent. */
  readonly text: string;
  /** The open todos that the text asks the agent to write. */
  readonly todos: readonly Todo[];
  /** See `Lineage`. */
  readonly report?: string;
  /** The agent or the automation that wrote it, and how far its chain has come. */
  readonly relayed?: Relayed;
}

export interface HandedOff {
  readonly session: Session;
  readonly delivery: Delivery;
  /** When the first turn is over: the todos that did not arrive in the new session. */
  readonly missingTodos: Promise<readonly Todo[]>;
}

/**
 * Makes the session that goes on and gives it the prompt. If the prompt is refused, the session, in which nothing
 * happened, is deleted again, and the text is still with whoever called. Where nobody knows whether it arrived, the
 * session stays; asked for once more, the same hand off goes on in it.
 */
export async function handOff(ports: HandOffPorts, request: HandOffRequest): Promise<HandedOff> {
  const { session, delivery } = await startSuccessor(ports, request, request.text, (messageId, session) =>
    textPrompt(messageId, request, request.relayed && relayedMetadata(session, request.relayed)),
  );
  const missing = delivery.ended.then(async () => {
    const { openCode } = ports;
    return openCode.abilities.todos ? missingTodos(request.todos, await openCode.listTodos(session.id)) : [];
  });
  // Whoever asks sees the error; nobody has to.
  missing.catch(() => undefined);
  return { session, delivery, missingTodos: missing };
}

/** Runs a slash command in a session of its own, which knows nothing of the source but where it came from. */
export async function runCommandInNewSession(
  ports: HandOffPorts,
  request: Omit<HandOffRequest, 'text' | 'todos'> & { readonly command: string; readonly arguments: string },
): Promise<Session> {
  const { agent, model, command, arguments: given } = request;
  const { session } = await startSuccessor(ports, request, `/${command} ${given}`, (messageId) => ({
    kind: 'command',
    command: { name: command, arguments: given, agent, model, messageId },
  }));
  return session;
}

/** Makes the new session and sends what it begins with; `text` tells this hand off from others. */
async function startSuccessor(
  ports: HandOffPorts,
  request: Pick<HandOffRequest, 'source' | 'title' | 'agent' | 'model' | 'report' | 'relayed'>,
  text: string,
  make: (messageId: string, session: Session) => Outgoing,
): Promise<{ readonly session: Session; readonly delivery: Delivery }> {
  const { source, title, agent, model, relayed } = request;
  const causation = { cause: 'handOff', by: senderOf(relayed), source: { session: source.id } } as const;
  return ports.attempts.runLasting('handOff', source.id, [title, agent, model, text], async (attempt) => {
    const session = await attempt.once('session', () => createSuccessor(ports, request, attempt));
    const outgoing = make(attempt.messageId('prompt'), session);
    try {
      return { session, delivery: await ports.door.send(session, outgoing, causation) };
    } catch (error) {
      if (!mayHaveActed(error) && (await takeBack(ports, session, attempt))) throw describeRefused(error);
      throw describeUnfinished(ports.sessions, session, error);
    }
  });
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
  ports: HandOffPorts,
  {
    source,
    title,
    agent,
    model,
    report,
    relayed,
  }: Pick<HandOffRequest, 'source' | 'title' | 'agent' | 'model' | 'report' | 'relayed'>,
  attempt: Attempt,
): Promise<Session> {
  const { openCode, ids, log } = ports;
  const cause = {
    ...(report === undefined ? {} : { report }),
    ...(relayed?.automation && { automation: relayed.automation }),
  };
  const lineage: Lineage = { kind: 'handoff', from: source.id, time: ids.now(), ...cause };
  const wanted = {
    directory: source.directory,
    ...(title === undefined ? {} : { title }),
    agent,
    model,
    metadata: withLineage(undefined, lineage),
    ...(source.permission === undefined ? {} : { permission: source.permission }),
  };
  const session = await createOnce(ports, wanted, await planMaking(ports, attempt));
  // Copies of it are known by the id, which the server makes; without it, by the time.
  const metadata = withLineage(session.metadata, { ...lineage, of: session.id });
  await insist(ports, () => openCode.updateSession(session.id, { metadata })).catch((error: unknown) => {
    log.warn('The lineage of a session does not name it.', session.id, error);
  });
  return session;
}

function describeRefused(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  return new Problem(l10n.t('The hand off could not be sent. Your draft is unchanged; try again.'), {
    cause,
  });
}
