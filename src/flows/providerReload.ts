import type { Disposable, Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { DeliveryEntry } from '../core/prompts/delivery.ts';
import { Retries } from '../core/retries.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { SessionLock } from '../core/turns/sessionLock.ts';

export interface ProviderReloadPorts {
  readonly openCode: Pick<OpenCode, 'listStatuses' | 'reloadProviders'>;
  readonly sessions: Pick<Sessions, 'all'>;
  readonly lock: Pick<SessionLock, 'holder'>;
  readonly deliveries: {
    all(): readonly Pick<DeliveryEntry, 'sessionId' | 'directory'>[];
    isAboutToRun(sessionId: string): boolean;
  };
  /** Sessions began to work, or ended it. */
  readonly onDidChangeWorking: Event<unknown>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Pick<Log, 'warn'>;
}

export interface ReloadOutcome {
  /** Folders in which something works. */
  readonly waiting: readonly string[];
  /** What went wrong in folders; each is tried again by itself. */
  readonly failed: ReadonlyMap<string, unknown>;
}

/** Milliseconds until the next look at a folder where a prompt is about to run, and at one where something works. */
const pauses = { aboutToRun: 1000, working: 30_000 };

/**
 * Has the server read anew what it may ask in folders, which may end what runs there: a folder in which something works, or
 * is about to, waits until that is done. What is left when the window ends is made up for by any start of the server.
 */
export class ProviderReload implements Disposable {
  readonly #ports: ProviderReloadPorts;
  readonly #waiting = new Set<string>();
  readonly #subscription: Disposable;
  readonly #retries: Retries;
  /** The folder that is read at the moment, and those before it; it never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  #isLooking = false;
  #isAskedAgain = false;

  constructor(ports: ProviderReloadPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (directory) => void this.#try(directory) });
    this.#subscription = ports.onDidChangeWorking(() => {
      if (this.#waiting.size > 0) void this.#look();
    });
  }

  /** Tries each folder, whatever becomes of the others. */
  async reload(directories: readonly string[]): Promise<ReloadOutcome> {
    for (const directory of directories) this.#waiting.add(directory);
    const failed = new Map<string, unknown>();
    for (const directory of directories) {
      const failure = await this.#try(directory);
      if (failure !== undefined) failed.set(directory, failure.error);
    }
    const waiting = directories.filter((directory) => this.#waiting.has(directory) && !failed.has(directory));
    return { waiting, failed };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#retries.dispose();
    this.#waiting.clear();
  }

  /** One folder at a time, so that none is read twice at once: the second time would end what began after the first. */
  #try(directory: string): Promise<{ readonly error: unknown } | undefined> {
    const tried = this.#tryAfter(this.#last, directory);
    this.#last = tried;
    return tried;
  }

  async #tryAfter(
    before: Promise<unknown>,
    directory: string,
  ): Promise<{ readonly error: unknown } | undefined> {
    await before;
    try {
      await this.#reload(directory);
      return undefined;
    } catch (error) {
      this.#ports.log.warn('Providers were not read anew', directory, error);
      this.#retries.later(directory);
      return { error };
    }
  }

  async #reload(directory: string): Promise<void> {
    if (!this.#waiting.has(directory)) return;
    const pause = await this.#findPause(directory);
    this.#retries.reset(directory);
    if (pause !== undefined) {
      // Nobody may tell of the end of what works there: an event is not all there is.
      this.#retries.again(directory, pause);
      return;
    }
    // What is given from here on is to be read anew once more.
    this.#waiting.delete(directory);
    try {
      await this.#ports.openCode.reloadProviders(directory);
    } catch (error) {
      this.#waiting.add(directory);
      throw error;
    }
  }

  /** How long to wait until the next look; undefined: nothing works there. */
  async #findPause(directory: string): Promise<number | undefined> {
    if (this.#isAboutToRun(directory)) return pauses.aboutToRun;
    const statuses = await this.#ports.openCode.listStatuses(directory);
    if (Object.values(statuses).some(({ type }) => type !== 'idle')) return pauses.working;
    // Something may have been sent while the server was asked.
    return this.#isAboutToRun(directory) ? pauses.aboutToRun : undefined;
  }

  /** Whether this window sends something to a session of the folder, or sent what the server has not begun. */
  #isAboutToRun(directory: string): boolean {
    const { sessions, deliveries, lock } = this.#ports;
    const known = sessions.all().filter((session) => session.directory === directory);
    const sent = deliveries.all().filter((entry) => entry.directory === directory);
    const ids = new Set([...known.map(({ id }) => id), ...sent.map(({ sessionId }) => sessionId)]);
    return [...ids].some((id) => lock.holder(id) !== undefined || deliveries.isAboutToRun(id));
  }

  /** One look at a time: each of many sessions that end together asks for one. What changes meanwhile asks for another. */
  async #look(): Promise<void> {
    this.#isAskedAgain = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      // What fails is put back meanwhile.
      const waiting = [...this.#waiting];
      for (const directory of waiting) await this.#try(directory);
    }
    this.#isLooking = false;
  }
}
