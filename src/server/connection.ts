import { setTimeout as delay } from 'node:timers/promises';
import type { OpencodeClient } from '@opencode-ai/sdk/v2/client';
import type { ConnectionState, UnreadableFolder } from '../core/connectionState.ts';
import { ConfigurationProblem, Problem, UnauthorizedProblem, UnavailableProblem } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/openCode.ts';
import type { ServerSink } from '../core/serverSink.ts';
import type { ServerUse } from '../core/serverUse.ts';
import { AttachedServer } from './attachedServer.ts';
import { type AttachCommand, attachCommand } from './attachTerminal.ts';
import { chooseProgram, homeOf } from './chooseProgram.ts';
import { backoff } from './backoff.ts';
import { watchConfiguration } from './configurationWatch.ts';
import { DirectorySet, realDirectories } from './directories.ts';
import { isSameEndpoint, type Endpoint } from './endpoint.ts';
import { EventParser } from './eventParser.ts';
import { openEventStream, type StreamEnd } from './eventStream.ts';
import { NotInstalledProblem } from './findOpenCode.ts';
import { ManagedServer } from './managedServer.ts';
import { Sign, untilListening } from './listening.ts';
import { createClient, OpenCode118 } from './openCode118.ts';
import type { FoundServer, ServerSource } from './serverSource.ts';
import { Sync } from './sync.ts';
import { IncompatibleProblem, isUntried, newestKnown } from './versions.ts';

export interface ConnectionPorts {
  /** Read at each connect. */
  readonly settings: () => { readonly path?: string; readonly url?: string };
  /** Absolute paths of the workspace folders. */
  readonly directories: () => readonly string[];
  /** For attached servers only. */
  readonly credentials: (url: string) => Promise<{ username: string; password: string } | undefined>;
  readonly keeper: {
    readonly script: string;
    readonly stateFolder: string;
    /** Milliseconds that a managed server outlives its last window, for windows that reload. */
    readonly grace?: number;
    /** Milliseconds that one with a session at work outlives the last that was connected. */
    readonly longestRun?: number;
    /** The same where it cannot be known who uses it. */
    readonly longestDoubt?: number;
  };
  readonly environment: NodeJS.ProcessEnv;
  readonly trusted: () => boolean;
  readonly sinks: readonly ServerSink[];
  readonly log: Log;
  /** Milliseconds of silence after which a connection counts as dead. */
  readonly silence?: number;
}

/** A connection that held so long may come back at once when it breaks; one that did not waits longer each time. */
const steady = 30_000;

/** What a person has to do something about. */
const lasting = [UnauthorizedProblem, IncompatibleProblem, NotInstalledProblem];
/** Of a managed server without a window, in milliseconds: a night and a day for a run that nobody looks at. */
const lifetimes = { grace: 10_000, longestRun: 24 * 3_600_000, longestDoubt: 3_600_000 };

/** One generation of the connection: what was opened together, and ends together. */
interface Link {
  readonly found: FoundServer;
  readonly client: OpencodeClient;
  readonly sync: Sync;
  readonly openedAt: number;
  readonly ended: Promise<StreamEnd>;
  directories: DirectorySet;
  unreadable: readonly UnreadableFolder[];
}

/** What is asked of one server. A break of its event stream ends nothing of it: the answers may still come. */
interface Asking {
  readonly endpoint: Endpoint;
  readonly client: OpencodeClient;
  readonly closing: AbortController;
}

/** How it is said that the server is away: one that was there, or one that was not there to begin with. */
interface Absence {
  readonly kind: 'reconnecting' | 'unreachable';
  readonly since: number;
}

/**
 * The window's connection to its OpenCode server, started or attached to, kept alive until it is disposed.
 *
 * Each attempt is a generation with a signal of its own. What an earlier generation still answers is dropped,
 * so a slow answer can never overwrite what a later connection knows.
 */
export class Connection implements Disposable {
  readonly #ports: ConnectionPorts;
  readonly #didChangeState = new Emitter<ConnectionState>();
  readonly #didMissSession = new Emitter<string>();
  readonly #parser: EventParser;
  #state: ConnectionState = { kind: 'stopped' };
  #generation = new AbortController();
  #source: { readonly target: string; readonly server: ServerSource } | undefined;
  #asking: Asking | undefined;
  #link: Link | undefined;
  #connecting: { readonly target: string; readonly done: Promise<void> } | undefined;
  /** Attempts since the connection last held for a while. */
  #attempt = 0;
  #configuration: Disposable | undefined;

