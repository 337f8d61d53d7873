import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolderOf, type RunningServer, startServer } from './openCode2.ts';
import { exportSession, importSession } from './routes/serverRoutes.ts';
import { is118, translate118 } from './state/import118.ts';
import type { Message, Session } from './state/records.ts';
import { Store } from './state/store.ts';

// A stand-in for OpenCode 2.0.26, of which no binary can be had: small, stateful, over real HTTP and events, with a
// provider that it really asks. It knows what is known of that version, and shares no code with the extension.
// FAKE_OPENCODE_VERSION names another patch version, by whose names it then goes.

const version = process.env['FAKE_OPENCODE_VERSION'] ?? '2.0.26';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    version: { type: 'boolean', short: 'v' },
    hostname: { type: 'string' },
    port: { type: 'string' },
    stdio: { type: 'boolean' },
    service: { type: 'boolean' },
    sanitize: { type: 'boolean' },
    format: { type: 'string' },
  },
});

const store = (): Store => new Store(dataFolderOf(process.env));

const [command = '', ...operands] = positionals;
if (values['version'] === true) console.log(`opencode v${version}`);
else if (command === 'serve') await serve();
else if (command === 'export')
  console.log(JSON.stringify(exportSession({ store: store() }, operands[0] ?? ''), undefined, 2));
else if (command === 'import') importFile(operands[0] ?? '');
else if (command === 'session' && operands[0] === 'list') listSessions();
else {
  console.error(`There is no command ${command} here.`);
  process.exitCode = 1;
}

async function serve(): Promise<void> {
  const isOwn = values['stdio'] === true;
  const registration = values['service'] === true ? serviceFile() : undefined;
  if (registration !== undefined && (await isServed(registration))) return;
  const given = process.env['OPENCODE_PASSWORD'] ?? process.env['OPENCODE_SERVER_PASSWORD'];
  const password = given ?? (registration && keptPassword()) ?? randomBytes(24).toString('base64url');
  const hostname = typeof values['hostname'] === 'string' ? values['hostname'] : '127.0.0.1';
  const server = await startServer({
    dataFolder: dataFolderOf(process.env),
    version,
    password,
    hostname,
    port: typeof values['port'] === 'string' ? Number(values['port']) : 0,
  });
  const { url } = server;
  if (registration !== undefined) {
    writePrivately(registration, { id: randomUUID(), version, url, pid: process.pid, password });
  }
  if (isOwn) {
    console.log(JSON.stringify({ url }));
    process.stdin.resume().once('end', () => void end(server, 0));
  } else {
    if (given === undefined && registration === undefined) console.log(`server password ${password}`);
    console.log(`server listening on ${url}`);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      if (registration !== undefined) rmSync(registration, { force: true });
      void end(server, 130);
    });
  }
}

async function end(server: RunningServer, code: number): Promise<void> {
  // What does not end in time is cut off.
  setTimeout(() => process.exit(code), 1_000).unref();
  await server.stop();
  process.exit(code);
}

function serviceFile(): string {
  const state = process.env['XDG_STATE_HOME'] ?? join(process.env['HOME'] ?? '/', '.local', 'state');
  return join(state, 'opencode', 'service.json');
}

/** A second service ends without a word. */
async function isServed(registration: string): Promise<boolean> {
  try {
    const { url, password, pid } = JSON.parse(readFileSync(registration, 'utf8')) as Record<
      'url' | 'password',
      string
    > & {
      pid: number;
    };
    const authorization = `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`;
    const response = await fetch(`${url}/api/info`, {
      headers: { authorization },
      signal: AbortSignal.timeout(2_000),
    });
    return response.ok && ((await response.json()) as { pid?: number }).pid === pid;
  } catch {
    return false;
  }
}

/** A service's password outlives it. */
function keptPassword(): string {
  const config = process.env['XDG_CONFIG_HOME'] ?? join(process.env['HOME'] ?? '/', '.config');
  const file = join(config, 'opencode', 'service.json');
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { password: string }).password;
  } catch {
    const password = randomBytes(24).toString('base64url');
    writePrivately(file, { password });
    return password;
  }
}

function writePrivately(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
}

function importFile(file: string): void {
  const read = JSON.parse(readFileSync(file, 'utf8')) as { info: Session; messages: Message[] };
  const { info, messages } = is118(read) ? translate118(read) : read;
  importSession({ store: store() }, info, messages);
  console.log(`Imported session: ${info.id}`);
}

function listSessions(): void {
  const sessions = store()
    .all()
    .map(({ session }) => session)
    .filter(({ location, parentID }) => location.directory === process.cwd() && parentID === undefined)
    .sort((one, other) => other.time.updated - one.time.updated)
    .map(({ id, title, time, projectID, location }) => ({
      id,
      title,
      ...time,
      projectId: projectID,
      ...location,
    }));
  console.log(JSON.stringify(sessions, undefined, 2));
}
