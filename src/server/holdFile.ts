import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, sentenceOf } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { StopAll } from '../core/state/hold.ts';

/**
 * Stop All as a file that all windows of this user and the companions have in common (`sharedStorage`): it holds while
 * the file is there. It is looked at each time that something is about to be sent, so that no word of it can be missed,
 * and each second for those that wait; that works on every file system.
 */
export class HoldFile implements StopAll, Disposable {
  readonly #storage: string;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  readonly #didChange = new Emitter<void>();
  /** It could not be kept, and holds for as long as this program runs. */
  #holdsHere = false;
  #isUnreadable = false;
  #was: boolean;

  readonly onDidChange = this.#didChange.event;

  /** `interval`: the milliseconds between two looks, by which those hear of it that have nothing to send. */
  constructor(storage: string, log: Log, interval = 1000) {
    this.#storage = storage;
    this.#log = log;
    this.#was = this.#look();
    this.#timer = setInterval(() => this.isHeld(), interval);
    // A server that has nothing else to do ends.
    this.#timer.unref();
  }

  isHeld(): boolean {
    const isHeld = this.#look();
    if (isHeld !== this.#was) {
      this.#was = isHeld;
      this.#didChange.fire();
    }
    return isHeld;
  }

  stop(): void {
    try {
      mkdirSync(this.#storage, { recursive: true, mode: 0o700 });
      writeFileSync(this.#file, JSON.stringify({ since: new Date().toISOString() }), { mode: 0o600 });
    } catch (error) {
      this.#holdsHere = true;
      throw new Problem(
        l10n.t(
          'Stop All holds in this window alone, and only until it closes: it could not be kept for the others. {0}',
          sentenceOf(error),
        ),
        { cause: error },
      );
    } finally {
      this.isHeld();
    }
  }

  release(): void {
    try {
      rmSync(this.#file, { force: true });
      this.#holdsHere = false;
    } catch (error) {
      throw new Problem(l10n.t('Stop All could not be released. {0}', sentenceOf(error)), { cause: error });
    } finally {
      this.isHeld();
    }
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#didChange.dispose();
  }

  get #file(): string {
    return join(this.#storage, 'stop-all.json');
  }

  #look(): boolean {
    if (this.#holdsHere) return true;
    try {
      const isThere = statSync(this.#file, { throwIfNoEntry: false }) !== undefined;
      this.#isUnreadable = false;
      return isThere;
    } catch (error) {
      // Whoever cannot tell whether a person stopped it does not go on.
      if (!this.#isUnreadable) this.#log.warn('Whether Stop All holds cannot be told, so it holds.', error);
      this.#isUnreadable = true;
      return true;
    }
  }
}
