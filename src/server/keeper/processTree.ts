import { readdir, readFile } from 'node:fs/promises';
import { powershell, type System, thisSystem } from './system.ts';

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
}

/**
 * What tells a process from any other, also from a later one with the same number: when it began and its
 * command line. Undefined when there is no such process.
 */
export async function identifyProcess(pid: number, system = thisSystem): Promise<string | undefined> {
  try {
    if (system.platform === 'linux') return await identifyOnLinux(pid);
    const found =
      system.platform === 'win32'
        ? await powershell(
            system,
            `Get-CimInstance Win32_Process -Filter "ProcessId=${pid}" | ForEach-Object { "$($_.CreationDate.ToUniversalTime().Ticks) $($_.CommandLine)" }`,
          )
        : await system.run('ps', ['-ww', '-o', 'lstart=,command=', '-p', String(pid)]);
    return found.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Ends a process and everything that it began, at once. */
export async function killTree(pid: number, system = thisSystem): Promise<void> {
  if (system.platform === 'win32') {
    await system.run('taskkill', ['/PID', String(pid), '/T', '/F']).catch(() => undefined);
    return;
  }
  for (const member of [...(await descendants(pid, system)), pid]) signal(member, 'SIGKILL');
}

/** Sends a signal to a process that may be gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * The processes that a process began, and theirs, the youngest generation first; none where the system cannot be asked:
 * a server must end all the same.
 */
export async function descendants(pid: number, system = thisSystem): Promise<number[]> {
  const all = await listProcesses(system).catch(() => []);
  const found: number[] = [];
  let generation = [pid];
  while (generation.length > 0) {
    const parents = new Set(generation);
    generation = all.filter(({ parent }) => parents.has(parent)).map((entry) => entry.pid);
    found.unshift(...generation);
  }
  return found;
}

async function identifyOnLinux(pid: number): Promise<string> {
  const [boot, line, command] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/cmdline`, 'utf8'),
  ]);
  // The name in parentheses may hold anything; the start time is the 20th field behind it.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') throw new Error(`process ${pid} has ended`);
  return `${boot.trim()} ${fields[19] ?? ''} ${command.replaceAll('\0', ' ').trim()}`;
}

function listProcesses(system: System): Promise<ProcessEntry[]> {
  switch (system.platform) {
    case 'linux':
      return listOnLinux();
    case 'win32':
      return listOnWindows(system);
    default:
      return listByPs(system);
  }
}

async function listOnLinux(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const entries = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      return { pid, parent: Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]) };
    }),
  );
  return entries.filter(({ parent }) => Number.isInteger(parent));
}

async function listByPs({ run }: System): Promise<ProcessEntry[]> {
  const listed = await run('ps', ['-axo', 'pid=,ppid=']);
  return listed
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0]) => ({ pid, parent }));
}

/** Windows gives the number of a process that ended to another: who began before its parent is not that one's child. */
async function listOnWindows(system: System): Promise<ProcessEntry[]> {
  const listed = await powershell(
    system,
    'Get-CimInstance Win32_Process | Where-Object { $_.CreationDate } | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.ToUniversalTime().Ticks)" }',
  );
  const all = listed
    .split(/\r?\n/)
    .map((line) => line.split(' ').map(Number))
    .map(([pid = 0, parent = 0, began = 0]) => ({ pid, parent, began }));
  const beginnings = new Map(all.map(({ pid, began }) => [pid, began]));
  return all.filter(({ parent, began }) => began >= (beginnings.get(parent) ?? Infinity));
}
