import type { Disposable } from '../core/event.ts';
import type { Log } from '../core/log.ts';

export interface LooksPorts {
  /** Compares what is known with what the server holds; `complete` also finds what is gone. Throws what the server answers. */
  readonly compare: (complete: boolean) => Promise<void>;
  /** Whether something is believed to run or to wait for somebody. */
  readonly isAtWork: () => boolean;
  /** Whether somebody may see what is shown: the window has the focus, and sessions or a transcript are in view. */
  readonly isInView: () => boolean;
  /** Whether something goes on elsewhere of which no event will tell. */
  readonly isElsewhere: () => boolean;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly now: () => number;
  readonly log: Pick<Log, 'debug'>;
}

/** Milliseconds between two looks that nobody asked for: more each time, up to the last. */
const pauses: readonly number[] = [5_000, 10_000, 20_000, 40_000, 60_000];
/** The longest of them while somebody waits for what goes on elsewhere. */
const watchingPause = 10_000;
/** Who comes and goes within so many milliseconds is shown what was looked for the last time. */
const freshFor = 2_000;

/**
 * Looks at the server by itself: events alone do not tell what other OpenCode processes do with the same data,
 * and an event that was lost is told by nothing else. At once where somebody begins to look; then now and then, as
 * long as something is in view or believed to be at work.
 */
export class Looks implements Disposable {
  readonly #ports: LooksPorts;
  #timer: Disposable | undefined;
  #step = 0;
  #lookedAt = -Infinity;
  #isDisposed = false;

  constructor(ports: LooksPorts) {
    this.#ports = ports;
  }

  /** Somebody asks to see everything as it is. Throws what the server answers. */
  async refresh(): Promise<void> {
    await this.#ports.compare(true);
    this.#lookedAt = this.#ports.now();
    this.#begin();
  }

  /** Somebody begins to look: the window gets the focus, a view opens. */
  begin(): void {
    if (this.#ports.now() - this.#lookedAt < freshFor) this.#begin();
    else void this.#look(true).then(() => this.#begin());
  }

  /** What is in view or at work may be otherwise than before. */
  update(): void {
    if (this.#timer === undefined) this.#plan();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
  }

  #begin(): void {
    this.#step = 0;
    this.#plan();
  }

  #plan(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const { isAtWork, isInView, isElsewhere, startTimer } = this.#ports;
    if (this.#isDisposed || !(isAtWork() || isInView())) return;
    const pause = pauses[Math.min(this.#step, pauses.length - 1)] ?? 0;
    const isWatched = isInView() && isElsewhere();
    this.#step += 1;
    this.#timer = startTimer(
      () => void this.#lookAgain(),
      isWatched ? Math.min(pause, watchingPause) : pause,
    );
  }

  async #lookAgain(): Promise<void> {
    const { isAtWork, isInView } = this.#ports;
    if (isAtWork() || isInView()) await this.#look(false);
    this.#plan();
  }

  async #look(complete: boolean): Promise<void> {
    const { compare, now, log } = this.#ports;
    try {
      await compare(complete);
      if (complete) this.#lookedAt = now();
    } catch (error) {
      // A connection that broke is brought back by itself, with a snapshot.
      log.debug('The server could not be looked at.', error);
    }
  }
}
