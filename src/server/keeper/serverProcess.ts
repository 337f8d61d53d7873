import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { blotText } from '../http/blotted.ts';
import { commandLine } from './commandLine.ts';
import type { HandedInCompanion, Serving } from '../dialect/serving.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { freePort, isFreePort } from '../http/freePort.ts';
import type { RunningServer, ServerPlace, StartFailure } from './keeperMessages.ts';
import { descendants, killTree, signal } from './processTree.ts';

/** Milliseconds. */
const patience = { listening: 60_000, answering: 60_000, ending: 1_000, endingOfInput: 5_000 };

/** The server could not be started. */
export class StartError extends Error {
  readonly why: StartFailure;
  readonly output: string;

  constructor(why: StartFailure, output: string) {
    super(`opencode serve: ${why}`);
    this.why = why;
    this.output = output;
  }
}

export interface StartOptions {
  readonly program: string;
  readonly serving: Serving;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly companion?: HandedInCompanion | undefined;
  readonly onSpawn: (spawned: { readonly pid: number; readonly port: number }) => Promise<void>;
  /** Where it listened before, and its password then. */
  readonly wish?: Partial<ServerPlace>;
}

/** An `opencode serve` that runs below this process, behind a random password on loopback. One that holds its input ends with this process, however that ends. */
export class ServerProcess {
  readonly server: RunningServer;
  readonly #child: Child;
  readonly #serving: Serving;

  private constructor(child: Child, server: RunningServer, serving: Serving) {
    this.#serving = serving;
    this.#child = child;
    this.server = server;
  }

  /** Resolves when the process is gone. */
  get ended(): Promise<void> {
    return this.#child.ended;
  }

  /** The end of what it printed. */
  get output(): string {
    return this.#child.output;
  }

  /**
   * Starts the server and waits until it answers; `onSpawn` is told of it before anything else. It listens at the
   * wished place where nobody else does, so that other clients find it again. Where someone else does, clients may have
   * shown the password there: then the port and the password are others.
   * @throws StartError
   */
  static async start({ wish = {}, ...options }: StartOptions): Promise<ServerProcess> {
    // Where the last one listened may be anybody, who would be told a password that stayed.
    if (options.serving.holdsInput) {
      return ServerProcess.#startAt({ port: 0, password: makePassword() }, options);
    }
    const { port, password = makePassword() } = wish;
    if (port !== undefined && (await isFreePort(port))) {
      try {
        return await ServerProcess.#startAt({ port, password }, options);
      } catch (error) {
        if (await isFreePort(port)) throw error;
      }
    }
    const place = { port: await freePort(), password: port === undefined ? password : makePassword() };
    return ServerProcess.#startAt(place, options);
  }

  static async #startAt(
    { port, password }: ServerPlace,
    options: Omit<StartOptions, 'wish'>,
  ): Promise<ServerProcess> {
    const { serving } = options;
    const child = new Child(spawnServer(options, password, port), password, serving);
    try {
      const pid = await child.spawned;
      await options.onSpawn({ pid, port });
      const url = await withPatience(child.listening, patience.listening, () => child.failure('silent'));
      const endpoint = { url, username: serving.username, password };
      const version = await untilAnswering(serving, endpoint, child);
      await requireProtected(serving, endpoint, child);
      return new ServerProcess(child, { ...endpoint, version, pid }, serving);
    } catch (error) {
      await child.kill();
      throw error;
    }
  }

  /**
   * Ends it with the runs and tools that it holds. `abort` stops its runs first, as a person would, and keeps what they
   * said so far; without it they are cut off, and can be told from those that a person stopped.
   */
  async stop({ abort }: { readonly abort: boolean }): Promise<void> {
    if (this.#child.hasEnded) return;
    const { pid } = this.server;
    // A signal may leave its tools behind.
    const tools = await descendants(pid);
    if (abort) await this.#serving.endRuns(this.server);
    this.#child.askToEnd(pid);
    if (!(await this.#endsInTime())) {
      await killTree(pid);
      await this.#endsInTime();
    }
    for (const tool of tools) if (tool !== pid) await killTree(tool);
  }

  #endsInTime(): Promise<boolean> {
    const { ending, endingOfInput } = patience;
    const wait = this.#serving.holdsInput ? endingOfInput : ending;
    return Promise.race([this.ended.then(() => true), delay(wait, false)]);
  }
}

