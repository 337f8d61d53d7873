import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { DirectorySnapshot, ServerSink, ToldMeanwhile } from '../core/ports/serverSink.ts';
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

/** What was touched so long before the newest change may have been written after it: clocks of processes differ. */
const overlap = 60_000;

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
  /** How often a load was asked for. */
  #loads = 0;
  /** Undefined until they are loaded for the first time. */
  #directories: readonly string[] | undefined;
  /** Those of them that could not be loaded. */
  #unreadable: ReadonlySet<string> = new Set();
  /** The comparison under way, and what events tell meanwhile. */
  #comparing: { readonly complete: boolean; readonly told: Told; readonly done: Promise<void> } | undefined;
  /** When a session was touched the last time, in milliseconds since 1970. */
  #newest = 0;

  constructor(ports: SyncPorts) {
    this.#ports = ports;
  }

  /** Takes an event of the stream. */
  take(event: ServerEvent): void {
    if (!this.#ports.isCurrent()) return;
    if (unsettling.has(event.type)) this.#reload();
    this.#comparing?.told.note(event);
    if (this.#waiting === undefined) this.#apply(event);
    else this.#waiting.push(event);
  }

  /** Replaces what the sinks know by what the server holds in these directories. */
  load(directories: readonly string[]): Promise<void> {
    this.#directories = directories;
    this.#loads += 1;
    this.#again = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /**
   * Compares what the sinks know with what the server holds, without a pause in the stream; `complete` also finds what
   * is gone or was renamed, and costs as much as a load. Throws what the server answers.
   */
  compare(complete: boolean): Promise<void> {
    if (complete && this.#unreadable.size > 0) return this.load(this.#directories ?? []);
    const earlier = this.#comparing;
    if (earlier === undefined) return this.#beginComparing(complete);
    if (earlier.complete || !complete) return earlier.done;
    const compareAfter = () => this.compare(complete);
    return earlier.done.then(compareAfter, compareAfter);
  }

  #beginComparing(complete: boolean): Promise<void> {
    const told = new Told();
    const done = this.#compare(complete, told).finally(() => (this.#comparing = undefined));
    this.#comparing = { complete, told, done };
    return done;
  }

  async #compare(complete: boolean, told: Told): Promise<void> {
    const since = complete ? undefined : this.#newest - overlap;
    if (this.#directories === undefined || this.#running !== undefined) return this.#running;
    const loads = this.#loads;
    const snapshot = await Promise.all(
      this.#directories
        .filter((directory) => !this.#unreadable.has(directory))
        .map((directory) => this.#load(directory, since)),
    );
    // What was loaded meanwhile is newer.
    if (!this.#ports.isCurrent() || loads !== this.#loads) return;
    this.#noteNewest(snapshot);
    for (const sink of this.#ports.sinks) sink.compare?.({ snapshot, complete, told });
  }

  #noteNewest(snapshot: readonly DirectorySnapshot[]): void {
    for (const { sessions } of snapshot) {
      for (const { time } of sessions) this.#newest = Math.max(this.#newest, time.updated);
    }
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
    this.#unreadable = new Set(unreadable.map(({ directory }) => directory));
    this.#noteNewest(snapshot);
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

  async #load(directory: string, since?: number): Promise<DirectorySnapshot> {
    const { openCode } = this.#ports;
    const [project, statuses, permissions, questions] = await Promise.all([
      openCode.listProject(directory, since),
      openCode.listStatuses(directory),
      openCode.listPermissions(directory),
      openCode.listQuestions(directory),
    ]);
    const { here: sessions, elsewhere } = project;
    return { directory, sessions, elsewhere, statuses, permissions, questions };
  }
}

/** Gathers of which sessions events tell something. */
class Told implements ToldMeanwhile {
  readonly records = new Set<string>();
  readonly statuses = new Set<string>();
  readonly requests = new Set<string>();

  note(event: ServerEvent): void {
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        this.records.add(event.properties.info.id);
        break;
      case 'session.deleted':
        for (const ids of [this.records, this.statuses, this.requests]) ids.add(event.properties.info.id);
        break;
      case 'session.status':
        this.statuses.add(event.properties.sessionID);
        this.requests.add(event.properties.sessionID);
        break;
      case 'permission.asked':
      case 'permission.replied':
      case 'question.asked':
      case 'question.replied':
      case 'question.rejected':
        this.requests.add(event.properties.sessionID);
        break;
      default:
        break;
    }
  }
}

/** What is wrong with one folder; throws what is wrong with the server itself, which may answer well the next time. */
function toFolderProblem(error: unknown): Problem {
  if (!(error instanceof Problem) || error instanceof UnauthorizedProblem || error.mayHaveArrived)
    throw error;
  if (error instanceof UnavailableProblem) throw error;
  return error;
}
