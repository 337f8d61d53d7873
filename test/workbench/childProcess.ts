import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** How long a process may take to end by itself before it is killed, in milliseconds. */
const grace = 5_000;

/** The heads of the groups that were not stopped yet. */
const running = new Set<number>();

// Whatever ends this process early, a failure or Ctrl-C: what it started ends with it.
process.once('exit', () => {
  for (const pid of running) signalTree(pid, 'SIGKILL');
});

/** Starts a program as the head of its own process group, so that `stopTree` reaches all that it starts. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly logFile?: string } = {},
): ChildProcess {
  const { logFile, ...rest } = options;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...rest,
    detached: process.platform !== 'win32',
  });
  const { pid } = child;
  if (pid !== undefined) {
    running.add(pid);
    child.once('exit', () => running.delete(pid));
  }
  if (logFile) {
    const log = createWriteStream(logFile, { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.once('close', () => log.end());
  }
  return child;
}

/** Ends a process of `startProcess` and all that it started; resolves when it is gone. */
export async function stopTree(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const ended = child.exitCode !== null || child.signalCode !== null ? undefined : once(child, 'exit');
  signalTree(pid, 'SIGTERM');
  const killer = setTimeout(() => signalTree(pid, 'SIGKILL'), grace);
  await ended;
  clearTimeout(killer);
  signalTree(pid, 'SIGKILL');
}

function signalTree(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f']);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Runs a program to its end and returns what it printed; throws with that when it fails. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<string> {
  const child = startProcess(command, args, options);
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed (${code})\n${output.slice(-4000)}`);
  return output;
}
