import { readdir, readFile, readlink } from 'node:fs/promises';
import { powershell, type System, thisSystem } from './system.ts';

/** A program that holds a connection to a port of this machine. */
export interface PortClient {
  /** Undefined where the system does not tell, as for a process of another user. */
  readonly pid: number | undefined;
  /** The program's name; empty where it is not known. */
  readonly name: string;
}

/**
 * The programs that are connected to a TCP port of this machine, each once; undefined where the system cannot be asked.
 *
 * OpenCode tells nobody who listens to it, so the system's own list of connections is looked at.
 */
export async function portClients(
  port: number,
  system = thisSystem,
): Promise<readonly PortClient[] | undefined> {
  try {
    switch (system.platform) {
      case 'linux':
        return await clientsOnLinux(port);
      case 'win32':
        return parseClientLines(await askWindows(port, system));
      default:
        return parseLsof(await lsof(port, system), port);
    }
  } catch {
    return undefined;
  }
}

/** 127.0.0.1 as the kernel writes it, by itself or at the end of its IPv6 form. */
const loopback = '0100007F';

/** The sockets' numbers at the clients' ends of the port's connections, from `/proc/net/tcp` or `tcp6`. */
export function parseProcNet(text: string, port: number): string[] {
  const isEstablished = '01';
  return text.split('\n').flatMap((line) => {
    const [, , remote = '', state, , , , , , inode] = line.trim().split(/\s+/);
    const [address = '', remotePort = ''] = remote.split(':');
    const isOurs = address.endsWith(loopback) && Number.parseInt(remotePort, 16) === port;
    return isOurs && state === isEstablished && inode !== undefined ? [inode] : [];
  });
}

/** From `lsof -F pcn`: a line each, led by what it is. */
export function parseLsof(text: string, port: number): PortClient[] {
  const found = new Map<number, PortClient>();
  let pid = 0;
  let name = '';
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    if (line.startsWith('c')) name = value;
    const isClient = line.startsWith('n') && /->(127\.0\.0\.1|\[::ffff:127\.0\.0\.1\]):\d+$/.test(value);
    if (isClient && value.endsWith(`:${port}`)) found.set(pid, { pid, name });
  }
  return [...found.values()];
}

/** Lines of a process id, a blank and its program's name. */
export function parseClientLines(text: string): PortClient[] {
  const found = new Map<number, PortClient>();
  for (const [, pid = '', name = ''] of text.matchAll(/^(\d+) ?(.*?)\r?$/gm)) {
    found.set(Number(pid), { pid: Number(pid), name });
  }
  return [...found.values()];
}

async function clientsOnLinux(port: number): Promise<PortClient[]> {
  const pids = new Set<number>();
  let unknown = new Set(await clientSockets(port));
  // A connection may be over before its holder is found; one whose holder cannot be looked into stays unknown.
  for (let look = 0; look < 3 && unknown.size > 0; look += 1) {
    const holders = await holdersOf(unknown);
    for (const pid of holders.values()) pids.add(pid);
    const still = new Set(await clientSockets(port));
    unknown = new Set([...unknown].filter((inode) => !holders.has(inode) && still.has(inode)));
  }
  const clients = await Promise.all([...pids].map(async (pid) => ({ pid, name: await nameOnLinux(pid) })));
  return unknown.size > 0 ? [...clients, { pid: undefined, name: '' }] : clients;
}

async function clientSockets(port: number): Promise<string[]> {
  // A program may also come over IPv6's form of the same address.
  const [four, six] = await Promise.all([
    readFile('/proc/net/tcp', 'utf8'),
    readFile('/proc/net/tcp6', 'utf8').catch(() => ''),
  ]);
  return [...parseProcNet(four, port), ...parseProcNet(six, port)];
}

/** Which process has each of these sockets, among those that may be looked into. */
async function holdersOf(inodes: ReadonlySet<string>): Promise<Map<string, number>> {
  const holders = new Map<string, number>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  await Promise.all(
    pids.map(async (pid) => {
      const folder = `/proc/${pid}/fd`;
      const files = await readdir(folder).catch(() => []);
      const targets = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '')));
      for (const target of targets) {
        const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
        if (inode !== undefined && inodes.has(inode)) holders.set(inode, pid);
      }
    }),
  );
  return holders;
}

async function nameOnLinux(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
}

async function lsof(port: number, { run }: System): Promise<string> {
  try {
    return await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:ESTABLISHED', '-Fpcn']);
  } catch (error) {
    // It ends with 1 and says nothing where there is no such connection.
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 1 && stdout === '' && stderr === '') return '';
    throw error;
  }
}

function askWindows(port: number, system: System): Promise<string> {
  const script = [
    `Get-NetTCPConnection`,
    `Where-Object { $_.RemotePort -eq ${port} -and $_.State -eq 'Established' -and $_.RemoteAddress -like '*127.0.0.1' }`,
    'ForEach-Object { "$($_.OwningProcess) $((Get-Process -Id $_.OwningProcess -ErrorAction SilentlyContinue).ProcessName)" }',
  ].join(' | ');
  return powershell(system, script);
}
