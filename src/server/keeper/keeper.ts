/**
 * The keeper: a program of its own that runs one OpenCode server for all windows of a user.
 *
 * A window's connection to its socket is its lease, once each has proven to the other that it is this user's. When the last one is closed, by a crash too, the keeper
 * waits a moment (windows reload), stops the server with everything in it, and ends; but while a session works or
 * another program is connected (OpenCode's own terminal, a browser), it and the server stay. The server's password
 * is known to the keeper, the server and the windows, and is never written to a disk.
 */
import { existsSync } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import type { HandedInCompanion, Serving } from '../dialect/serving.ts';
import { prepareKeeperFolders } from './keeperAddress.ts';
import { ToKeeper, type FromKeeper, type ServerPlace } from './keeperMessages.ts';
import { JsonLines } from './jsonLines.ts';
import { admitWindow } from './keeperHandshake.ts';
import { keeperSecret } from './keeperSecret.ts';
import { clearServerRecord, lastPort, noteNeed, reapServer, writeServerRecord } from './serverRecord.ts';
import { ServerProcess, StartError } from './serverProcess.ts';
import { type Need, ServerUsers } from './serverUsers.ts';
import { servingOf } from './servings.ts';

interface KeeperOptions {
  readonly program: string;
  /** The name of the one that the program speaks. */
  readonly dialect: string;
  readonly socket: string;
  readonly record: string;
  /** The server's working folder. */
  readonly folder: string;
  /** Milliseconds that a server outlives its last window. */
  readonly grace: number;
  /** Milliseconds that a server with a session at work outlives the last that was connected. */
  readonly longestRun: number;
  /** The same where it cannot be known who uses it. */
  readonly longestDoubt: number;
}

/** A server that ended by itself sooner than this (milliseconds) is not started again without a window. */
const steady = 30_000;

/** The running server and who uses it. */
interface Kept {
  readonly process: ServerProcess;
  readonly users: ServerUsers;
  readonly since: number;
}

/** A window that has proven that it is this user's, by its process. */
interface Window {
  readonly pid: number;
  readonly lines: JsonLines;
}

class Keeper {
  readonly #options: KeeperOptions;
  readonly #serving: Serving;
  readonly #secret: string;
  readonly #listener: Server;
  readonly #windows = new Set<Window>();
  readonly #sockets = new Set<Socket>();
  #server: Promise<Kept> | undefined;
  /** Resolves when the server before is gone: its port is not free before that. */
  #stopping: Promise<void> = Promise.resolve();
  /** Where the last server listened. */
  #place: Partial<ServerPlace> = {};
  /** What the last window that asked for a server brought along. */
  #companion: HandedInCompanion | undefined;
  /** While it is true, windows that lost the server ask for the next one, and have no say in how that is run. */
  #isRestarting = false;
  #lonely: NodeJS.Timeout | undefined;
  #solitude = new Solitude();
  /** The socket file's own number, to notice that another keeper took its place. */
  #inode: number | undefined;
  #ending = false;

  constructor(options: KeeperOptions, secret: string) {
    this.#options = options;
    this.#serving = servingOf(options.dialect);
    this.#secret = secret;
    this.#listener = createServer((socket) => void this.#welcome(socket));
    this.#beginSolitude();
  }

