/**
 * The keeper: a program of its own that runs one OpenCode server for all windows of a user.
 *
 * A window's connection to its socket is its lease. When the last one is closed, by a crash too, the keeper
 * waits a moment (windows reload), stops the server with everything in it, and ends. The server's password
 * is known to the keeper, the server and the windows, and is never written to a disk.
 */
import { stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { prepareKeeperFolders } from './keeperAddress.ts';
import { ToKeeper, type FromKeeper } from './keeperMessages.ts';
import { readJsonLines, writeJsonLine } from './jsonLines.ts';
import { reapServer, removeServerRecord, writeServerRecord } from './serverRecord.ts';
import { ServerProcess, StartError } from './serverProcess.ts';

interface KeeperOptions {
  readonly program: string;
  readonly socket: string;
  readonly record: string;
  /** The server's working folder. */
  readonly folder: string;
  /** Milliseconds that a server outlives its last window. */
  readonly grace: number;
}

class Keeper {
  readonly #options: KeeperOptions;
  readonly #listener: Server;
  readonly #windows = new Set<Socket>();
  #server: Promise<ServerProcess> | undefined;
  #lonely: NodeJS.Timeout | undefined;
  /** The socket file's own number, to notice that another keeper took its place. */
  #inode: number | undefined;
  #ending = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#listener = createServer((window) => this.#welcome(window));
    this.#waitForWindows();
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

  /** Stops the server and ends this process. */
  async end(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    // From here on a window that asks finds no keeper and starts the next one. Closing removes the socket's
    // file, which may be another keeper's by now.
    if (await this.#isFound()) this.#listener.close();
    await this.#stopServer();
    for (const window of this.#windows) window.destroy();
    process.exit(0);
  }

  #welcome(window: Socket): void {
    if (this.#ending) {
      window.destroy();
      return;
    }
    this.#windows.add(window);
    clearTimeout(this.#lonely);
    window.on('error', () => window.destroy());
    window.on('close', () => {
      this.#windows.delete(window);
      if (this.#windows.size === 0) this.#waitForWindows();
    });
    readJsonLines(window, ToKeeper, (message) => {
      void this.#answer(message, window);
    });
  }

  #waitForWindows(): void {
    clearTimeout(this.#lonely);
    this.#lonely = setTimeout(() => void this.end(), this.#options.grace);
  }

  #answer({ type }: ToKeeper, window: Socket): Promise<void> {
    switch (type) {
      case 'start':
        return this.#start(window);
      case 'restart':
        return this.#restart();
      case 'reread':
        return this.#windows.size < 2 ? this.#restart() : this.#start(window);
    }
  }

  async #start(window: Socket): Promise<void> {
    this.#server ??= this.#launch();
    await this.#announce(this.#server, [window]);
  }

  async #restart(): Promise<void> {
    await this.#stopServer();
    this.#server ??= this.#launch();
    await this.#announce(this.#server, this.#windows);
  }

  async #announce(starting: Promise<ServerProcess>, windows: Iterable<Socket>): Promise<void> {
    try {
      const { server } = await starting;
      if (!(await this.#isFound())) return void this.end();
      tell(windows, { type: 'running', server });
    } catch (error) {
      if (this.#server === starting) this.#server = undefined;
      const { why, output } = error instanceof StartError ? error : new StartError('ended', String(error));
      tell(windows, { type: 'failed', why, output });
    }
  }

  async #launch(): Promise<ServerProcess> {
    const { program, folder, record } = this.#options;
    if (await reapServer(record)) tell(this.#windows, { type: 'reaped' });
    const process_ = await ServerProcess.start({
      program,
      folder,
      environment: process.env,
      onSpawn: (pid) => writeServerRecord(record, pid),
    });
    void process_.ended.then(() => this.#forget(process_));
    return process_;
  }

  async #forget(ended: ServerProcess): Promise<void> {
    await removeServerRecord(this.#options.record, ended.server.pid);
    if ((await this.#server?.catch(() => undefined)) === ended) this.#server = undefined;
    tell(this.#windows, { type: 'ended', output: ended.output });
  }

  async #stopServer(): Promise<void> {
    const server = await this.#server?.catch(() => undefined);
    this.#server = undefined;
    await server?.stop();
    if (server !== undefined) await removeServerRecord(this.#options.record, server.server.pid);
  }

  /** Two keepers that clear the same stale socket can both listen; only one of them can be found. */
  async #isFound(): Promise<boolean> {
    return this.#inode === (await inodeOf(this.#options.socket));
  }
}

function tell(windows: Iterable<Socket>, message: FromKeeper): void {
  for (const window of windows) writeJsonLine(window, message);
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
    options: { program: text, socket: text, record: text, folder: text, grace: text },
  });
  return { ...values, grace: Number(values.grace) };
}

const keeper = new Keeper(readOptions());
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => void keeper.end());
void keeper.listen().then((listens) => {
  return listens ? undefined : process.exit(0);
});