/** The process and what it prints, watched from its first moment: it may end before anyone asks. */
class Child {
  readonly #lines: string[] = [];
  readonly #password: string;
  /** Null where the program is given none. */
  readonly #input: Writable | null;
  readonly spawned: Promise<number>;
  readonly ended: Promise<void>;
  /** The address that it prints; rejects with a `StartError` when it ends before. */
  readonly listening: Promise<string>;
  hasEnded = false;

  constructor(child: ChildProcess, password: string, { readAddress }: Pick<Serving, 'readAddress'>) {
    this.#password = password;
    this.#input = child.stdin;
    // The program may end at any moment.
    this.#input?.on('error', () => undefined);
    const spawned = Promise.withResolvers<number>();
    const ended = Promise.withResolvers<void>();
    const listening = Promise.withResolvers<string>();
    this.spawned = spawned.promise;
    this.ended = ended.promise;
    this.listening = listening.promise;
    child.once('spawn', () => spawned.resolve(child.pid ?? 0));
    child.once('error', (error) => {
      this.#lines.push(error.message);
      spawned.reject(this.failure('ended'));
    });
    child.once('exit', () => {
      this.hasEnded = true;
      ended.resolve();
    });
    // Later than `exit`: all that it printed was read.
    child.once('close', () => listening.reject(this.failure('ended')));
    this.#read(child.stdout, (line) => {
      const url = readAddress(line);
      if (url !== undefined) listening.resolve(url);
    });
    this.#read(child.stderr, () => undefined);
    for (const promise of [spawned.promise, listening.promise]) promise.catch(() => undefined);
  }

  /** The last lines that it printed. */
  get output(): string {
    return this.#lines.join('\n');
  }

  failure(why: StartFailure): StartError {
    return new StartError(why, this.output);
  }

  /** By the end of its input, where it serves until then. */
  askToEnd(pid: number): void {
    if (this.#input === null) signal(pid, 'SIGTERM');
    else this.#input.end();
  }

  async kill(): Promise<void> {
    const pid = await this.spawned.catch(() => undefined);
    if (pid === undefined) return;
    if (!this.hasEnded) await killTree(pid);
    await this.ended;
  }

  #read(stream: Readable | null, onLine: (line: string) => void): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      this.#lines.push(blotText(line.slice(0, 2_000), { password: this.#password }));
      if (this.#lines.length > 40) this.#lines.shift();
      onLine(line);
    });
  }
}

function makePassword(): string {
  return randomBytes(24).toString('base64url');
}

function spawnServer(
  { program, serving, folder, environment, companion }: Omit<StartOptions, 'wish' | 'onSpawn'>,
  password: string,
  port: number,
): ChildProcess {
  const command = commandLine(program, serving.words(port));
  return spawn(command.file, command.arguments, {
    cwd: folder,
    env: serving.environment(environment, password, companion),
    stdio: [serving.holdsInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
    windowsVerbatimArguments: command.verbatim,
  });
}

async function untilAnswering(serving: Serving, endpoint: Endpoint, child: Child): Promise<string> {
  const deadline = Date.now() + patience.answering;
  while (Date.now() < deadline) {
    if (child.hasEnded) throw child.failure('ended');
    const health = await serving.askHealth(endpoint);
    if (health?.version !== undefined) return health.version;
    await delay(50);
  }
  throw child.failure('silent');
}

/** A server that answers without its password would give this user's files to everyone on the machine. */
async function requireProtected(serving: Serving, endpoint: Endpoint, child: Child): Promise<void> {
  const health = await serving.askHealth({ ...endpoint, password: '' });
  if (health?.status !== 401) throw child.failure('open');
}

async function withPatience<T>(promise: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise,
      delay(milliseconds, undefined, { signal: timer.signal }).then(() => {
        throw late();
      }),
    ]);
  } finally {
    timer.abort();
  }
}
