import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionState } from '../core/state/connectionState.ts';
import { ConfigurationProblem, Problem, UnavailableProblem } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { ServerSink } from '../core/ports/serverSink.ts';
import type { ServerUse } from '../core/serverUse.ts';
import { type AttachCommand, attachCommand } from './source/attachTerminal.ts';
import {
  chooseProgram,
  chooseProgramFor,
  type ChosenProgram,
  homeOf,
  type ProgramChoice,
} from './source/chooseProgram.ts';
import { attachedAddress, createSource, type SourcePorts, targetOf } from './source/chooseSource.ts';
import { watchFile } from './source/watchFile.ts';
import {
  type Absence,
  absenceOf,
  brokenOff,
  mayPass,
  pauseBefore,
  toAbsence,
  toLive,
  toProblem,
  toStarting,
  toState,
} from './connectionFailure.ts';
import { AskedServer } from './askedServer.ts';
import type { DialectPorts, StreamEnd } from './dialect/dialect.ts';
import type { Dialects } from './dialect/versions.ts';
import { createDialects } from './dialects.ts';
import { NotInstalledProblem } from './source/findOpenCode.ts';
import { type Link, openLink } from './link.ts';
import { liveOpenCode } from './liveOpenCode.ts';
import type { FoundServer, ServerSource } from './source/serverSource.ts';
import { waitUntil } from './waits.ts';

export interface ConnectionPorts extends SourcePorts, Pick<DialectPorts, 'kept'> {
  /** Absolute paths of the workspace folders. */
  readonly directories: () => readonly string[];
  readonly trusted: () => boolean;
  readonly sinks: readonly ServerSink[];
  /** Absent: all that there are. */
  readonly dialects?: Dialects;
  /** Milliseconds of silence after which a connection counts as dead. */
  readonly silence?: number;
}

