import type { PromptCause } from '../../core/prompts/delivery.ts';
import { Problem, UndeliveredProblem } from '../../core/errors.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import { type IdSource, makeMessageId } from '../../core/turns/messageId.ts';

/** What an act made so far, so that doing it again goes on with that. */
export interface Attempt {
  /** Whether an earlier one came to an end that nobody saw. */
  readonly isAgain: boolean;
  /** The same message id each time it is asked for under this name. */
  messageId(name: string): string;
  /** What `make` made, once and for all attempts; one that fails is made again. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>;
  /** What was made is gone again: asked for once more, it is another act. */
  beginAnew(): void;
}

/** What makes something that goes on without the window. */
export type LastingCause = Extract<PromptCause, 'relay' | 'handOff' | 'fork' | 'brief' | 'compaction'>;

/**
 * How long the same, asked for again, is taken for the same act, in milliseconds. Relays go by themselves meanwhile, and the
 * same words are soon meant again; what stands there half made is gone on in also the next day.
 */
const lastingFor: Readonly<Record<LastingCause, number>> = {
  relay: 15 * 60_000,
  handOff: 24 * 3_600_000,
  fork: 24 * 3_600_000,
  brief: 24 * 3_600_000,
  compaction: 24 * 3_600_000,
};

/** Where what is kept of an attempt comes from. */
type Origin = Pick<AttemptRecord, 'source' | 'cause' | 'time'>;

/** An attempt as it is kept over a reload of the window: plain data, by the names that were asked for. */
export interface AttemptRecord {
  /** The session that it begins with; of a brief, the folder. */
  readonly source: string;
  /** What is done with it. */
  readonly cause: LastingCause;
  /** When it was begun, in milliseconds since 1970. */
  readonly time: number;
  readonly messageIds: Readonly<Record<string, string>>;
  readonly made: Readonly<Record<string, unknown>>;
}

class KeptAttempt implements Attempt {
  /** Absent: it does not outlive the window. */
  origin: Origin | undefined;
  readonly #ids: IdSource;
  readonly #onDidChange: () => void;
  readonly #messageIds: Map<string, string>;
  readonly #made: Map<string, unknown>;
  isAgain: boolean;

  /** `onDidChange` hears of each thing that doing it again would go on with. */
  constructor(ids: IdSource, onDidChange: () => void, kept?: AttemptRecord) {
    this.#ids = ids;
    this.#onDidChange = onDidChange;
    this.origin = kept && { source: kept.source, cause: kept.cause, time: kept.time };
    this.#messageIds = new Map(Object.entries(kept?.messageIds ?? {}));
    this.#made = new Map(Object.entries(kept?.made ?? {}));
    this.isAgain = kept !== undefined;
  }

