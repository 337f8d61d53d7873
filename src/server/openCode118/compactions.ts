import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { type Cancellation, orCancelled } from '../../core/cancellation.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import type { Compaction, OpenCode } from '../../core/ports/openCode.ts';
import { isBusy } from '../../core/turns/isBusy.ts';
import { makeMessageId } from '../../core/turns/messageId.ts';
import { withoutReverted } from '../../core/turns/standing.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { MessageWithParts, ModelReference, Session } from '../../protocol/records.ts';
import { partIdOf } from './partId.ts';

type Target = Pick<Session, 'id' | 'directory'>;

/** What a compaction asks of a server; the requests for messages and parts are of 1.18 alone. */
export interface CompactingServer extends Pick<OpenCode, 'listStatuses' | 'listMessages' | 'abortSession'> {
  /** Resolves when the loop ends, which may be minutes; judge by `session.compacted`. */
  summarizeSession(sessionId: string, model: ModelReference): Promise<void>;
  deleteMessage(sessionId: string, messageId: string): Promise<void>;
  /** Adds a text to a message that is there already, for the model only: OpenCode's own clients hide it. Starts nothing. */
  addHiddenText(sessionId: string, messageId: string, part: { id: string; text: string }): Promise<void>;
  deletePart(sessionId: string, messageId: string, partId: string): Promise<void>;
}

export interface CompactionPorts {
  /** The server of the moment; throws `UnavailableProblem` while there is none. */
  readonly server: () => CompactingServer;
  /** All that the server tells, after whoever shows it was told. */
  readonly onDidHear: Event<ServerEvent>;
  /** What must outlive the window. */
  readonly kept: KeptValues;
  readonly log: Log;
  /** Resolves after so many milliseconds; absent: by the clock. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/**
 * What a compaction leaves in a session while it goes on, kept by the window from before its first step to after its last:
 * a server that ends in between keeps a request that would eat the next prompt.
 */
const Trace = z.object({
  sessionId: z.string(),
  directory: z.string(),
  /** The part that the summary is told by. */
  guidance: z.object({ messageId: z.string(), partId: z.string() }).optional(),
});
type Trace = z.infer<typeof Trace>;

const key = 'compactions';
const Traces = z.array(Trace).catch([]);

/** The server writes to a user message once more after idle; one that was deleted before comes back empty. */
const lateWrites = 1000;
/** Milliseconds between two looks at a compaction of which nothing is heard: more each time, up to the last. */
const lookPauses: readonly number[] = [3000, 5000, 10_000, 15_000];
/** Milliseconds between two looks at a session that works, unless it is heard to end. */
const recheck = 500;

/**
 * Compactions as 1.18 does them. The summary reads guidance that is written into an early message; the request for it is a
 * message that stays, and would be answered instead of the next prompt, unless the compaction ends well. So each leaves a
 * trace until what it put into the session is taken out again, also by a later window.
 */
export class Compactions {
  readonly #ports: CompactionPorts;
  readonly #wait: (milliseconds: number) => Promise<void>;

  constructor(ports: CompactionPorts) {
    this.#ports = ports;
    this.#wait = ports.wait ?? ((milliseconds) => delay(milliseconds, undefined, { ref: false }));
  }

  /** See `OpenCode.compactSession`. */
  async compact(session: Session, compaction: Compaction, cancellation?: Cancellation): Promise<void> {
    const run = new Run(session.id, this.#ports.onDidHear);
    try {
      await this.#withTrace(session, compaction, run, () =>
        this.#summarize(session, compaction, run, cancellation),
      );
    } finally {
      run.dispose();
    }
  }

  /** See `OpenCode.brokenCompactions`. */
  broken(): readonly Target[] {
    return this.#traces().map(({ sessionId, directory }) => ({ id: sessionId, directory }));
  }