  readonly onDidChangeState = this.#didChangeState.event;
  /** A session was asked for that is not on the server. */
  readonly onDidMissSession = this.#didMissSession.event;
  readonly openCode: OpenCode;

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
    this.#parser = new EventParser(ports.log);
    this.openCode = new OpenCode118(() => this.#liveLink().client);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /**
   * Starts or attaches, as the settings say, and resolves when the connection is live; at once if it is.
   * While it is away and tried again and again, this tries now. Throws a `Problem` when it does not come about;
   * where the server may still come, the trying goes on.
   */
  async connect(): Promise<void> {
    this.#requireTrust();
    const target = this.#target();
    if (this.#connecting?.target === target) return this.#connecting.done;
    if (this.#state.kind === 'live' && this.#source?.target === target) return;
    await this.#begin((source) => source.open());
  }

  /** Stops and starts a server of ours, for all windows; connects anew to any other. */
  async restart(): Promise<void> {
    this.#requireTrust();
    await this.#begin((source) => source.restart());
  }

  /** Who uses a server of ours beside this window; undefined where it cannot be known. */
  async use(): Promise<ServerUse | undefined> {
    return this.#source?.server.use();
  }

  /** How OpenCode's own terminal UI is run on a session of this server. Throws a `Problem` where there is no program. */
  async attachCommand(session: { readonly id: string; readonly directory: string }): Promise<AttachCommand> {
    const { settings, keeper, environment, log } = this.#ports;
    const { path } = settings();
    const program = await chooseProgram({ path, stateFolder: keeper.stateFolder, environment, log });
    const { endpoint } = this.#liveLink().found;
    return attachCommand({ program, endpoint, session, home: homeOf(environment) });
  }

  /** Loads what the workspace folders hold, after they changed. */
  async refreshDirectories(): Promise<void> {
    const link = this.#link;
    if (link === undefined || this.#state.kind !== 'live') return;
    const directories = await realDirectories(this.#ports.directories());
    link.directories = new DirectorySet(directories);
    await link.sync.load(directories).catch((error: unknown) => {
      throw link === this.#link ? this.#breakOff(error) : error;
    });
  }

  /**
   * Looks whether the server holds anything else than its events told; `complete` also finds what is gone. Throws what the
   * server answers, which ends nothing.
   */
  async compare(complete: boolean): Promise<void> {
    if (this.#state.kind === 'live') await this.#link?.sync.compare(complete);
  }

  dispose(): void {
    this.#nextGeneration();
    this.#generation.abort();
    this.#endRequests();
    this.#source?.server.dispose();
    this.#source = undefined;
    this.#setState({ kind: 'stopped' });
    this.#didChangeState.dispose();
    this.#didMissSession.dispose();
  }

  #begin(open: (source: ServerSource) => Promise<FoundServer>): Promise<void> {
    const target = this.#target();
    const absence = this.#source?.target === target ? absenceOf(this.#state) : undefined;
    if (absence === undefined) this.#attempt = 0;
    const generation = this.#nextGeneration();
    if (absence === undefined) this.#setState(this.#starting());
    const done: Promise<void> = this.#establish(generation, open)
      .catch((error: unknown) => {
        if (!generation.aborted) throw this.#giveUp(toProblem(error), absence);
        // Someone asked again meanwhile: what comes of that is the answer to this call too.
        if (this.#connecting === undefined || this.#connecting.done === done) throw toProblem(error);
        return this.#connecting.done;
      })
      .finally(() => {
        if (this.#connecting?.done === done) this.#connecting = undefined;
      });
    this.#connecting = { target, done };
    return done;
  }

  /** Goes on trying where the server may still come; else the connection stands as failed. */
  #giveUp(problem: Problem, before: Absence | undefined): Problem {
    if (this.#mayPass(problem, before !== undefined)) {
      const absence = before ?? { kind: 'unreachable', since: Date.now() };
      this.#ports.log.warn('Server is not there', problem);
      this.#attempt += 1;
      this.#setState(this.#absent(absence, problem));
      void this.#reconnect(absence);
    } else this.#fail(problem);
    return problem;
  }

  /** What was there cannot be asked any more. */
  #breakOff(error: unknown): Problem {
    return this.#giveUp(toProblem(error), { kind: 'reconnecting', since: Date.now() });
  }

  async #establish(
    generation: AbortSignal,
    open: (source: ServerSource) => Promise<FoundServer>,
  ): Promise<void> {
    const { log } = this.#ports;
    const { server } = this.#useSource();
    const found = await open(server);
    generation.throwIfAborted();
    const link = await this.#openLink(found, server.managed, generation);
    generation.throwIfAborted();
    // Before the stores are told of the snapshot: what hears it from them may ask the server for more.
    this.#link = link;
    await link.sync.load(link.directories.all);
    generation.throwIfAborted();
    log.info('Server connected', found.endpoint.url, found.version);
    this.#showLive(link, server.managed);
    void this.#watch(link, server, generation);
  }

  async #openLink(found: FoundServer, managed: boolean, generation: AbortSignal): Promise<Link> {
    const { sinks, log, silence } = this.#ports;
    const client = await this.#useClient(found.endpoint, generation);
    // What is loaded for a link that is over serves nobody.
    const loader = await createClient(found.endpoint, generation);
    const openCode = new OpenCode118(() => loader);
    const sync = new Sync({
      openCode,
      sinks,
      isCurrent: () => !generation.aborted,
      onProblem: (problem) => void this.#breakOff(problem),
      onUnreadable: (problems) => {
        link.unreadable = problems.map(({ directory, problem }) => ({ directory, ...toSaid(problem) }));
        if (this.#state.kind === 'live') this.#showLive(link, managed);
      },
      log,
    });
    const directories = await realDirectories(this.#ports.directories());
    const sign = new Sign();
    const link = {
      found,
      client,
      sync,
      openedAt: Date.now(),
      directories: new DirectorySet(directories),
      unreadable: [] as readonly UnreadableFolder[],
    };
    const { ended } = await openEventStream({
      endpoint: found.endpoint,
      signal: generation,
      ...(silence === undefined ? {} : { silence }),
      onData: (data) => {
        sign.hear(data);
        const event = this.#parser.parse(data, link.directories);
        if (event !== undefined) sync.take(event);
      },
    });
    await untilListening({ sign, ended, directories, openCode, signal: generation, log });
    return Object.assign(link, { ended });
  }

  /** Waits for the end of a link, and brings the connection back. */
  async #watch(link: Link, source: ServerSource, generation: AbortSignal): Promise<void> {
    const gone = Promise.withResolvers<StreamEnd>();
    const watch = source.onDidEnd(() => gone.resolve('closed'));
    const end = await Promise.race([link.ended, gone.promise]);
    watch.dispose();
    if (generation.aborted) return;
    const since = Date.now();
    this.#ports.log.warn('Server connection broke', end);
    if (since - link.openedAt > steady) this.#attempt = 0;
    const absence: Absence = { kind: 'reconnecting', since };
    this.#setState(
      end === 'silent' ? { kind: 'stale', since } : this.#absent(absence, brokenOff(end, source)),
    );
    await this.#reconnect(absence);
  }

  /** Tries until the connection is back, until someone else takes over, or until trying is of no use. */
  async #reconnect(absence: Absence): Promise<void> {
    let generation = this.#nextGeneration();
    while (!generation.aborted) {
      this.#attempt += 1;
      const wait = this.#attempt === 1 ? 0 : backoff(this.#attempt - 1, Math.random());
      await delay(wait, undefined, { signal: generation }).catch(() => undefined);
      if (generation.aborted) return;
      try {
        await this.#establish(generation, (source) => source.open());
        return;
      } catch (error) {
        if (generation.aborted) return;
        const problem = toProblem(error);
        this.#ports.log.debug('Server could not be reached again', this.#attempt, problem);
        if (!this.#mayPass(problem, true)) return this.#fail(problem);
        this.#setState(this.#absent(absence, problem));
        // Half-opened things of the failed attempt must not speak into the next one.
        generation = this.#nextGeneration();
      }
    }
  }

  #absent(absence: Absence, problem: Problem): ConnectionState {
    if (problem instanceof ConfigurationProblem) return { kind: 'failed', ...toSaid(problem) };
    return { ...absence, attempt: Math.max(1, this.#attempt), reason: problem.message };
  }

  #starting(): ConnectionState {
    const url = this.#ports.settings().url?.trim() ?? '';
    return url === '' ? { kind: 'starting' } : { kind: 'starting', url };
  }

  #showLive({ found, unreadable }: Pick<Link, 'found' | 'unreadable'>, managed: boolean): void {
    const { endpoint, version } = found;
    const standing = isUntried(version) ? { newerThan: newestKnown } : {};
    const state = { kind: 'live' as const, url: endpoint.url, version, managed, ...standing };
    this.#setState(unreadable.length === 0 ? state : { ...state, unreadable });
  }

  #nextGeneration(): AbortSignal {
    this.#generation.abort();
    this.#generation = new AbortController();
    this.#link = undefined;
    this.#configuration?.dispose();
    return this.#generation.signal;
  }

  async #useClient(endpoint: Endpoint, generation: AbortSignal): Promise<OpencodeClient> {
    if (this.#asking !== undefined && isSameEndpoint(this.#asking.endpoint, endpoint)) {
      return this.#asking.client;
    }
    const closing = new AbortController();
    const client = await createClient(endpoint, closing.signal, (id) => this.#didMissSession.fire(id));
    generation.throwIfAborted();
    this.#endRequests();
    this.#asking = { endpoint, client, closing };
    return client;
  }

  #endRequests(): void {
    this.#asking?.closing.abort();
    this.#asking = undefined;
  }

