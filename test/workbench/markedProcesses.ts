import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { waitFor } from './waitFor.ts';

/**
 * A mark in the environment of all that one run starts, handed on from parent to child. It finds also those that left
 * their parent on purpose: the keeper of the OpenCode server, a desktop VS Code. (Not on Windows, where the environment
 * of another process cannot be read.)
 */
export class ProcessMark {
  readonly #variable: string;
  readonly #mark = randomUUID();

  /** `variable` carries it; one run may stand in another, each with its own. */
  constructor(variable = 'OPENCODE_SESSIONS_RUN') {
    this.#variable = variable;
  }

  get environment(): Readonly<Record<string, string>> {
    return { [this.#variable]: this.#mark };
  }

  /** The ids of the processes that carry the mark. */
  async processes(): Promise<number[]> {
    const word = `${this.#variable}=${this.#mark}`;
    if (process.platform === 'linux') return processesOnLinux(word);
    return process.platform === 'darwin' ? processesOnMac(word) : [];
  }

  /** The ids of those whose command line holds these words. */
  async find(words: string): Promise<number[]> {
    const pids = await this.processes();
    const commands = await Promise.all(pids.map(commandOf));
    return pids.filter((_, index) => commands[index]?.includes(words));
  }

  /** Asks those whose command line holds these words to end. */
  async terminate(words: string): Promise<void> {
    for (const pid of await this.find(words)) signalProcess(pid, 'SIGTERM');
  }

  /** Resolves when none is left; throws, naming them, when some stay. */
  async allGone(timeout = 20_000): Promise<void> {
    await waitFor(async () => (await this.processes()).length === 0, {
      timeout,
      what: 'the processes of this run to end by themselves',
    }).catch(async (cause: unknown) => {
      const left = await Promise.all((await this.processes()).map(describeProcess));
      throw new Error(`Processes were left behind:\n${left.join('\n')}`, { cause });
    });
  }

  /** Lets them end by themselves for so many milliseconds, then ends those that are left. */
  async end(patience = 8_000): Promise<void> {
    for (const [signal, wait] of [
      ['SIGTERM', patience],
      ['SIGKILL', 5_000],
    ] as const) {
      const gone = await this.allGone(wait).then(
        () => true,
        () => false,
      );
      if (gone) return;
      for (const pid of await this.processes()) signalProcess(pid, signal);
    }
  }
}

async function processesOnLinux(word: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    pids.map(async (pid) => {
      // A process that ended meanwhile, or of another user, cannot be read and is not ours.
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.includes(word);
    }),
  );
  return pids.filter((_, index) => marked[index]).map(Number);
}

async function processesOnMac(word: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axEww', '-o', 'pid=,command='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .filter((line) => line.includes(word))
    .map((line) => Number.parseInt(line, 10));
}

async function describeProcess(pid: number): Promise<string> {
  return `${pid} ${(await commandOf(pid)).slice(0, 200)}`;
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return line.replaceAll('\0', ' ');
  }
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
  return stdout.trim();
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
