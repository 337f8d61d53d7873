import type { Disposable, Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';

export interface ProviderReloadPorts {
  readonly openCode: Pick<OpenCode, 'listStatuses' | 'reloadProviders'>;
  /** Sessions began to work, or ended it. */
  readonly onDidChangeWorking: Event<unknown>;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Has the server read anew what it may ask in folders, which may end what runs there: a folder in which something works waits
 * until that is done. What is left when the window ends is made up for by any start of the server.
 */
export class ProviderReload implements Disposable {
  readonly #ports: ProviderReloadPorts;
  readonly #waiting = new Set<string>();
  readonly #subscription: Disposable;
  #isLooking = false;
  #isAskedAgain = false;

  constructor(ports: ProviderReloadPorts) {
    this.#ports = ports;
    this.#subscription = ports.onDidChangeWorking(() => {
      if (this.#waiting.size > 0) void this.#look();
    });
  }

  /** Answers with the folders that wait; throws what the server answers. */
  async reload(directories: readonly string[]): Promise<readonly string[]> {
    for (const directory of directories) this.#waiting.add(directory);
    for (const directory of directories) await this.#reload(directory);
    return directories.filter((directory) => this.#waiting.has(directory));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#waiting.clear();
  }

  async #reload(directory: string): Promise<void> {
    if (!this.#waiting.has(directory)) return;
    const statuses = await this.#ports.openCode.listStatuses(directory);
    if (Object.values(statuses).some(({ type }) => type !== 'idle')) return;
    await this.#ports.openCode.reloadProviders(directory);
    this.#waiting.delete(directory);
  }

  /** One look at a time: each of many sessions that end together asks for one. What changes meanwhile asks for another. */
  async #look(): Promise<void> {
    this.#isAskedAgain = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      await this.#lookAtAll();
    }
    this.#isLooking = false;
  }

  async #lookAtAll(): Promise<void> {
    for (const directory of this.#waiting) {
      try {
        await this.#reload(directory);
      } catch (error) {
        // Looked at again when sessions begin or end, as they do when the server comes back.
        this.#ports.log.warn('Providers were not read anew', directory, error);
      }
    }
  }
}