  #useSource(): { readonly target: string; readonly server: ServerSource } {
    const target = this.#target();
    if (this.#source?.target !== target) {
      this.#endRequests();
      this.#source?.server.dispose();
      this.#source = { target, server: this.#createSource() };
    }
    return this.#source;
  }

  #createSource(): ServerSource {
    const { settings, keeper, environment, credentials, log } = this.#ports;
    const { url = '', path } = settings();
    if (url.trim() !== '') return new AttachedServer({ url, credentials, environment, timeout: 10_000 });
    return new ManagedServer({ path, ...lifetimes, ...keeper, environment, log });
  }

  /** What the settings ask for, comparable. */
  #target(): string {
    const { url = '', path = '' } = this.#ports.settings();
    return url.trim() === '' ? `path ${path.trim()}` : `url ${url.trim()}`;
  }

  #liveLink(): Link {
    if (this.#link !== undefined) return this.#link;
    throw new UnavailableProblem(l10n.t('There is no connection to an OpenCode server.'), {
      mayHaveArrived: false,
      remedy: { title: l10n.t('Connect…'), command: 'opencodeSessions.server.connect' },
    });
  }

  #requireTrust(): void {
    if (this.#ports.trusted()) return;
    this.#setState({ kind: 'untrusted' });
    throw new Problem(l10n.t('OpenCode is not started in a folder that you do not trust.'), {
      remedy: { title: l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' },
    });
  }

  #fail(problem: Problem): void {
    const detail = problem instanceof NotInstalledProblem ? problem.searched : problem.cause;
    this.#ports.log.error('Server connection failed', problem, ...(detail === undefined ? [] : [detail]));
    this.#nextGeneration();
    const isManaged = this.#isManaged();
    this.#setState(toState(problem, this.#ports.settings().url ?? '', isManaged));
    if (isManaged && problem instanceof ConfigurationProblem) this.#awaitConfiguration(problem);
  }

  /** A server goes on refusing a folder whose configuration it could not read, however it is mended (1.18). */
  #awaitConfiguration({ file }: ConfigurationProblem): void {
    const { log } = this.#ports;
    if (file === undefined) return;
    this.#configuration = watchConfiguration(file, () => {
      log.info('Configuration changed', file);
      this.#begin((source) => source.reread()).catch((error: unknown) => log.debug('No connection', error));
    });
  }

  /**
   * Whether it may be over by itself: the server may come, or someone who runs it may restart it. Where one is waited
   * for, something else may answer in its place for a while; where one is asked for, the address may be wrong.
   */
  #mayPass(problem: Problem, isWaitedFor: boolean): boolean {
    if (problem instanceof ConfigurationProblem) return !this.#isManaged();
    if (lasting.some((kind) => problem instanceof kind)) return false;
    return isWaitedFor || problem instanceof UnavailableProblem || problem.mayHaveArrived;
  }

  #isManaged(): boolean {
    return (this.#ports.settings().url ?? '').trim() === '';
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#didChangeState.fire(state);
  }
}

