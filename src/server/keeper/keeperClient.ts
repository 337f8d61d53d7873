import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem, UnavailableProblem } from '../../core/errors.ts';
import { Emitter, type Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import { plainTerminalText } from '../../core/entries/terminalText.ts';
import type { ServerUse } from '../../core/serverUse.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { Dialect, ServerOutput } from '../dialect/dialect.ts';
import type { HandedInCompanion } from '../dialect/serving.ts';
import { JsonLines } from './jsonLines.ts';
import { keeperAddress, type KeeperAddress, prepareKeeperFolders } from './keeperAddress.ts';
import { greetKeeper } from './keeperHandshake.ts';
import {
  FromKeeper,
  type RunningServer,
  type ServerPlace,
  type StartFailure,
  type ToKeeper,
} from './keeperMessages.ts';

export interface LeaseOptions {
  readonly program: string;
  /** The one that it speaks. */
  readonly dialect: Dialect;
  /** The keeper's bundled script. */
  readonly script: string;
  readonly stateFolder: string;
  /** The one that the folder holds. */
  readonly secret: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What a server is started with, at the moment of asking. */
  readonly companion?: (() => HandedInCompanion | undefined) | undefined;
  /** Milliseconds that the server outlives its last window. */
  readonly grace: number;
  /** Milliseconds that a server with a session at work outlives the last that was connected. */
  readonly longestRun: number;
  /** The same where it cannot be known who uses it. */
  readonly longestDoubt: number;
  readonly log: Log;
}

/** A new keeper listens within some 0.1 s; a slow machine is given more. */
const patience = { listening: 20_000, starting: 150_000, telling: 8_000, ending: 20_000, between: 40 };

/** This window's part in the user's one server: the server runs while any window holds a lease. */
export class Lease implements Disposable {
  readonly #socket: Socket;
  readonly #lines: JsonLines;
  readonly #dialect: Dialect;
  readonly #log: Log;
  readonly #companion: () => HandedInCompanion | undefined;
  readonly #didEnd = new Emitter<void>();
  #answer = Promise.withResolvers<RunningServer>();
  #use = Promise.withResolvers<ServerUse | undefined>();

  /** The server ended, or the keeper did. */
  readonly onDidEnd = this.#didEnd.event;

  private constructor(socket: Socket, lines: JsonLines, { dialect, companion, log }: LeaseOptions) {
    this.#dialect = dialect;
    this.#socket = socket;
    this.#lines = lines;
    this.#log = log;
    this.#companion = companion ?? (() => undefined);
    this.#answer.promise.catch(() => undefined);
    void this.#listen();
  }

  /** Connects to the keeper that the windows share, starting it if there is none. */
  static async take(options: LeaseOptions): Promise<Lease> {
    const address = keeperAddress({ ...options, dialect: options.dialect.name });
    await prepareKeeperFolders(address);
    const deadline = Date.now() + patience.listening;
    let launched = 0;
    while (Date.now() < deadline) {
      const lease = await Lease.#tryAt(address.socket, options);
      if (lease !== undefined) return lease;
      // A keeper that is just ending may have stood in the way of the first.
      if (Date.now() - launched > 3_000) {
        launchKeeper(options, address);
        launched = Date.now();
      }
      await delay(patience.between);
    }
    throw new Problem(l10n.t('The program that keeps the OpenCode server running could not be started.'));
  }

  /** Undefined where no keeper listens, or one that is just ending. */
  static async #tryAt(address: string, options: LeaseOptions): Promise<Lease | undefined> {
    const { secret, log } = options;
    const socket = await tryConnect(address);
    if (socket === undefined) return undefined;
    socket.on('error', (error) => log.debug('Keeper connection broke', error));
    const lines = new JsonLines(socket);
    const outcome = await greetKeeper(lines, secret, patience.listening);
    if (outcome === 'proven') return new Lease(socket, lines, options);
    socket.destroy();
    if (outcome === 'closed') return undefined;
    throw outcome === 'foreign' ? foreignKeeper(address) : silentKeeper();
  }

  get isOpen(): boolean {
    return this.#socket.readyState === 'open';
  }

  /** The running server; started if none runs, where the one `before` was if the keeper knows of none. */
  start(before?: ServerPlace): Promise<RunningServer> {
    return this.#ask({ type: 'start', ...withoutUndefined({ before }), ...this.#brought() });
  }

  /** Stops the server, for all windows, and starts another. */
  restart(): Promise<RunningServer> {
    return this.#ask({ type: 'restart', ...this.#brought() });
  }

  /** As `restart`, but a server that others use goes on. */
  reread(): Promise<RunningServer> {
    return this.#ask({ type: 'reread', ...this.#brought() });
  }

  /** Stops the server, for all windows; resolves when it is gone. */
  async stop(): Promise<void> {
    if (!this.isOpen) return;
    const ended = Promise.withResolvers<void>();
    const watch = this.#didEnd.event(() => ended.resolve());
    const timer = setTimeout(() => ended.resolve(), patience.ending);
    this.#tell({ type: 'stop' });
    await ended.promise;
    clearTimeout(timer);
    watch.dispose();
  }

  #brought(): Pick<Extract<ToKeeper, { type: 'start' }>, 'companion'> {
    const companion = this.#companion();
    return companion === undefined ? {} : { companion: { ...companion, options: { ...companion.options } } };
  }

  /** Who uses the server beside this window; undefined where the keeper does not say. */
  async use(): Promise<ServerUse | undefined> {
    if (!this.isOpen) return undefined;
    this.#use = Promise.withResolvers();
    this.#tell({ type: 'use' });
    const timer = setTimeout(() => this.#use.resolve(undefined), patience.telling);
    try {
      return await this.#use.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  dispose(): void {
    this.#didEnd.dispose();
    this.#socket.destroy();
  }

  async #ask(message: ToKeeper): Promise<RunningServer> {
    if (!this.isOpen) throw keeperGone();
    this.#answer = Promise.withResolvers();
    const answer = this.#answer.promise;
    answer.catch(() => undefined);
    this.#tell(message);
    const timer = setTimeout(
      () => this.#answer.reject(startProblem('silent', { text: '', fault: undefined })),
      patience.starting,
    );
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #tell(message: ToKeeper): void {
    this.#lines.write(message);
  }

  async #listen(): Promise<void> {
    await this.#lines.listen(FromKeeper, (message) => this.#apply(message));
    this.#answer.reject(keeperGone());
    this.#use.resolve(undefined);
    this.#didEnd.fire();
  }

  #apply(message: FromKeeper): void {
    switch (message.type) {
      case 'running':
        this.#answer.resolve(message.server);
        return;
      case 'failed': {
        const said = this.#dialect.readOutput(message.output);
        this.#log.error('OpenCode server could not be started', message.why, said.text);
        this.#answer.reject(startProblem(message.why, said));
        return;
      }
      case 'ended':
        this.#log.warn('OpenCode server ended', this.#dialect.readOutput(message.output).text);
        this.#didEnd.fire();
        return;
      case 'reaped':
        this.#log.info('OpenCode server of an earlier crash was stopped');
        return;
      case 'use':
        this.#use.resolve(message.use);
        return;
      case 'stayed':
        this.#log.info('OpenCode server went on without a window', message);
        return;
    }
  }
}

