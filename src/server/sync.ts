import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/openCode.ts';
import type { DirectorySnapshot, ServerSink } from '../core/serverSink.ts';
import type { ServerEvent } from '../protocol/events.ts';
import { Problem, UnauthorizedProblem, UnavailableProblem } from '../core/errors.ts';

export interface SyncPorts {
  readonly openCode: Pick<OpenCode, 'listProject' | 'listStatuses' | 'listPermissions' | 'listQuestions'>;
  readonly sinks: readonly ServerSink[];
  /** False once another connection took over: whatever still arrives here then changes nothing. */
  readonly isCurrent: () => boolean;
  /** The directories could not be loaded again, although the server asked for it. */
  readonly onProblem: (problem: unknown) => void;
  /** After each load: the directories that could not be loaded while others could. */
  readonly onUnreadable: (problems: readonly UnreadableDirectory[]) => void;
  readonly log: Log;
}

export interface UnreadableDirectory {
  readonly directory: string;
  readonly problem: Problem;
}

/** What a load came to. */
interface Loaded {
  readonly snapshot: readonly DirectorySnapshot[];
  readonly unreadable: readonly UnreadableDirectory[];
}

/** Loaded again whole after these: what ran in the directory is gone, or the session is in another one. */
const unsettling: ReadonlySet<ServerEvent['type']> = new Set([
  'server.instance.disposed',
  'session.next.moved',
]);

/**
 * Brings one connection's events and snapshots to the sinks in an order that makes sense: the stream has no
 * replay, so a snapshot is loaded after it was opened, and the events that came meanwhile are applied on top.
 */
export class Sync {
  readonly #ports: SyncPorts;
  /** The events that wait for a snapshot; undefined when there is none under way. */
  #waiting: ServerEvent[] | undefined = [];
  #running: Promise<void> | undefined;
  #again = false;
  /** Undefined until they are loaded for the first time. */
  #directories: readonly string[] | undefined;

  constructor(ports: SyncPorts) {
    this.#ports = ports;
  }

  /** Takes an event of the stream. */
  take(event: ServerEvent): void {
    if (!this.#ports.isCurrent()) return;
    if (unsettling.has(event.type)) this.#reload();
    if (this.#waiting === undefined) this.#apply(event);
    else this.#waiting.push(event);
  }

  /** Replaces what the sinks know by what the server holds in these directories. */
  load(directories: readonly string[]): Promise<void> {
    this.#directories = directories;
    this.#again = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  #reload(): void {
    if (this.#directories === undefined) return;
    this.load(this.#directories).catch((error: unknown) => {
      if (this.#ports.isCurrent()) this.#ports.onProblem(error);
    });
  }

  async #run(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        this.#waiting ??= [];
        const loaded = await this.#loadAll();
        if (!this.#ports.isCurrent()) return;
        if (!this.#again) this.#reset(loaded);
      }
    } finally {
      this.#release();
    }
  }

  #reset({ snapshot, unreadable }: Loaded): void {
    for (const sink of this.#ports.sinks) sink.reset(snapshot);
    this.#ports.onUnreadable(unreadable);
    this.#release();
  }

  #release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (!this.#ports.isCurrent()) return;
    for (const event of waiting) this.#apply(event);
  }

  #apply(event: ServerEvent): void {
    for (const sink of this.#ports.sinks) sink.apply(event);
  }

  async #loadAll(): Promise<Loaded> {
    const directories = this.#directories ?? [];
    const results = await Promise.allSettled(directories.map((directory) => this.#load(directory)));
    const snapshot = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const unreadable = results.flatMap((result, index) =>
      result.status === 'rejected'
        ? [{ directory: directories[index] ?? '', problem: toFolderProblem(result.reason) }]
        : [],
    );
    const [first] = unreadable;
    if (first !== undefined && snapshot.length === 0) throw first.problem;
    // One folder with a broken configuration leaves the others as they are.
    for (const { problem } of unreadable) this.#ports.log.error('A folder could not be loaded', problem);
    return { snapshot, unreadable };
  }

  async #load(directory: string): Promise<DirectorySnapshot> {
    const { openCode } = this.#ports;
    const [project, statuses, permissions, questions] = await Promise.all([
      openCode.listProject(directory),
      openCode.listStatuses(directory),
      openCode.listPermissions(directory),
      openCode.listQuestions(directory),
    ]);
    const { here: sessions, elsewhere } = project;
    return { directory, sessions, elsewhere, statuses, permissions, questions };
  }
}

/** What is wrong with one folder; throws what is wrong with the server itself, which may answer well the next time. */
function toFolderProblem(error: unknown): Problem {
  if (!(error instanceof Problem) || error instanceof UnauthorizedProblem || error.mayHaveArrived)
    throw error;
  if (error instanceof UnavailableProblem) throw error;
  return error;
}