function toState(problem: Problem, url: string, managed: boolean): ConnectionState {
  if (problem instanceof UnauthorizedProblem) return { kind: 'unauthorised', url, message: problem.message };
  if (problem instanceof IncompatibleProblem) {
    return { kind: 'incompatible', version: problem.version, message: problem.message, managed };
  }
  if (problem instanceof NotInstalledProblem) return { kind: 'notInstalled', searched: problem.searched };
  const needsRestart = managed && problem instanceof ConfigurationProblem;
  return { kind: 'failed', ...toSaid(problem), ...(needsRestart ? { needsRestart } : {}) };
}

function toSaid({ message, remedy }: Problem): Pick<UnreadableFolder, 'message' | 'remedy'> {
  return remedy === undefined ? { message } : { message, remedy };
}

/** What goes on when the same server is asked for again while it is away. */
function absenceOf(state: ConnectionState): Absence | undefined {
  switch (state.kind) {
    case 'reconnecting':
    case 'unreachable':
      return { kind: state.kind, since: state.since };
    case 'stale':
      return { kind: 'reconnecting', since: state.since };
    default:
      return undefined;
  }
}

function brokenOff(end: StreamEnd, { managed }: Pick<ServerSource, 'managed'>): Problem {
  return new UnavailableProblem(howItBroke(end, managed));
}

function howItBroke(end: StreamEnd, managed: boolean): string {
  if (end === 'tooLarge') return l10n.t('The OpenCode server sent an event that is too large to be read.');
  // One of ours stands on this machine: nothing but its end closes the stream.
  return managed
    ? l10n.t('The OpenCode server ended or was restarted.')
    : l10n.t('The connection to the OpenCode server broke off.');
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(l10n.t('Something unexpected went wrong while connecting. The log has the detail.'), {
    cause: error,
    remedy: { title: l10n.t('Show Log'), command: 'opencodeSessions.log.show' },
  });
}
