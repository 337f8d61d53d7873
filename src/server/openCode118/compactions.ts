import * as z from 'zod';
import { type Cancellation, orCancelled } from '../../core/cancellation.ts';
import { runErrorWords } from '../../core/errorWords.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Compaction, OpenCode } from '../../core/ports/openCode.ts';
import { isBusy } from '../../core/turns/isBusy.ts';
import { makeMessageId } from '../../core/turns/messageId.ts';
import { withoutReverted } from '../../core/turns/standing.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { MessageWithParts, ModelReference, Session } from '../../protocol/records.ts';
import type { DialectPorts } from '../dialect/dialect.ts';
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

export interface CompactionPorts extends Pick<DialectPorts, 'kept' | 'wait' | 'log'> {
  /** The server of the moment; throws `UnavailableProblem` while there is none. */
  readonly server: () => CompactingServer;
  /** All that the server tells, after whoever shows it was told. */
  readonly onDidHear: Event<ServerEvent>;
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
  /** When it was begun, in milliseconds since 1970. */
  time: z.number().optional(),
});
type Trace = z.infer<typeof Trace>;

const key = 'compactions';
const Traces = z.array(Trace).catch([]);

/** The server writes to a user message once more after idle; one that was deleted before comes back empty. */
const lateWrites = 1000;
/** So often in a row a session must be at rest: a request that was just stored runs before the server says so. */
const quietLooks = 2;
/** Milliseconds between two looks at what nothing is heard of: more each time, up to the last. */
const lookPauses: readonly number[] = [3000, 5000, 10_000, 15_000];
/** The same of a session that works, unless it is heard to end. */
const restPauses: readonly number[] = [500, 500, 1000, 2000, ...lookPauses];
/** The same of a connection that is away. */
const livePause = 250;
/** Another server may be asked by now, so a session that it does not have is forgotten only after so many milliseconds. */
const forgottenAfter = 7 * 24 * 3_600_000;

/**
 * Compactions as 1.18 does them. The summary reads guidance that is written into an early message; the request for it is a
 * message that stays, and would be answered instead of the next prompt, unless the compaction ends well. So each leaves a
 * trace until what it put into the session is taken out again, also by a later window.
 *
 * Events say soonest how it goes; as one may fall into a break of the stream, the server's own lists decide.
 */
export class Compactions {
  readonly #ports: CompactionPorts;

  constructor(ports: CompactionPorts) {
    this.#ports = ports;
  }

  /** See `OpenCode.compactSession`. */
  async compact(session: Session, compaction: Compaction, cancellation?: Cancellation): Promise<void> {
    const run = new Run(session.id, compaction.messages, this.#ports.onDidHear);
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
    const run = new Run(id, [], this.#ports.onDidHear);
    try {
      await this.#erase(trace, async () => {
        await this.#untilAtRest(session, run);
        await this.#deleteRequest(session);
      });
    } finally {
      run.dispose();
    }
  }

