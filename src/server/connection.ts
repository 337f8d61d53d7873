import { setTimeout as delay } from 'node:timers/promises';
import type { OpencodeClient } from '@opencode-ai/sdk/v2/client';
import type { ConnectionState } from '../core/connectionState.ts';
import { Problem, UnauthorizedProblem, UnavailableProblem } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/openCode.ts';
import type { ServerSink } from '../core/serverSink.ts';
import { AttachedServer } from './attachedServer.ts';
import { backoff } from './backoff.ts';
import { DirectorySet, realDirectories } from './directories.ts';
import { EventParser } from './eventParser.ts';
import { openEventStream, type StreamEnd } from './eventStream.ts';
import { NotInstalledProblem } from './findOpenCode.ts';
import { ManagedServer } from './managedServer.ts';
import { createClient, OpenCode118 } from './openCode118.ts';
import type { FoundServer, ServerSource } from './serverSource.ts';
import { Sync } from './sync.ts';
import { IncompatibleProblem, wantedVersions } from './versions.ts';

export interface ConnectionPorts {
  /** Read at each connect. */
  readonly settings: () => { readonly path?: string; readonly url?: string };
  /** Absolute paths of the workspace folders. */
  readonly directories: () => readonly string[];
  /** For attached servers only. */
  readonly credentials: (url: string) => Promise<{ username: string; password: string } | undefined>;
  /** `grace`: milliseconds that a managed server outlives its last window, for windows that reload. */
  readonly keeper: { readonly script: string; readonly stateFolder: string; readonly grace?: number };
  readonly environment: NodeJS.ProcessEnv;
  readonly trusted: () => boolean;
  readonly sinks: readonly ServerSink[];
  readonly log: Log;
  /** Milliseconds of silence after which a connection counts as dead. */
  readonly silence?: number;
}

/** A connection that held so long may come back at once when it breaks; one that did not waits longer each time. */
const steady = 30_000;

/** One generation of the connection: what was opened together, and ends together. */
interface Link {
  readonly found: FoundServer;
  readonly client: OpencodeClient;
  readonly sync: Sync;
  readonly openedAt: number;
  readonly ended: Promise<StreamEnd>;
  directories: DirectorySet;
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
  readonly #parser: EventParser;
  #state: ConnectionState = { kind: 'stopped' };
  #generation = new AbortController();
  #source: { readonly target: string; readonly server: ServerSource } | undefined;
  #link: Link | undefined;
  #connecting: { readonly target: string; readonly done: Promise<void> } | undefined;
  /** Attempts since the connection last held for a while. */
  #attempt = 0;

