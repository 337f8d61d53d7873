import { type CompanionAnswer, companionQuestion } from '../../protocol/companion.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import { Emitter, type Disposable } from '../event.ts';
import type { Log } from '../log.ts';
import type { OpenCode } from '../ports/openCode.ts';
import type { DirectorySnapshot, ServerSink } from '../ports/serverSink.ts';
import { Retries } from '../retries.ts';

/** What is known of the companion of a directory. */
export type CompanionState =
  | ({ readonly kind: 'running' } & CompanionAnswer)
  /** The server was given it, and does not call it: it could not be loaded, or its hooks are passed over. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'none' };

export interface CompanionsPorts {
  readonly openCode: Pick<OpenCode, 'giveSign' | 'hasCompanion'>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Pick<Log, 'debug' | 'info'>;
}

/** Milliseconds in which a companion answers that there is. One that answers later counts all the same. */
const patience = 3000;

/**
 * Whether the companion runs in the directories of the window, which one, and whether the server calls its hooks. It is
 * asked whenever a directory was loaded: at each connect, and when its instance was disposed, which ends its plugins.
 */
export class Companions implements ServerSink, Disposable {
  readonly #ports: CompanionsPorts;
  readonly #didChange = new Emitter<void>();
  readonly #retries: Retries;
  readonly #known = new Map<string, CompanionState>();
  #directories: readonly string[] = [];
  #timer: Disposable | undefined;

  readonly onDidChange = this.#didChange.event;

  constructor(ports: CompanionsPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (directory) => void this.#judge(directory) });
  }

  /** By directory; one of which nothing is known yet is missing. */
  get states(): ReadonlyMap<string, CompanionState> {
    return this.#known;
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    this.#directories = snapshot.map(({ directory }) => directory);
    this.#known.clear();
    this.#timer?.dispose();
    for (const directory of this.#directories) {
      this.#retries.reset(directory);
      void this.#ask(directory);
    }
    this.#timer = this.#ports.startTimer(() => this.#judgeAll(), patience);
    this.#didChange.fire();
  }

  apply(event: ServerEvent): void {
    if (event.type !== 'companion.answered') return;
    const { directory, ...answer } = event.properties;
    if (!this.#known.has(directory)) this.#ports.log.info('Companion answered', answer.version, directory);
    this.#retries.reset(directory);
    this.#set(directory, { kind: 'running', ...answer });
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#retries.dispose();
    this.#didChange.dispose();
  }

  /** What fails here is asked again with the first look. */
  async #ask(directory: string): Promise<void> {
    await this.#ports.openCode.giveSign(directory, companionQuestion).catch((error: unknown) => {
      this.#ports.log.debug('The companion could not be asked', directory, error);
    });
  }

  #judgeAll(): void {
    for (const directory of this.#directories) {
      if (!this.#known.has(directory)) void this.#judge(directory);
    }
  }

  /** Why nobody answered. */
  async #judge(directory: string): Promise<void> {
    try {
      await this.#ports.openCode.giveSign(directory, companionQuestion);
      const isGiven = await this.#ports.openCode.hasCompanion(directory);
      if (this.#known.has(directory) || !this.#directories.includes(directory)) return;
      this.#set(directory, { kind: isGiven ? 'silent' : 'none' });
    } catch (error) {
      this.#ports.log.debug('It is not known whether there is a companion', directory, error);
      if (this.#directories.includes(directory)) this.#retries.later(directory);
    }
  }

  #set(directory: string, state: CompanionState): void {
    this.#known.set(directory, state);
    this.#didChange.fire();
  }
}