/** A connection that held so long may come back at once when it breaks; one that did not waits longer each time. */
const steady = 30_000;

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
  readonly #dialects: Dialects;
  readonly #asked: AskedServer;
  readonly #closing = new AbortController();
  #state: ConnectionState = { kind: 'stopped' };
  #generation = new AbortController();
  #source: { readonly target: string; readonly server: ServerSource } | undefined;
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
    const live = (): OpenCode => this.#liveLink().openCode;
    const wait = waitUntil(this.#closing.signal);
    this.#dialects = ports.dialects ?? createDialects({ ...ports, live, wait });
    this.#asked = new AskedServer(this.#dialects[0], (id) => this.#didMissSession.fire(id));
    this.openCode = liveOpenCode(live, () => this.#asked.dialect.abilities);
  }

  /** The command that installs an OpenCode that is spoken with. */
  get installCommand(): string {
    return this.#dialects[0].installCommand;
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
    const target = targetOf(this.#ports.settings());
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
    const { found } = this.#liveLink();
    const { endpoint } = found;
    const { program } = await chooseProgramFor(found, this.#programChoice);
    return attachCommand({ program, endpoint, session, home: homeOf(this.#ports.environment) });
  }

  /** The program on this machine, of which a server of ours is one. Throws a `Problem` where there is none. */
  async chooseProgram(): Promise<ChosenProgram> {
    return chooseProgram(this.#programChoice);
  }

  get #programChoice(): ProgramChoice {
    const { settings, keeper } = this.#ports;
    const { stateFolder } = keeper;
    return { ...this.#ports, path: settings().path, dialects: this.#dialects, stateFolder };
  }

  /** Loads what the workspace folders hold, after they changed. */
  async refreshDirectories(): Promise<void> {
    const link = this.#link;
    if (link === undefined || this.#state.kind !== 'live') return;
    const directories = await link.found.dialect.nameDirectories(this.#ports.directories());
    link.directories = directories;
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
    this.#closing.abort();
    this.#nextGeneration();
    this.#generation.abort();
    this.#asked.end();
    this.#source?.server.dispose();
    this.#source = undefined;
    this.#setState({ kind: 'stopped' });
    this.#didChangeState.dispose();
    this.#didMissSession.dispose();
  }

  #begin(open: (source: ServerSource) => Promise<FoundServer>): Promise<void> {
    const target = targetOf(this.#ports.settings());
    const absence = this.#source?.target === target ? absenceOf(this.#state) : undefined;
    if (absence === undefined) this.#attempt = 0;
    const generation = this.#nextGeneration();
    if (absence === undefined) this.#setState(toStarting(this.#ports.settings()));
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
      this.#setState(toAbsence(absence, problem, this.#attempt));
      void this.#reconnect(absence, problem);
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
    const link = await this.#openLink(found, server, generation);
    generation.throwIfAborted();
    // Before the stores are told of the snapshot: what hears it from them may ask the server for more.
    this.#link = link;
    await link.sync.load(link.directories);
    generation.throwIfAborted();
    log.info('Server connected', found.endpoint.url, found.version);
    this.#setState(toLive(link, server));
    void this.#watch(link, server, generation);
  }

  async #openLink(found: FoundServer, server: ServerSource, generation: AbortSignal): Promise<Link> {
    const openCode = await this.#asked.use(found, generation);
    return openLink({
      ...this.#ports,
      found,
      openCode,
      generation,
      onProblem: (problem) => void this.#breakOff(problem),
      onUnreadable: (link) => {
        if (this.#state.kind === 'live') this.#setState(toLive(link, server));
      },
    });
  }

  /** Waits for the end of a link, and brings the connection back. */
  async #watch(link: Link, source: ServerSource, generation: AbortSignal): Promise<void> {
    const gone = Promise.withResolvers<StreamEnd>();
    const watches = [
      source.onDidEnd(() => gone.resolve('closed')),
      source.onDidMeetService?.(() => this.#setState(toLive(link, source))),
    ];
    const end = await Promise.race([link.ended, gone.promise]);
    for (const watch of watches) watch?.dispose();
    if (generation.aborted) return;
    const since = Date.now();
    this.#ports.log.warn('Server connection broke', end);
    if (since - link.openedAt > steady) this.#attempt = 0;
    const absence: Absence = { kind: 'reconnecting', since };
    this.#setState(
      end === 'silent' ? { kind: 'stale', since } : toAbsence(absence, brokenOff(end, source), this.#attempt),
    );
    await this.#reconnect(absence);
  }

  /** Tries until the connection is back, until someone else takes over, or until trying is of no use. */
  async #reconnect(absence: Absence, last?: Problem): Promise<void> {
    let generation = this.#nextGeneration();
    let said = last;
    while (!generation.aborted) {
      this.#attempt += 1;
      const wait = pauseBefore(this.#attempt, said);
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
        said = problem;
        this.#setState(toAbsence(absence, problem, this.#attempt));
        // Half-opened things of the failed attempt must not speak into the next one.
        generation = this.#nextGeneration();
      }
    }
  }

  #mayPass(problem: Problem, isWaitedFor: boolean): boolean {
    const isAttached = attachedAddress(this.#ports.settings()) !== undefined;
    return mayPass(problem, { isWaitedFor, isManaged: this.#isManaged, isAttached });
  }

  get #isManaged(): boolean {
    return this.#source?.server.managed ?? true;
  }

  #nextGeneration(): AbortSignal {
    this.#generation.abort();
    this.#generation = new AbortController();
    this.#link = undefined;
    this.#configuration?.dispose();
    return this.#generation.signal;
  }

  #useSource(): { readonly target: string; readonly server: ServerSource } {
    const target = targetOf(this.#ports.settings());
    if (this.#source?.target !== target) {
      this.#asked.end();
      this.#source?.server.dispose();
      this.#source = { target, server: createSource(this.#ports, this.#dialects) };
    }
    return this.#source;
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
    const isManaged = this.#isManaged;
    this.#setState(toState(problem, attachedAddress(this.#ports.settings()) ?? '', isManaged));
    if (isManaged && problem instanceof ConfigurationProblem) this.#awaitConfiguration(problem);
  }

  /** A server may go on refusing a folder whose configuration it could not read, however it is mended. */
  #awaitConfiguration({ file }: ConfigurationProblem): void {
    const { log } = this.#ports;
    if (file === undefined) return;
    this.#configuration = watchFile(file, () => {
      log.info('Configuration changed', file);
      this.#begin((source) => source.reread()).catch((error: unknown) => log.debug('No connection', error));
    });
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#didChangeState.fire(state);
  }
}