  readonly onDidChangeState = this.#didChangeState.event;
  readonly openCode: OpenCode;

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
    this.#parser = new EventParser(ports.log);
    this.openCode = new OpenCode118(() => this.#client());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /**
   * Starts or attaches, as the settings say, and resolves when the connection is live; at once if it is.
   * While it is reconnecting, this tries now. Throws a `Problem` when it does not come about.
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

  /** Loads what the workspace folders hold, after they changed. */
  async refreshDirectories(): Promise<void> {
    const link = this.#link;
    if (link === undefined || this.#state.kind !== 'live') return;
    const directories = await realDirectories(this.#ports.directories());
    link.directories = new DirectorySet(directories);
    await link.sync.load(directories);
  }

  dispose(): void {
    this.#generation.abort();
    this.#link = undefined;
    this.#source?.server.dispose();
    this.#source = undefined;
    this.#setState({ kind: 'stopped' });
    this.#didChangeState.dispose();
  }

  #begin(open: (source: ServerSource) => Promise<FoundServer>): Promise<void> {
    const target = this.#target();
    const before = this.#state;
    const generation = this.#nextGeneration();
    if (before.kind !== 'reconnecting') this.#setState({ kind: 'starting' });
    const done: Promise<void> = this.#establish(generation, open)
      .catch((error: unknown) => {
        if (!generation.aborted) throw this.#giveUp(toProblem(error), before);
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

  /** A connection that was coming back goes on trying; one that was asked for stands as failed. */
  #giveUp(problem: Problem, before: ConnectionState): Problem {
    if (before.kind === 'reconnecting' && problem instanceof UnavailableProblem) {
      this.#setState(this.#reconnecting(before.since, problem.message));
      void this.#reconnect(before.since);
    } else this.#fail(problem);
    return problem;
  }

  async #establish(
    generation: AbortSignal,
    open: (source: ServerSource) => Promise<FoundServer>,
  ): Promise<void> {
    const { log } = this.#ports;
    const { server } = this.#useSource();
    const found = await open(server);
    generation.throwIfAborted();
    const link = await this.#openLink(found, generation);
    generation.throwIfAborted();
    log.info('Server connected', found.endpoint.url, found.version);
    this.#link = link;
    this.#setState({
      kind: 'live',
      url: found.endpoint.url,
      version: found.version,
      managed: server.managed,
    });
    void this.#watch(link, server, generation);
  }

  async #openLink(found: FoundServer, generation: AbortSignal): Promise<Link> {
    const { sinks, log, silence } = this.#ports;
    const client = await createClient(found.endpoint, generation);
    const sync = new Sync({
      openCode: new OpenCode118(() => client),
      sinks,
      isCurrent: () => !generation.aborted,
      onProblem: (problem) => this.#fail(toProblem(problem)),
      log,
    });
    const directories = await realDirectories(this.#ports.directories());
    const link = { found, client, sync, openedAt: Date.now(), directories: new DirectorySet(directories) };
    const { ended } = await openEventStream({
      endpoint: found.endpoint,
      signal: generation,
      ...(silence === undefined ? {} : { silence }),
      onData: (data) => {
        const event = this.#parser.parse(data, link.directories);
        if (event !== undefined) sync.take(event);
      },
    });
    await sync.load(directories);
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
    this.#setState(end === 'silent' ? { kind: 'stale', since } : this.#reconnecting(since, end));
    await this.#reconnect(since);
  }

  /** Tries until the connection is back, until someone else takes over, or until trying is of no use. */
  async #reconnect(since: number): Promise<void> {
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
        if (!(problem instanceof UnavailableProblem)) return this.#fail(problem);
        this.#setState(this.#reconnecting(since, problem.message));
        // Half-opened things of the failed attempt must not speak into the next one.
        generation = this.#nextGeneration();
      }
    }
  }

  #reconnecting(since: number, reason: string): ConnectionState {
    return { kind: 'reconnecting', since, attempt: Math.max(1, this.#attempt), reason };
  }

  #nextGeneration(): AbortSignal {
    this.#generation.abort();
    this.#generation = new AbortController();
    this.#link = undefined;
    return this.#generation.signal;
  }

  #useSource(): { readonly target: string; readonly server: ServerSource } {
    const target = this.#target();
    if (this.#source?.target !== target) {
      this.#source?.server.dispose();
      this.#source = { target, server: this.#createSource() };
    }
    return this.#source;
  }

  #createSource(): ServerSource {
    const { settings, keeper, environment, credentials, log } = this.#ports;
    const { url = '', path } = settings();
    if (url.trim() !== '') return new AttachedServer({ url, credentials, environment, timeout: 10_000 });
    return new ManagedServer({ path, grace: 10_000, ...keeper, environment, log });
  }

  /** What the settings ask for, comparable. */
  #target(): string {
    const { url = '', path = '' } = this.#ports.settings();
    return url.trim() === '' ? `path ${path.trim()}` : `url ${url.trim()}`;
  }

  #client(): OpencodeClient {
    if (this.#link !== undefined) return this.#link.client;
    throw new UnavailableProblem(l10n.t('There is no connection to an OpenCode server.'), {
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
    this.#ports.log.error('Server connection failed', problem);
    this.#nextGeneration();
    this.#setState(toState(problem, this.#ports.settings().url ?? ''));
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#didChangeState.fire(state);
  }
}

function toState(problem: Problem, url: string): ConnectionState {
  if (problem instanceof UnauthorizedProblem) return { kind: 'unauthorised', url };
  if (problem instanceof IncompatibleProblem) {
    return { kind: 'incompatible', version: problem.version, wanted: wantedVersions };
  }
  if (problem instanceof NotInstalledProblem) return { kind: 'notInstalled', searched: problem.searched };
  return { kind: 'failed', message: problem.message };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new UnavailableProblem(l10n.t('The OpenCode server cannot be reached.'), { cause: error });
}