  async #summarize(
    session: Session,
    { model }: Compaction,
    run: Run,
    cancellation: Cancellation | undefined,
  ): Promise<void> {
    const ended = Promise.withResolvers<void>();
    run.onDidCompact = ended.resolve;
    run.onDidFail = (words) => ended.reject(new Problem(describeFailure(words)));
    const request = this.#ports.server().summarizeSession(session.id, model);
    run.request = 'mayBeThere';
    // The response comes when the loop ends, or never: what counts is the event. A refusal is told by it alone.
    request.then(ended.resolve, (error: unknown) => {
      if (error instanceof Problem && error.mayHaveArrived) return;
      run.request = 'none';
      ended.reject(error);
    });
    let isOver = false;
    // Where both were lost, the messages tell.
    this.#untilJudged(session, run, () => isOver).then(ended.resolve, ended.reject);
    try {
      await orCancelled(ended.promise, cancellation);
      // What follows is sent to a server that can be asked.
      await orCancelled(this.#untilLive(), cancellation);
    } finally {
      isOver = true;
    }
  }

  /**
   * Looks at the messages until they say how a compaction ended; throws if it is over without a summary. A server that
   * cannot be asked is asked again.
   */
  async #untilJudged(session: Session, run: Run, isOver: () => boolean): Promise<void> {
    let looksAtRest = 0;
    for (let look = 0; !isOver(); look++) {
      await this.#pause(lookPauses, look);
      if (isOver()) return;
      try {
        const server = this.#ports.server();
        if (await isBusy(server, session)) {
          looksAtRest = 0;
          continue;
        }
        if (await run.hasSummary(server)) return;
        looksAtRest += 1;
      } catch (error) {
        this.#ports.log.debug('How a compaction goes cannot be asked.', session.id, error);
      }
      if (looksAtRest >= quietLooks) throw new Problem(describeFailure(l10n.t('OpenCode wrote no summary.')));
    }
  }

  async #untilLive(): Promise<void> {
    while (!this.#isLive()) await this.#ports.wait(livePause);
  }

  #isLive(): boolean {
    try {
      this.#ports.server();
      return true;
    } catch (error) {
      this.#ports.log.debug('A compaction waits for the connection.', error);
      return false;
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
    const trace: Trace = { sessionId, directory, time: Date.now(), ...(told && { guidance: told }) };
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

  /** Takes the guidance out, and what `before` takes out; the trace stays if the server is gone, or another one is asked. */
  async #erase(trace: Trace, before: () => Promise<void> = async () => undefined): Promise<void> {
    const { sessionId, guidance, time = 0 } = trace;
    try {
      let isAll = await isThere(before());
      if (guidance !== undefined) {
        const { messageId, partId } = guidance;
        // Where the message or the text is gone by itself, the session tells whether it is the right server.
        isAll = (await isThere(this.#ports.server().deletePart(sessionId, messageId, partId))) && isAll;
      }
      const isKnown = isAll || (await isThere(this.#ports.server().listMessages(sessionId, { limit: 1 })));
      if (isKnown || Date.now() - time > forgottenAfter) await this.#keep(this.#othersThan(sessionId));
    } catch (error) {
      this.#ports.log.warn('A compaction could not be cleared up yet.', sessionId, error);
    }
  }

  /**
   * After a compaction that did not end well: its message would be answered instead of the next prompt. What others began
   * meanwhile goes on.
   */
  async #dropRequest(session: Session, run: Run): Promise<void> {
    if (run.request === 'none') return;
    let looksAtRest = 0;
    for (let look = 0; looksAtRest < quietLooks; look++) {
      const server = this.#ports.server();
      if (await isBusy(server, session)) {
        looksAtRest = 0;
        if (await run.hasRequest(server)) await server.abortSession(session.id);
        await Promise.race([run.untilEnd(), this.#pause(restPauses, look)]);
      } else {
        looksAtRest += 1;
        await this.#ports.wait(lateWrites);
      }
    }
    await this.#deleteRequest(session);
  }

  async #untilAtRest(session: Target, run: Run): Promise<void> {
    for (let look = 0; await isBusy(this.#ports.server(), session); look++) {
      await Promise.race([run.untilEnd(), this.#pause(restPauses, look)]);
    }
  }

  async #deleteRequest({ id }: Target): Promise<void> {
    const server = this.#ports.server();
    const { messages } = await server.listMessages(id, { limit: 10 });
    for (const { info } of messages.slice(lastAnswerIndex(messages) + 1).filter(isUnfinishedCompaction)) {
      await server.deleteMessage(id, info.id);
    }
  }

  async #pause(pauses: readonly number[], look: number): Promise<void> {
    await this.#ports.wait(pauses[Math.min(look, pauses.length - 1)] ?? 0);
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

/** What is known of a session while it is compacted. */
class Run implements Disposable {
  /** Whether a request for a summary may stand in the session. */
  request: 'none' | 'mayBeThere' = 'none';
  onDidCompact: () => void = () => undefined;
  /** With the server's own words, where it has some. */
  onDidFail: (words: string | undefined) => void = () => undefined;
  readonly #sessionId: string;
  /** The messages that stood there before. */
  readonly #known: ReadonlySet<string>;
  readonly #subscription: Disposable;
  #onEnd: () => void = () => undefined;

  constructor(sessionId: string, before: readonly MessageWithParts[], onDidHear: Event<ServerEvent>) {
    this.#sessionId = sessionId;
    this.#known = new Set(before.map(({ info }) => info.id));
    this.#subscription = onDidHear((event) => {
      if (sessionOf(event) === sessionId) this.#hear(event);
    });
  }

  /** Resolves when a run is heard to end from now on; whoever waits longer asks again. */
  untilEnd(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEnd = resolve;
    });
  }

  async hasSummary(server: CompactingServer): Promise<boolean> {
    return (await this.#newMessages(server)).some(
      ({ info }) =>
        info.role === 'assistant' &&
        info.summary === true &&
        info.error === undefined &&
        info.time.completed !== undefined,
    );
  }

  async hasRequest(server: CompactingServer): Promise<boolean> {
    return (await this.#newMessages(server)).some(isUnfinishedCompaction);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #newMessages(server: CompactingServer): Promise<readonly MessageWithParts[]> {
    const { messages } = await server.listMessages(this.#sessionId, { limit: 20 });
    return messages.filter(({ info }) => !this.#known.has(info.id));
  }

  #hear(event: ServerEvent): void {
    if (event.type === 'session.compacted') this.onDidCompact();
    if (event.type === 'turn.ended') this.#end(event.properties.outcome);
    if (event.type === 'session.deleted') this.#end({ kind: 'deleted' });
  }

  #end(outcome: Outcome): void {
    this.#onEnd();
    // Of a compaction that was not seen to end its run the response tells; a settled one was compacted before.
    if (outcome.kind === 'settled' || outcome.kind === 'unseen') return;
    this.onDidFail(outcome.kind === 'failed' ? runErrorWords(outcome.error) : undefined);
  }
}

function sessionOf(event: ServerEvent): string | undefined {
  switch (event.type) {
    case 'session.compacted':
    case 'turn.ended':
      return event.properties.sessionID;
    case 'session.deleted':
      return event.properties.info.id;
    default:
      return undefined;
  }
}

/** false: the server does not have it. */
async function isThere(act: Promise<unknown>): Promise<boolean> {
  try {
    await act;
    return true;
  } catch (error) {
    if (error instanceof NotFoundProblem) return false;
    throw error;
  }
}

/** The message that the guidance is written into: the first one since the last compaction, which the summary surely reads. */
function findGuidedMessage(messages: readonly MessageWithParts[]): string | undefined {
  const compacted = messages.findLastIndex(({ info }) => info.role === 'assistant' && info.summary === true);
  return messages
    .slice(compacted + 1)
    .find((message) => message.info.role === 'user' && !isCompaction(message))?.info.id;
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
