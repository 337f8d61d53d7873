import { type Cancellation, orCancelled } from '../core/cancellation.ts';
import { type CompactionLoss, compareAfterCompaction } from '../core/continuation/compactionCheck.ts';
import { lastSummary } from '../core/continuation/conversation.ts';
import { filesTouched } from '../core/continuation/filesTouched.ts';
import { NotFoundProblem, Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import { type IdSource, makeMessageId, partIdOf } from '../core/turns/messageId.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { CompactionTrace, CompactionTraces } from '../core/turns/compactionTrace.ts';
import type { Held, SessionLock } from '../core/turns/sessionLock.ts';
import { loadMessagesBack } from '../core/transcript/messagesBack.ts';
import { withoutReverted } from '../core/turns/standing.ts';
import type { MessageWithParts, ModelReference, Session, Todo } from '../protocol/records.ts';
import type { Delivery } from '../core/prompts/delivery.ts';
import type { Attempt, Attempts } from './prompting/attempts.ts';
import { textPrompt } from './prompting/outgoing.ts';
import type { PromptDoor } from './prompting/promptDoor.ts';
import { isBusy } from '../core/turns/isBusy.ts';
import { type IdlePorts, untilIdle, whenIdle, type WhenIdlePorts } from './prompting/whenIdle.ts';
import { describeUnfollowed } from './unfinished.ts';

export interface ClearUpPorts extends IdlePorts {
  readonly openCode: Pick<OpenCode, 'listStatuses' | 'listMessages' | 'deleteMessage' | 'deletePart'>;
  readonly lock: SessionLock;
  readonly traces: CompactionTraces;
  readonly log: Log;
}

export interface CompactPorts extends ClearUpPorts, Pick<WhenIdlePorts, 'deliveries'> {
  readonly door: Pick<PromptDoor, 'send'>;
  readonly attempts: Attempts;
  readonly openCode: ClearUpPorts['openCode'] &
    Pick<OpenCode, 'summarizeSession' | 'abortSession' | 'listTodos' | 'addHiddenText'>;
  /** Keeps a copy of the session before it is compacted; undefined where none is wanted. */
  readonly exportSession:
    | ((session: Session, messages: readonly MessageWithParts[]) => Promise<void>)
    | undefined;
  readonly onProgress: (step: CompactStep) => void;
  readonly ids: IdSource;
}

export type CompactStep = 'waiting' | 'exporting' | 'summarizing' | 'continuing';

export interface CompactRequest {
  readonly session: Session;
  /** The model that writes the summary. */
  readonly model: ModelReference;
  /** What the summary is told (`buildCompactGuidance`); empty: nothing. */
  readonly guidance: string;
  /** What goes on afterwards; absent: nothing. */
  readonly continuation?: { readonly agent: string; readonly model: ModelReference; readonly text: string };
}

export interface Compacted {
  readonly summary: string;
  /** What was named before and is missing from the summary. */
  readonly loss: CompactionLoss;
  readonly delivery: Delivery | undefined;
}

/** The server writes to a user message once more after idle; one that was deleted before comes back empty (1.18). */
const lateWrites = 1000;

/**
 * Compacts a session and goes on. Between the request and `session.compacted` nothing is prompted, because the
 * server would swallow it, and a compaction that failed leaves no message behind that would eat the next prompt
 * (1.18). Throws `CancelledError` when cancelled; the session is then as it was.
 */
export async function compactAndContinue(
  ports: CompactPorts,
  request: CompactRequest,
  cancellation?: Cancellation,
): Promise<Compacted> {
  const { session, model, guidance, continuation } = request;
  ports.onProgress('waiting');
  return ports.attempts.runLasting('compaction', session.id, [model, guidance, continuation], (attempt) =>
    whenIdle(
      ports,
      session,
      l10n.t('The session is being compacted.'),
      (held) => compact(ports, request, { attempt, held, cancellation }),
      cancellation,
    ),
  );
}

interface CompactRun {
  readonly attempt: Attempt;
  readonly held: Held;
  readonly cancellation: Cancellation | undefined;
}

async function compact(ports: CompactPorts, request: CompactRequest, run: CompactRun): Promise<Compacted> {
  const { openCode, onProgress } = ports;
  const { session } = request;
  // Once compacted is enough, also where it is not known whether what comes next arrived.
  const known = await run.attempt.once('compacted', async () => {
    const [before, open] = await Promise.all([
      loadMessagesBack(openCode, session.id, () => false),
      openCode.listTodos(session.id),
    ]);
    // What was reverted goes with the request (1.18); the copy alone keeps it.
    const standing = withoutReverted(before, session.revert);
    assertCompactable(standing);
    onProgress('exporting');
    await ports.exportSession?.(session, before);
    onProgress('summarizing');
    await withTrace(ports, request, standing, () => summarize(ports, request, before, run.cancellation));
    return { todos: open, files: filesTouched(standing, session.directory) };
  });
  onProgress('continuing');
  const delivery = await goOn(ports, request, run);
  return { ...(await check(ports, session, known)), delivery };
}

/** The message that the guidance is written into: the first one since the last compaction, which the summary surely reads. */
export function findGuidedMessage(messages: readonly MessageWithParts[]): string | undefined {
  const compacted = messages.findLastIndex(({ info }) => info.role === 'assistant' && info.summary === true);
  return messages
    .slice(compacted + 1)
    .find((message) => message.info.role === 'user' && !isCompaction(message))?.info.id;
}

async function summarize(
  ports: CompactPorts,
  { session, model }: CompactRequest,
  before: readonly MessageWithParts[],
  cancellation: Cancellation | undefined,
): Promise<void> {
  const { openCode, turns } = ports;
  const ended = Promise.withResolvers<void>();
  let isOver = false;
  const subscriptions = [
    turns.onDidCompact(({ sessionId }) => sessionId === session.id && ended.resolve()),
    turns.onDidSettle(({ sessionId, outcome }) => {
      // Of a compaction that was not seen to end its run the response tells; a settled one was compacted before.
      if (sessionId !== session.id || outcome.kind === 'settled' || outcome.kind === 'unseen') return;
      ended.reject(
        new Problem(describeFailure(outcome.kind === 'failed' ? outcome.error.data.message : undefined)),
      );
    }),
  ];
  // The response comes when the loop ends, or never: what counts is the event. A refusal is told by it alone.
  openCode.summarizeSession(session.id, model).then(ended.resolve, (error: unknown) => {
    if (!(error instanceof Problem && error.mayHaveArrived)) ended.reject(error);
  });
  // Where both were lost, the messages tell.
  untilJudged(ports, session, before, () => isOver).then(ended.resolve, ended.reject);
  try {
    await orCancelled(ended.promise, cancellation);
  } finally {
    isOver = true;
    for (const subscription of subscriptions) subscription.dispose();
  }
}

/** Milliseconds between two looks at a compaction of which nothing is heard: more each time, up to the last. */
const lookPauses: readonly number[] = [3000, 5000, 10_000, 15_000];

/**
 * Looks at the messages until they say how a compaction ended; throws if it is over without a summary. A server that
 * cannot be asked is asked again.
 */
async function untilJudged(
  ports: CompactPorts,
  session: Session,
  before: readonly MessageWithParts[],
  isOver: () => boolean,
): Promise<void> {
  const known = new Set(before.map(({ info }) => info.id));
  let idleLooks = 0;
  for (let look = 0; !isOver(); look++) {
    await ports.wait(lookPauses[Math.min(look, lookPauses.length - 1)] ?? 0);
    if (isOver()) return;
    try {
      const isWorking = await isBusy(ports.openCode, session);
      idleLooks = isWorking ? 0 : idleLooks + 1;
      if (!isWorking && (await hasNewSummary(ports.openCode, session, known))) return;
    } catch (error) {
      ports.log.debug('How a compaction goes cannot be asked.', session.id, error);
    }
    // A request that was just stored runs before the server says so: one look alone is no proof.
    if (idleLooks >= 2) throw new Problem(describeFailure(l10n.t('OpenCode wrote no summary.')));
  }
}

async function hasNewSummary(
  openCode: CompactPorts['openCode'],
  { id }: Session,
  known: ReadonlySet<string>,
): Promise<boolean> {
  const { messages } = await openCode.listMessages(id, { limit: 20 });
  return messages.some(
    ({ info }) =>
      info.role === 'assistant' &&
      info.summary === true &&
      info.error === undefined &&
      info.time.completed !== undefined &&
      !known.has(info.id),
  );
}

/** Lets the summary read the guidance, and takes out again what must not stay, whatever happens. */
async function withTrace(
  ports: CompactPorts,
  { session, guidance }: CompactRequest,
  messages: readonly MessageWithParts[],
  act: () => Promise<void>,
): Promise<void> {
  const { openCode, ids, traces } = ports;
  const messageId = guidance === '' ? undefined : findGuidedMessage(messages);
  const told = messageId && { messageId, partId: partIdOf(makeMessageId(ids)) };
  const trace: CompactionTrace = {
    sessionId: session.id,
    directory: session.directory,
    ...(told && { guidance: told }),
  };
  await traces.keep(trace);
  try {
    if (told) await openCode.addHiddenText(session.id, told.messageId, { id: told.partId, text: guidance });
    await act();
  } catch (error) {
    await erase(ports, trace, () => dropRequest(ports, session));
    throw error;
  }
  await erase(ports, trace);
}

/**
 * Clears up after compactions that broke off because the server or the window ended; to be called whenever there
 * is a server again. Until it is done, nothing else of this window sends to those sessions.
 */
export async function clearUpCompactions(ports: ClearUpPorts): Promise<void> {
  await Promise.all(
    ports.traces.all().map(({ sessionId }) =>
      ports.lock.hold(sessionId, l10n.t('A compaction that broke off is being cleared up.'), async () => {
        // One that was under way has cleared up by itself.
        const trace = ports.traces.all().find((left) => left.sessionId === sessionId);
        if (trace === undefined) return;
        const session = { id: sessionId, directory: trace.directory };
        await erase(ports, trace, async () => {
          await untilIdle(ports, session);
          await deleteRequest(ports, session);
        });
      }),
    ),
  );
}

/** Takes the guidance out, and what `before` takes out; the trace stays if the server is gone. */
async function erase(
  { openCode, traces, log }: ClearUpPorts,
  { sessionId, guidance }: CompactionTrace,
  before?: () => Promise<void>,
): Promise<void> {
  try {
    await before?.();
    if (guidance) await openCode.deletePart(sessionId, guidance.messageId, guidance.partId);
    await traces.forget(sessionId);
  } catch (error) {
    if (error instanceof NotFoundProblem) await traces.forget(sessionId);
    else log.warn('A compaction could not be cleared up yet.', sessionId, error);
  }
}

/** After a compaction that did not end well: its message would be answered instead of the next prompt. */
async function dropRequest(ports: CompactPorts, session: Session): Promise<void> {
  const { openCode, turns } = ports;
  if (turns.isRunning(session.id)) await openCode.abortSession(session.id);
  await untilIdle(ports, session);
  await ports.wait(lateWrites);
  await deleteRequest(ports, session);
}

async function deleteRequest({ openCode }: ClearUpPorts, session: Pick<Session, 'id'>): Promise<void> {
  const { messages } = await openCode.listMessages(session.id, { limit: 10 });
  for (const { info } of messages.slice(lastAnswerIndex(messages) + 1).filter(isUnfinishedCompaction)) {
    await openCode.deleteMessage(session.id, info.id);
  }
}

async function goOn(
  ports: CompactPorts,
  { session, continuation }: CompactRequest,
  { attempt, held }: CompactRun,
): Promise<Delivery | undefined> {
  if (continuation === undefined) return undefined;
  const outgoing = textPrompt(attempt.messageId('prompt'), continuation);
  try {
    return await ports.door.send(session, outgoing, 'compaction', held);
  } catch (error) {
    throw error instanceof Problem ? describeUnfollowed(session, error) : error;
  }
}

async function check(
  { openCode, log }: CompactPorts,
  session: Session,
  known: { readonly todos: readonly Todo[]; readonly files: readonly string[] },
): Promise<Pick<Compacted, 'summary' | 'loss'>> {
  try {
    const { messages } = await openCode.listMessages(session.id, { limit: 20 });
    const summary = lastSummary(messages) ?? '';
    return { summary, loss: compareAfterCompaction(known, summary) };
  } catch (error) {
    // What was done is done, also if it cannot be looked at.
    log.warn('A compaction could not be checked.', session.id, error);
    return { summary: '', loss: { todos: [], files: [] } };
  }
}

function assertCompactable(messages: readonly MessageWithParts[]): void {
  if (messages.some(({ info }) => info.role === 'assistant')) return;
  throw new Problem(l10n.t('There is nothing to compact yet: nobody has answered in this session.'));
}

function isCompaction({ info, parts }: MessageWithParts): boolean {
  return info.role === 'user' && parts.length > 0 && parts.every(({ type }) => type === 'compaction');
}

/** The request of a compaction, or the summary that it broke off. */
function isUnfinishedCompaction(message: MessageWithParts): boolean {
  return isCompaction(message) || (message.info.role === 'assistant' && message.info.summary === true);
}

function lastAnswerIndex(messages: readonly MessageWithParts[]): number {
  return messages.findLastIndex(
    ({ info }) => info.role === 'assistant' && info.error === undefined && info.time.completed !== undefined,
  );
}

function describeFailure(words: string | undefined): string {
  return words === undefined
    ? l10n.t('The compaction was stopped. The session is as it was.')
    : l10n.t('The session could not be compacted: {0}', words);
}