  /** Listens, or answers false because another keeper does. */
  async listen(): Promise<boolean> {
    await prepareKeeperFolders(this.#options);
    process.umask(0o077);
    if (!(await listenOn(this.#listener, this.#options.socket))) {
      if (await someoneListens(this.#options.socket)) return false;
      await unlink(this.#options.socket);
      if (!(await listenOn(this.#listener, this.#options.socket))) return false;
    }
    this.#inode = await inodeOf(this.#options.socket);
    return true;
  }

  /** Stops the server and ends this process. Runs that no person stopped are cut off, and can be known by that. */
  async end(how = { abort: false }): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    // From here on a window that asks finds no keeper and starts the next one. Closing removes the socket's
    // file, which may be another keeper's by now.
    if (await this.#isFound()) this.#listener.close();
    await this.#stopServer(how);
    for (const socket of this.#sockets) socket.destroy();
    process.exit(0);
  }

  /** Whoever does not prove to be this user's is told nothing and keeps nothing running. */
  async #welcome(socket: Socket): Promise<void> {
    socket.on('error', () => socket.destroy());
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const lines = new JsonLines(socket);
    const pid = this.#ending ? undefined : await admitWindow(lines, this.#secret);
    if (pid === undefined || this.#ending) return void socket.destroy();
    await this.#serve({ pid, lines });
  }

  async #serve(window: Window): Promise<void> {
    this.#windows.add(window);
    clearTimeout(this.#lonely);
    const stay = this.#solitude.said;
    this.#solitude = new Solitude();
    if (stay !== undefined) {
      tell([window], { type: 'stayed', ...stay });
      void this.#note(undefined);
    }
    await window.lines.listen(ToKeeper, (message) => void this.#answer(message, window));
    this.#windows.delete(window);
    if (this.#windows.size === 0) this.#beginSolitude();
  }

  #beginSolitude(): void {
    this.#solitude = new Solitude();
    this.#lookLater();
  }

  #lookLater(): void {
    clearTimeout(this.#lonely);
    this.#lonely = setTimeout(() => void this.#lookWhetherNeeded(), this.#options.grace);
  }

  /** Ends unless the server is needed; one that was needed outlives that by the grace, too. */
  async #lookWhetherNeeded(): Promise<void> {
    const solitude = this.#solitude;
    const kept = await this.#server?.catch(() => undefined);
    const need = (await kept?.users.need()) ?? 'none';
    // A window came meanwhile; it may have gone again.
    if (this.#solitude !== solitude) return;
    if (solitude.ends(need, this.#options)) return this.end({ abort: need === 'none' });
    this.#lookLater();
    await this.#note(need === 'none' ? undefined : need);
  }

  async #note(need: Need | undefined): Promise<void> {
    const kept = await this.#server?.catch(() => undefined);
    if (kept !== undefined) await noteNeed(this.#options.record, kept.process.server.pid, need);
  }

  #answer(message: ToKeeper, window: Window): Promise<void> {
    switch (message.type) {
      case 'start':
        if (!this.#isRestarting) this.#companion = message.companion;
        return this.#start(window, message.before);
      case 'restart':
        this.#companion = message.companion;
        return this.#restart();
      case 'reread':
        this.#companion = message.companion;
        return this.#reread(window);
      case 'stop':
        return this.#stopServer({ abort: true });
      case 'use':
        return this.#tellUse(window);
    }
  }

  async #start(window: Window, before?: ServerPlace): Promise<void> {
    if (!(await this.#isFound())) return this.end();
    if (this.#place.password === undefined && before !== undefined) this.#place = before;
    this.#server ??= this.#launch();
    await this.#announce(this.#server, [window]);
  }

  async #restart(): Promise<void> {
    if (!(await this.#isFound())) return this.end();
    this.#isRestarting = true;
    try {
      await this.#stopServer({ abort: true });
      this.#server ??= this.#launch();
      await this.#announce(this.#server, this.#windows);
    } finally {
      this.#isRestarting = false;
    }
  }

  async #reread(window: Window): Promise<void> {
    const kept = await this.#server?.catch(() => undefined);
    const need = this.#windows.size > 1 ? 'connected' : await kept?.users.need(this.#windowProcesses());
    await (need === undefined || need === 'none' ? this.#restart() : this.#start(window));
  }

  async #tellUse(window: Window): Promise<void> {
    const kept = await this.#server?.catch(() => undefined);
    const [working, clients] =
      kept === undefined
        ? [[], []]
        : await Promise.all([kept.users.workingTitles(), kept.users.clients(this.#windowProcesses())]);
    tell([window], {
      type: 'use',
      use: {
        windows: this.#windows.size - 1,
        ...(working === undefined ? {} : { working }),
        ...(clients === undefined ? {} : { clients: clients.map(({ name }) => name) }),
      },
    });
  }

  #windowProcesses(): number[] {
    return [...this.#windows].map(({ pid }) => pid);
  }

  async #announce(starting: Promise<Kept>, windows: Iterable<Window>): Promise<void> {
    try {
      const { server } = (await starting).process;
      if (!(await this.#isFound())) return void this.end();
      tell(windows, { type: 'running', server });
    } catch (error) {
      if (this.#server === starting) this.#server = undefined;
      const { why, output } = error instanceof StartError ? error : new StartError('ended', String(error));
      tell(windows, { type: 'failed', why, output });
    }
  }

  async #launch(): Promise<Kept> {
    const companion = this.#findCompanion();
    await this.#stopping;
    const { program, folder, record } = this.#options;
    if (await reapServer(record)) tell(this.#windows, { type: 'reaped' });
    const port = this.#place.port ?? (await lastPort(record));
    const process_ = await ServerProcess.start({
      program,
      serving: this.#serving,
      folder,
      environment: process.env,
      companion,
      onSpawn: (spawned) => writeServerRecord(record, spawned),
      wish: { ...this.#place, ...(port === undefined ? {} : { port }) },
    });
    const { server } = process_;
    this.#place = { port: Number(new URL(server.url).port), password: server.password };
    const kept = {
      process: process_,
      users: new ServerUsers(server, this.#serving),
      since: performance.now(),
    };
    void process_.ended.then(() => this.#forget(kept));
    return kept;
  }

  /** A version of the extension that was replaced takes its companion along. */
  #findCompanion(): HandedInCompanion | undefined {
    const brought = this.#companion;
    return brought !== undefined && existsSync(brought.file) ? brought : undefined;
  }

  async #forget(ended: Kept): Promise<void> {
    const { process: process_, users, since } = ended;
    users.dispose();
    const isUnasked = (await this.#server?.catch(() => undefined)) === ended;
    if (isUnasked) this.#server = undefined;
    await clearServerRecord(this.#options.record, process_.server.pid);
    tell(this.#windows, { type: 'ended', output: process_.output });
    // A window asks for the next one; without any, what else is connected would wait for it in vain.
    const isLonely = this.#windows.size === 0 && !this.#ending && (await this.#isFound());
    if (isUnasked && isLonely && performance.now() - since > steady) {
      this.#server ??= this.#launch();
      await this.#announce(this.#server, this.#windows);
    }
  }

  async #stopServer(how: { readonly abort: boolean }): Promise<void> {
    const ending = this.#server;
    this.#server = undefined;
    this.#stopping = Promise.all([this.#stopping, this.#stop(ending, how)]).then(() => undefined);
    await this.#stopping;
  }

  async #stop(ending: Promise<Kept> | undefined, how: { readonly abort: boolean }): Promise<void> {
    const kept = await ending?.catch(() => undefined);
    if (kept === undefined) return;
    await kept.process.stop(how);
    await clearServerRecord(this.#options.record, kept.process.server.pid);
  }

  /**
   * Two keepers that clear the same stale socket can both listen; only one of them can be found. The other must start
   * nothing: it would take the server of the one that is found for a leftover.
   */
  async #isFound(): Promise<boolean> {
    return this.#inode === (await inodeOf(this.#options.socket));
  }
}

/** The time without a window: how long it may last, and what is said of it afterwards. */
class Solitude {
  readonly #since = performance.now();
  #lastConnected = performance.now();
  #isQuiet = true;
  #why: Need = 'none';

  /** Whether it is over, by what is needed; asked once each grace. */
  ends(need: Need, { longestRun, longestDoubt }: KeeperOptions): boolean {
    const wasQuiet = this.#isQuiet;
    this.#isQuiet = need === 'none';
    if (need === 'none') return wasQuiet;
    this.#why = need;
    if (need === 'connected') this.#lastConnected = performance.now();
    const longest = { connected: Infinity, working: longestRun, unknown: longestDoubt }[need];
    return performance.now() - this.#lastConnected > longest;
  }

  /** For the window that comes; undefined where it was not longer than the grace. */
  get said(): { readonly minutes: number; readonly why: Exclude<Need, 'none'> } | undefined {
    const minutes = Math.round((performance.now() - this.#since) / 60_000);
    return this.#why === 'none' ? undefined : { minutes, why: this.#why };
  }
}

function tell(windows: Iterable<Window>, message: FromKeeper): void {
  for (const { lines } of windows) lines.write(message);
}

function listenOn(listener: Server, socket: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    listener.once('error', onError);
    listener.listen(socket, () => {
      listener.off('error', onError);
      resolve(true);
    });
  });
}

function someoneListens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const visitor = connect(socket);
    visitor.once('connect', () => resolve(true));
    visitor.once('error', () => resolve(false));
    visitor.once('connect', () => visitor.destroy());
  });
}

async function inodeOf(socket: string): Promise<number | undefined> {
  // A named pipe is no file, and only one process can make it.
  if (process.platform === 'win32') return undefined;
  return stat(socket).then(
    ({ ino }) => ino,
    () => -1,
  );
}

function readOptions(): KeeperOptions {
  const text = { type: 'string' as const, default: '' };
  const { values } = parseArgs({
    options: {
      program: text,
      dialect: text,
      socket: text,
      record: text,
      folder: text,
      grace: text,
      longestRun: text,
      longestDoubt: text,
    },
  });
  return {
    ...values,
    grace: Number(values.grace),
    longestRun: Number(values.longestRun),
    longestDoubt: Number(values.longestDoubt),
  };
}

async function run(): Promise<void> {
  const options = readOptions();
  const keeper = new Keeper(options, await keeperSecret(options.folder));
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => void keeper.end());
  if (!(await keeper.listen())) process.exit(0);
}

void run();