function launchKeeper(options: LeaseOptions, address: KeeperAddress): void {
  const keeper = spawn(
    process.execPath,
    [
      options.script,
      `--program=${options.program}`,
      `--dialect=${options.dialect.name}`,
      `--socket=${address.socket}`,
      `--record=${address.record}`,
      `--folder=${dirname(address.record)}`,
      `--grace=${options.grace}`,
      `--longestRun=${options.longestRun}`,
      `--longestDoubt=${options.longestDoubt}`,
    ],
    {
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
      cwd: options.stateFolder,
      env: { ...options.environment, ELECTRON_RUN_AS_NODE: '1' },
    },
  );
  keeper.on('error', (error) => options.log.error('Keeper could not be started', error));
  keeper.unref();
}

function tryConnect(address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

function keeperGone(): UnavailableProblem {
  return new UnavailableProblem(l10n.t('The OpenCode server was stopped.'));
}

function foreignKeeper(address: string): Problem {
  return new Problem(
    l10n.t(
      'Another program listens at {0}, in the place of the one that keeps the OpenCode server running. It was told nothing. End it, then connect again.',
      address,
    ),
  );
}

function silentKeeper(): UnavailableProblem {
  return new UnavailableProblem(
    l10n.t('The program that keeps the OpenCode server running does not answer (keeper.cjs).'),
  );
}

function startProblem(why: StartFailure, { text, fault }: ServerOutput): Problem {
  const remedy = { title: l10n.t('Show Log'), command: 'opencodeSessions.log.show' };
  const options = { remedy, cause: text };
  switch (why) {
    case 'silent':
      return new Problem(l10n.t('The OpenCode server was started but does not answer.'), options);
    case 'open':
      return new Problem(
        l10n.t('The OpenCode server answers without its password, so it was stopped.'),
        options,
      );
    case 'ended':
      return (
        fault ??
        new Problem(
          l10n.t('The OpenCode server ended while it started. {0}', lastWords(text)).trim(),
          options,
        )
      );
  }
}

/** The line in which a program that ended says why: the one it calls an error, else its last. */
function lastWords(output: string): string {
  const lines = plainTerminalText(output).trim().split('\n');
  return (lines.findLast((line) => /^\s*Error:/.test(line)) ?? lines.at(-1) ?? '').trim();
}
