import { type Cancellation, orCancelled, throwIfCancelled } from '../../core/cancellation.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import type { FollowedPrompt, PromptEnding } from '../../core/turns/followedPrompt.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode, Prompt } from '../../core/openCode.ts';
import type { SessionLock } from '../../core/turns/sessionLock.ts';
import { judgePrompt } from '../../core/turns/judgeMessages.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import type { AssistantMessage, MessageWithParts, Session } from '../../protocol/records.ts';

export interface DeliveryPorts {
  readonly openCode: Pick<OpenCode, 'promptSession' | 'getMessage' | 'listMessages' | 'listStatuses'>;
  readonly turns: SettledTurns;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** A prompt that the server is known to hold. */
export interface Delivery {
  readonly messageId: string;
  /** The first message that answers it; undefined if the run ended, or was lost from sight, without one. */
  readonly answering: Promise<AssistantMessage | undefined>;
  /** Resolves when the run that took it is over, also across a broken stream; throws when the server is gone. */
  readonly ended: Promise<PromptEnding>;
}

export type IdentifiedPrompt = Prompt & { readonly messageId: string };

/** How long the server may take until it stores a prompt that it accepted. */
const storeLimit = 10_000;
/** How long after an error a message may still come: a file that cannot be read is told before the message. */
const refusalGrace = 1000;
const readBackLimit = 20;
const recheck = 500;

/**
 * Sends a prompt and makes sure that it arrived. The server answers 204 also when it then does nothing, e.g. for
 * an unknown agent (1.18); that throws a `Problem` with the server's own words.
 */
export async function deliverPrompt(
  ports: DeliveryPorts,
  session: Pick<Session, 'id' | 'directory'>,
  prompt: IdentifiedPrompt,
): Promise<Delivery> {
  const followed = ports.turns.follow(session.id, prompt.messageId);
  try {
    await ports.openCode.promptSession(session.id, prompt);
    await confirmStored(ports, session.id, followed);
  } catch (error) {
    followed.dispose();
    throw error;
  }
  const ended = followToEnd(ports, session, followed);
  // Whoever asks for the end sees the error; nobody has to.
  ended.catch(() => undefined);
  return { messageId: prompt.messageId, answering: followed.answering, ended };
}

/** What became of a prompt that may have been sent earlier, e.g. by a window that is gone; undefined: it never arrived. */
export async function findMessage(
  openCode: Pick<OpenCode, 'getMessage'>,
  sessionId: string,
  messageId: string,
): Promise<MessageWithParts | undefined> {
  try {
    return await openCode.getMessage(sessionId, messageId);
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}

/** Whether the server itself says that the session works, whatever its events told. */
export async function isBusy(
  openCode: Pick<OpenCode, 'listStatuses'>,
  { id, directory }: Pick<Session, 'id' | 'directory'>,
): Promise<boolean> {
  const statuses = await openCode.listStatuses(directory);
  return (statuses[id]?.type ?? 'idle') !== 'idle';
}

/** Waits until the session does not work, by the events and by the server's own list. */
export async function untilIdle(
  ports: Pick<DeliveryPorts, 'turns' | 'wait'> & { readonly openCode: Pick<OpenCode, 'listStatuses'> },
  session: Pick<Session, 'id' | 'directory'>,
  cancellation?: Cancellation,
): Promise<void> {
  const { openCode, turns, wait } = ports;
  await turns.whenSettled(session.id, cancellation);
  while (await isBusy(openCode, session)) {
    // Its start was not heard (yet): until it is, the list is the only word there is.
    await orCancelled(wait(recheck), cancellation);
    await turns.whenSettled(session.id, cancellation);
  }
}

/**
 * Runs `act` while the session does not work and nothing else of this window sends to it. Throws `CancelledError`
 * when cancelled before it began.
 */
export async function whenIdle<T>(
  ports: Pick<DeliveryPorts, 'turns' | 'wait'> & {
    readonly openCode: Pick<OpenCode, 'listStatuses'>;
    readonly lock: SessionLock;
  },
  session: Pick<Session, 'id' | 'directory'>,
  act: () => Promise<T>,
  cancellation?: Cancellation,
): Promise<T> {
  const { openCode, turns, lock } = ports;
  for (;;) {
    await untilIdle(ports, session, cancellation);
    const done = await lock.hold(session.id, async () => {
      throwIfCancelled(cancellation);
      // What held it before may have begun a turn, which is not waited for in here.
      const isWorking = turns.isRunning(session.id) || (await isBusy(openCode, session));
      return isWorking ? undefined : { value: await act() };
    });
    if (done !== undefined) return done.value;
  }
}

async function confirmStored(
  { openCode, wait }: DeliveryPorts,
  sessionId: string,
  followed: FollowedPrompt,
): Promise<void> {
  const stored = followed.stored.then(() => 'stored' as const);
  const refused = followed.refused.then(async (error) => {
    await wait(refusalGrace);
    return error;
  });
  const first = await Promise.race([stored, refused, followed.ended, wait(storeLimit)]);
  if (first === 'stored') return;
  if ((await findMessage(openCode, sessionId, followed.messageId)) !== undefined) return followed.confirm();
  const words = first !== undefined && 'name' in first ? first.data.message : undefined;
  throw new Problem(
    words === undefined
      ? l10n.t('OpenCode took the prompt and then did nothing with it. It was not sent; try again.')
      : l10n.t('OpenCode refused the prompt: {0}', words),
  );
}

async function followToEnd(
  ports: DeliveryPorts,
  session: Pick<Session, 'id' | 'directory'>,
  first: FollowedPrompt,
): Promise<PromptEnding> {
  let followed = first;
  for (;;) {
    const ending = await followed.ended;
    followed.dispose();
    if (ending.kind !== 'unseen') return ending;
    followed = ports.turns.follow(session.id, first.messageId);
    followed.confirm();
    const read = await readEnding(ports.openCode, session, first.messageId).catch((error: unknown) => {
      followed.dispose();
      throw error;
    });
    if (read !== undefined) {
      followed.dispose();
      return read;
    }
  }
}

/** What the messages say about the end of a prompt; undefined while the session still works. */
async function readEnding(
  openCode: DeliveryPorts['openCode'],
  session: Pick<Session, 'id' | 'directory'>,
  messageId: string,
): Promise<PromptEnding | undefined> {
  if (await isBusy(openCode, session)) return undefined;
  const { messages } = await openCode.listMessages(session.id, { limit: readBackLimit });
  return judgePrompt(messages, messageId);
}
