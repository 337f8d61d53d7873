import { Problem, UndeliveredProblem } from '../../core/errors.ts';
import { type IdSource, makeMessageId } from '../../core/turns/messageId.ts';

/** What an act made so far, so that doing it again goes on with that. */
export interface Attempt {
  /** Whether an earlier one came to an end that nobody saw. */
  readonly isAgain: boolean;
  /** The same message id each time it is asked for under this name. */
  messageId(name: string): string;
  /** What `make` made, once and for all attempts; one that fails is made again. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>;
}

class KeptAttempt implements Attempt {
  readonly #ids: IdSource;
  readonly #messageIds = new Map<string, string>();
  readonly #made = new Map<string, unknown>();
  isAgain = false;

  constructor(ids: IdSource) {
    this.#ids = ids;
  }

  messageId(name: string): string {
    const messageId = this.#messageIds.get(name) ?? makeMessageId(this.#ids);
    this.#messageIds.set(name, messageId);
    return messageId;
  }

  has(messageId: string): boolean {
    return [...this.#messageIds.values()].includes(messageId);
  }

  async once<T>(name: string, make: () => Promise<T>): Promise<T> {
    if (this.#made.has(name)) return this.#made.get(name) as T;
    const made = await make();
    this.#made.set(name, made);
    return made;
  }
}

/**
 * Acts whose request may have reached the server although nobody saw the answer. Whoever asks for the same once more
 * goes on with the ids and sessions of the first time, so that nothing is made or sent twice.
 */
export class Attempts {
  readonly #ids: IdSource;
  readonly #kept = new Map<string, KeptAttempt>();
  /** An act that goes on, by what it is: asked for again meanwhile, there is one end for both. */
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(ids: IdSource) {
    this.#ids = ids;
  }

  /** Runs `act`; `wish` is all that tells it from others. */
  run<T>(wish: readonly unknown[], act: (attempt: Attempt) => Promise<T>): Promise<T> {
    const key = JSON.stringify(wish);
    const running = this.#running.get(key) as Promise<T> | undefined;
    if (running !== undefined) return running;
    const run = this.#run(key, act).finally(() => this.#running.delete(key));
    this.#running.set(key, run);
    return run;
  }

  /** As `run`, for what may be meant twice: while the first goes on, the second is another act. */
  runEach<T>(wish: readonly unknown[], act: (attempt: Attempt) => Promise<T>): Promise<T> {
    const isRunning = this.#running.has(JSON.stringify(wish));
    return isRunning ? this.run([...wish, makeMessageId(this.#ids)], act) : this.run(wish, act);
  }

  /** What was to be sent under this id is known to be there: asked for again, it is meant again. */
  forget(messageId: string): void {
    for (const [key, attempt] of this.#kept) {
      if (attempt.has(messageId) && !this.#running.has(key)) this.#kept.delete(key);
    }
  }

  async #run<T>(key: string, act: (attempt: Attempt) => Promise<T>): Promise<T> {
    const attempt = this.#kept.get(key) ?? new KeptAttempt(this.#ids);
    this.#kept.set(key, attempt);
    try {
      const done = await act(attempt);
      this.#kept.delete(key);
      return done;
    } catch (error) {
      attempt.isAgain ||= mayHaveActed(error);
      // What once came to an end that nobody saw stays, however it fails the next time.
      if (!attempt.isAgain) this.#kept.delete(key);
      throw error;
    }
  }
}

/** Whether the server may have acted, or may yet. */
export function mayHaveActed(error: unknown): boolean {
  return error instanceof UndeliveredProblem || (error instanceof Problem && error.mayHaveArrived);
}