  /** undefined: it does not outlive the window. */
  get record(): AttemptRecord | undefined {
    const messageIds = Object.fromEntries(this.#messageIds);
    return this.origin && { ...this.origin, messageIds, made: Object.fromEntries(this.#made) };
  }

  messageId(name: string): string {
    const known = this.#messageIds.get(name);
    if (known !== undefined) return known;
    const messageId = makeMessageId(this.#ids);
    this.#messageIds.set(name, messageId);
    this.#onDidChange();
    return messageId;
  }

  has(messageId: string): boolean {
    return [...this.#messageIds.values()].includes(messageId);
  }

  async once<T>(name: string, make: () => Promise<T>): Promise<T> {
    if (this.#made.has(name)) return this.#made.get(name) as T;
    const made = await make();
    this.#made.set(name, made);
    this.#onDidChange();
    return made;
  }

  beginAnew(): void {
    this.#messageIds.clear();
    this.#made.clear();
    this.isAgain = false;
  }
}

const storageKey = 'prompting.attempts';
/** So many acts are kept over a reload, those begun last. */
const limit = 20;

/**
 * Acts whose request may have reached the server although nobody saw the answer. Whoever asks for the same once more
 * goes on with the ids and sessions of the first time, so that nothing is made or sent twice.
 */
export class Attempts {
  readonly #ids: IdSource;
  readonly #memento: KeptValues;
  readonly #digest: (text: string) => string;
  readonly #kept = new Map<string, KeptAttempt>();
  /** An act that goes on, by what it is: asked for again meanwhile, there is one end for both. */
  readonly #running = new Map<string, Promise<unknown>>();

  /** `digest` makes a short text of one that may be long and a person's own, which is not kept. */
  constructor(ids: IdSource, memento: KeptValues, digest: (text: string) => string) {
    this.#ids = ids;
    this.#memento = memento;
    this.#digest = digest;
    const records = memento.get<readonly (readonly [string, AttemptRecord])[]>(storageKey, []);
    for (const [key, record] of records) {
      this.#kept.set(key, this.#make(record));
    }
  }

  /**
   * As `run`, for what makes something of `source` (a session, or a folder) that goes on without the window: it is the same act also
   * after a reload, for a time. What `once` makes has to be plain data.
   */
  runLasting<T>(
    cause: LastingCause,
    source: string,
    wish: readonly unknown[],
    act: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    return this.#runOnly([cause, source, ...wish], act, { cause, source, time: this.#ids.now() });
  }

  /** Runs `act`; `wish` is all that tells it from others. */
  run<T>(wish: readonly unknown[], act: (attempt: Attempt) => Promise<T>): Promise<T> {
    return this.#runOnly(wish, act, undefined);
  }

  #runOnly<T>(
    wish: readonly unknown[],
    act: (attempt: Attempt) => Promise<T>,
    origin: Origin | undefined,
  ): Promise<T> {
    const key = this.#keyOf(wish);
    const running = this.#running.get(key) as Promise<T> | undefined;
    if (running !== undefined) return running;
    const run = this.#run(key, act, origin).finally(() => this.#running.delete(key));
    this.#running.set(key, run);
    return run;
  }

  /** As `run`, for what may be meant twice: while the first goes on, the second is another act. */
  runEach<T>(wish: readonly unknown[], act: (attempt: Attempt) => Promise<T>): Promise<T> {
    const isRunning = this.#running.has(this.#keyOf(wish));
    return isRunning ? this.run([...wish, makeMessageId(this.#ids)], act) : this.run(wish, act);
  }

  /** Those with a session that came to no end, and that nobody goes on with at this moment. */
  leftOf(cause: LastingCause, source: string): readonly AttemptRecord[] {
    const left = [...this.#kept].flatMap(([key, { record }]) =>
      this.#running.has(key) ? [] : (record ?? []),
    );
    return left.filter((record) => record.cause === cause && record.source === source);
  }

  /** What was to be sent under this id is known to be there: asked for again, it is meant again. */
  forget(messageId: string): void {
    for (const [key, attempt] of this.#kept) {
      if (attempt.has(messageId) && !this.#running.has(key)) this.#drop(key);
    }
  }

  async #run<T>(key: string, act: (attempt: Attempt) => Promise<T>, origin: Origin | undefined): Promise<T> {
    const known = this.#kept.get(key);
    const attempt = known === undefined || this.#isOver(known) ? this.#make() : known;
    attempt.origin = origin;
    this.#kept.set(key, attempt);
    try {
      const done = await act(attempt);
      this.#drop(key);
      return done;
    } catch (error) {
      attempt.isAgain ||= mayHaveActed(error);
      // What once came to an end that nobody saw stays, however it fails the next time.
      if (!attempt.isAgain) this.#drop(key);
      throw error;
    }
  }

  /** Asked for again after so long, it is meant again. */
  #isOver({ origin }: KeptAttempt): boolean {
    return origin !== undefined && this.#ids.now() > origin.time + lastingFor[origin.cause];
  }

  #keyOf(wish: readonly unknown[]): string {
    return this.#digest(JSON.stringify(wish));
  }

  #make(kept?: AttemptRecord): KeptAttempt {
    const attempt: KeptAttempt = new KeptAttempt(
      this.#ids,
      () => {
        if (attempt.origin !== undefined) this.#keep();
      },
      kept,
    );
    return attempt;
  }

  #drop(key: string): void {
    const isLasting = this.#kept.get(key)?.origin !== undefined;
    this.#kept.delete(key);
    if (isLasting) this.#keep();
  }

  #keep(): void {
    const lasting = [...this.#kept].flatMap(([key, { record }]) => (record ? [[key, record] as const] : []));
    void this.#memento.update(storageKey, lasting.slice(-limit));
  }
}

/** Whether the server may have acted, or may yet. */
export function mayHaveActed(error: unknown): boolean {
  return error instanceof UndeliveredProblem || (error instanceof Problem && error.mayHaveArrived);
}