  /** See `OpenCode.clearUpCompaction`. */
  async clearUp({ id }: Target): Promise<void> {
    // One that was under way has cleared up by itself.
    const trace = this.#traces().find(({ sessionId }) => sessionId === id);
    if (trace === undefined) return;
    const session = { id, directory: trace.directory };
    const run = new Run(id, this.#ports.onDidHear);
    try {
      await this.#erase(trace, async () => {
        await this.#untilIdle(session, run);
        await this.#deleteRequest(session);
      });
    } finally {
      run.dispose();
    }
  }

  async #summarize(
    session: Session,
    { model, messages }: Compaction,
    run: Run,
    cancellation: Cancellation | undefined,
  ): Promise<void> {
    const ended = Promise.withResolvers<void>();
    run.onDidCompact = ended.resolve;
    run.onDidFail = (words) => ended.reject(new Problem(describeFailure(words)));
    // The response comes when the loop ends, or never: what counts is the event. A refusal is told by it alone.
    this.#ports
      .server()
      .summarizeSession(session.id, model)
      .then(ended.resolve, (error: unknown) => {
        if (!(error instanceof Problem && error.mayHaveArrived)) ended.reject(error);
      });
    let isOver = false;
    // Where both were lost, the messages tell.
    this.#untilJudged(session, messages, () => isOver).then(ended.resolve, ended.reject);
    try {
      await orCancelled(ended.promise, cancellation);
    } finally {
      isOver = true;
    }
  }

  /**
   * Looks at the messages until they say how a compaction ended; throws if it is over without a summary. A server that
   * cannot be asked is asked again.
   */
  async #untilJudged(
    session: Session,
    before: readonly MessageWithParts[],
    isOver: () => boolean,
  ): Promise<void> {
    const known = new Set(before.map(({ info }) => info.id));
    let idleLooks = 0;
    for (let look = 0; !isOver(); look++) {
      await this.#wait(lookPauses[Math.min(look, lookPauses.length - 1)] ?? 0);
      if (isOver()) return;
      const server = this.#ports.server();
      try {
        const isWorking = await isBusy(server, session);
        idleLooks = isWorking ? 0 : idleLooks + 1;
        if (!isWorking && (await hasNewSummary(server, session, known))) return;
      } catch (error) {
        this.#ports.log.debug('How a compaction goes cannot be asked.', session.id, error);
      }
      // A request that was just stored runs before the server says so: one look alone is no proof.
      if (idleLooks >= 2) throw new Problem(describeFailure(l10n.t('OpenCode wrote no summary.')));
    }
  }

  /** Lets the summary read the guidance, and takes out again what must not stay, whatever happens. */
  async #withTrace(
    session: Session,
    { guidance, messages }: Compaction,
    run: Run,
    act: () => Promise<void>,
  ): Promise<void> {
    const standing = withoutReverted(messages, session.revert);
    const messageId = guidance === '' ? undefined : findGuidedMessage(standing);
    const partId = partIdOf(makeMessageId({ now: Date.now, random: Math.random }));
    const told = messageId === undefined ? undefined : { messageId, partId };
    const { id: sessionId, directory } = session;
    const trace: Trace = { sessionId, directory, ...(told && { guidance: told }) };
    await this.#keep([...this.#othersThan(sessionId), trace]);
    try {
      if (told !== undefined) {
        const part = { id: told.partId, text: guidance };
        await this.#ports.server().addHiddenText(sessionId, told.messageId, part);
      }
      await act();
    } catch (error) {
      await this.#erase(trace, () => this.#dropRequest(session, run));
      throw error;
    }
    await this.#erase(trace);
  }

  /** Takes the guidance out, and what `before` takes out; the trace stays if the server is gone. */
  async #erase({ sessionId, guidance }: Trace, before?: () => Promise<void>): Promise<void> {
    try {
      await before?.();
      if (guidance) await this.#ports.server().deletePart(sessionId, guidance.messageId, guidance.partId);
    } catch (error) {
      if (!(error instanceof NotFoundProblem)) {
        this.#ports.log.warn('A compaction could not be cleared up yet.', sessionId, error);
        return;
      }
    }
    await this.#keep(this.#othersThan(sessionId));
  }

  /** After a compaction that did not end well: its message would be answered instead of the next prompt. */
  async #dropRequest(session: Session, run: Run): Promise<void> {
    const server = this.#ports.server();
    if (run.isRunning || (await isBusy(server, session))) await server.abortSession(session.id);
    await this.#untilIdle(session, run);
    await this.#wait(lateWrites);
    await this.#deleteRequest(session);
  }

  async #untilIdle(session: Target, run: Run): Promise<void> {
    while (run.isRunning || (await isBusy(this.#ports.server(), session))) {
      await Promise.race([run.nextEnd, this.#wait(recheck)]);
    }
  }

  async #deleteRequest({ id }: Target): Promise<void> {
    const server = this.#ports.server();
    const { messages } = await server.listMessages(id, { limit: 10 });
    for (const { info } of messages.slice(lastAnswerIndex(messages) + 1).filter(isUnfinishedCompaction)) {
      await server.deleteMessage(id, info.id);
    }
  }

  #traces(): readonly Trace[] {
    return Traces.parse(this.#ports.kept.get(key, []));
  }

  #othersThan(sessionId: string): readonly Trace[] {
    return this.#traces().filter((trace) => trace.sessionId !== sessionId);
  }

  async #keep(traces: readonly Trace[]): Promise<void> {
    await this.#ports.kept.update(key, traces);
  }
}

/** What is heard of a session while it is compacted. */
class Run implements Disposable {
  isRunning = false;
  onDidCompact: () => void = () => undefined;
  /** With the server's own words, where it has some. */
  onDidFail: (words: string | undefined) => void = () => undefined;
  #nextEnd = Promise.withResolvers<void>();
  readonly #subscription: Disposable;

  constructor(sessionId: string, onDidHear: Event<ServerEvent>) {
    this.#subscription = onDidHear((event) => {
      if (sessionOf(event) === sessionId) this.#hear(event);
    });
  }

  /** Resolves when a run ends from now on. */
  get nextEnd(): Promise<void> {
    return this.#nextEnd.promise;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #hear(event: ServerEvent): void {
    switch (event.type) {
      case 'session.compacted':
        this.onDidCompact();
        break;
      case 'turn.started':
        this.isRunning = true;
        break;
      case 'turn.ended':
        this.#end(event.properties.outcome);
        break;
      case 'session.deleted':
        this.#end({ kind: 'deleted' });
        break;
      default:
    }
  }

  #end(outcome: Outcome): void {
    this.isRunning = false;
    this.#nextEnd.resolve();
    this.#nextEnd = Promise.withResolvers();
    // Of a compaction that was not seen to end its run the response tells; a settled one was compacted before.
    if (outcome.kind === 'settled' || outcome.kind === 'unseen') return;
    this.onDidFail(outcome.kind === 'failed' ? outcome.error.data.message : undefined);
  }
}

function sessionOf(event: ServerEvent): string | undefined {
  switch (event.type) {
    case 'session.compacted':
    case 'turn.started':
    case 'turn.ended':
      return event.properties.sessionID;
    case 'session.deleted':
      return event.properties.info.id;
    default:
      return undefined;
  }
}

/** The message that the guidance is written into: the first one since the last compaction, which the summary surely reads. */
function findGuidedMessage(messages: readonly MessageWithParts[]): string | undefined {
  const compacted = messages.findLastIndex(({ info }) => info.role === 'assistant' && info.summary === true);
  return messages
    .slice(compacted + 1)
    .find((message) => message.info.role === 'user' && !isCompaction(message))?.info.id;
}

async function hasNewSummary(
  server: CompactingServer,
  { id }: Target,
  known: ReadonlySet<string>,
): Promise<boolean> {
  const { messages } = await server.listMessages(id, { limit: 20 });
  return messages.some(
    ({ info }) =>
      info.role === 'assistant' &&
      info.summary === true &&
      info.error === undefined &&
      info.time.completed !== undefined &&
      !known.has(info.id),
  );
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
