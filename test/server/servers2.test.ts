import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ConnectionState } from '../../src/core/state/connectionState.ts';
import type { ConnectionPorts } from '../../src/server/connection.ts';
import { sendHttp } from '../../src/server/http/httpRequest.ts';
import { serviceFile } from '../../src/server/openCode2/running/serviceFile.ts';
import { type ConnectedWindow, liveUrl, openWindow } from '../workbench/connectedWindow.ts';
import { endKeeper, isRunning, managedServerPid, parentOf } from '../workbench/keeperProcesses.ts';
import { waitFor } from '../workbench/waitFor.ts';

const program = join(import.meta.dirname, '..', 'openCode2', 'opencode');

describe('Finding a server of 2.x', () => {
  let root: string;
  let home: { home: string; workspace: string; environment: NodeJS.ProcessEnv };
  const windows: ConnectedWindow[] = [];
  const services: ChildProcess[] = [];
  const listeners: Server[] = [];

  const windowWith = (
    settings: ReturnType<ConnectionPorts['settings']> = {},
    ports: Partial<ConnectionPorts> = {},
  ): ConnectedWindow => {
    const window = openWindow(home, {
      settings: () => ({ path: program, ...settings }),
      ...ports,
    });
    windows.push(window);
    return window;
  };
  const readRegistration = async () =>
    JSON.parse(await readFile(serviceFile(home.environment), 'utf8')) as {
      url: string;
      pid: number;
      password: string;
    };
  const writeRegistration = async (registration: object): Promise<void> => {
    const file = serviceFile(home.environment);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(registration), { mode: 0o600 });
  };
  /** As the person's own OpenCode starts it, and what it registers. */
  const startService = async (environment: NodeJS.ProcessEnv = {}) => {
    const service = spawn(program, ['serve', '--service'], {
      env: { ...home.environment, ...environment },
      stdio: 'ignore',
    });
    services.push(service);
    return waitFor(
      async () => {
        const registration = await readRegistration().catch(() => undefined);
        return registration?.pid === service.pid ? registration : undefined;
      },
      { what: 'the registration of the service' },
    );
  };
  const endService = async (): Promise<void> => {
    const service = services.at(-1);
    service?.kill('SIGTERM');
    if (service !== undefined && service.exitCode === null) await once(service, 'exit');
  };
  const live = ({ connection: { state } }: ConnectedWindow): Extract<ConnectionState, { kind: 'live' }> =>
    state.kind === 'live' ? state : assert.fail(`it is ${state.kind}`);
  const untilAt = (window: ConnectedWindow, url: string) =>
    waitFor(() => window.connection.state.kind === 'live' && liveUrl(window) === url, {
      what: `the connection to ${url}`,
    });
  const answering = async (answer: RequestListener): Promise<string> => {
    const listener = createServer(answer).listen(0, '127.0.0.1');
    listeners.push(listener);
    await once(listener, 'listening');
    return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'opencode-sessions-'));
    home = { home: join(root, 'home'), workspace: join(root, 'workspace'), environment: {} };
    home.environment = { PATH: process.env['PATH'], HOME: home.home };
    await mkdir(home.home);
    await mkdir(home.workspace);
  });

  afterEach(async () => {
    for (const window of windows.splice(0)) window.close();
    for (const listener of listeners.splice(0)) listener.close();
    for (const service of services.splice(0)) {
      if (service.exitCode !== null || service.signalCode !== null) continue;
      service.kill('SIGTERM');
      await once(service, 'exit');
    }
    await endKeeper(home);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it('takes the service of the person, leaves it as it is, and says so', async () => {
    const service = await startService();
    const window = windowWith();
    await window.connection.connect();
    const { url } = service;
    assert.deepEqual(window.connection.state, {
      kind: 'live',
      url,
      version: '2.0.26',
      managed: false,
      isService: true,
    });
    assert.equal(await managedServerPid(home), undefined);
    await window.connection.restart();
    assert.equal(liveUrl(window), url);
    window.close();
    assert.equal(await isRunning(service.pid), true);
    assert.ok(!window.logged.join('\n').includes(service.password));
  });

  it('finds the service also where no program is, or one that is too old', async () => {
    await startService();
    const none = windowWith({ path: '' }, { environment: { ...home.environment, PATH: '' } });
    await none.connection.connect();
    assert.equal(live(none).isService, true);
    const old = join(root, 'old');
    await writeFile(old, '#!/bin/sh\necho opencode v2.0.4\n', { mode: 0o755 });
    const window = windowWith({ path: old });
    await window.connection.connect();
    assert.equal(live(window).isService, true);
  });

  it('leaves the service to others where the program is of the first generation', async () => {
    await startService();
    const first = join(root, 'first');
    await writeFile(
      first,
      `#!/bin/sh\n[ "$1" = --version ] && echo 1.18.33 && exit\necho 'Error: so far' >&2\nexit 3\n`,
      { mode: 0o755 },
    );
    await assert.rejects(windowWith({ path: first }).connection.connect(), /Error: so far$/);
  });

  it('follows a service that is replaced by another version, and starts none of its own meanwhile', async () => {
    await startService();
    const window = windowWith();
    await window.connection.connect();
    await endService();
    const away = await window.untilState('reconnecting');
    assert.ok(away.kind === 'reconnecting');
    await waitFor(
      () => window.logged.some((line) => line.includes('Your OpenCode background service does not run')),
      {
        what: 'a look that found no service',
      },
    );
    assert.equal(await managedServerPid(home), undefined);
    const { url } = await startService({ FAKE_OPENCODE_VERSION: '2.0.27', OPENCODE_PASSWORD: 'another' });
    await untilAt(window, url);
    assert.equal(live(window).version, '2.0.27');
    assert.equal(live(window).isService, true);
  });

  it('goes over to the service that registers in the place of one that still runs', async () => {
    await startService();
    const window = windowWith();
    await window.connection.connect();
    await rm(serviceFile(home.environment));
    const { url } = await startService();
    await untilAt(window, url);
  });

  it('is opened in a terminal only by a program that speaks as it does', async () => {
    await startService();
    const window = windowWith();
    await window.connection.connect();
    const session = { id: 'ses_1', directory: home.workspace };
    assert.equal((await window.connection.attachCommand(session)).file, program);
    window.close();
    const old = join(root, 'old');
    await writeFile(old, '#!/bin/sh\necho 2.0.4\n', { mode: 0o755 });
    const other = windowWith({ path: old });
    await other.connection.connect();
    await assert.rejects(
      other.connection.attachCommand(session),
      /speaks as the server does.*OpenCode 2\.0\.26/,
    );
  });

  it('decides anew where the person restarts the server', async () => {
    await startService();
    const window = windowWith();
    await window.connection.connect();
    await endService();
    await window.untilState('reconnecting');
    await window.connection.restart();
    assert.equal(live(window).managed, true);
  });

  it('runs a server of its own where there is no service, shares it, and ends it with its last window', async () => {
    const [window, other] = [windowWith(), windowWith({ mode: 'own' })];
    await window.connection.connect();
    await other.connection.connect();
    const { url, version, managed, isService } = live(window);
    assert.deepEqual([version, managed, isService], ['2.0.26', true, undefined]);
    assert.equal(liveUrl(other), url);
    const pid = (await managedServerPid(home)) ?? assert.fail('no server is noted');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    assert.match(command, /serve\0--stdio/);
    assert.equal((await sendHttp({ url: `${url}/api/info` })).statusCode, 401);
    await assert.rejects(readRegistration(), { code: 'ENOENT' });
    window.close();
    assert.equal(await isRunning(pid), true);
    other.close();
    await waitFor(async () => !(await isRunning(pid)), { what: 'the end of the server' });
  });

  it('restarts a server of its own', async () => {
    const window = windowWith();
    await window.connection.connect();
    const before = await managedServerPid(home);
    await window.connection.restart();
    const after = await managedServerPid(home);
    assert.ok(after !== undefined && after !== before);
    assert.equal(live(window).managed, true);
  });

  it('leaves no server behind a keeper that was killed, and runs another', async () => {
    const window = windowWith();
    await window.connection.connect();
    const pid = (await managedServerPid(home)) ?? assert.fail('no server is noted');
    process.kill(await parentOf(pid), 'SIGKILL');
    await waitFor(async () => !(await isRunning(pid)), { what: 'the end of the server' });
    await waitFor(async () => ((await managedServerPid(home)) ?? pid) !== pid, { what: 'another server' });
    await window.untilState('live');
  });

  it('is told of a service that begins beside a server of its own, and goes over with all windows', async () => {
    const [window, other] = [windowWith(), windowWith()];
    await window.connection.connect();
    await other.connection.connect();
    const pid = (await managedServerPid(home)) ?? assert.fail('no server is noted');
    const { url } = await startService();
    for (const each of [window, other]) {
      await waitFor(() => live(each).meetsService === true, { what: 'word of the service' });
      assert.notEqual(liveUrl(each), url);
    }
    await window.connection.restart();
    assert.equal(liveUrl(window), url);
    await untilAt(other, url);
    assert.equal(live(other).meetsService, undefined);
    await waitFor(async () => !(await isRunning(pid)), { what: 'the end of the server of ours' });
  });

  it('forgets a service that went again', async () => {
    const window = windowWith();
    await window.connection.connect();
    await startService();
    await waitFor(() => live(window).meetsService === true, { what: 'word of the service' });
    await endService();
    await waitFor(() => live(window).meetsService === undefined, { what: 'word of its end' });
    assert.equal(live(window).managed, true);
  });

  it('starts no server beside a service also where one of its own is wanted', async () => {
    const { pid } = await startService();
    const window = windowWith({ mode: 'own' });
    await assert.rejects(
      window.connection.connect(),
      new RegExp(`service runs \\(process ${pid}\\).*would damage`),
    );
    assert.equal(window.connection.state.kind, 'failed');
    assert.equal(await managedServerPid(home), undefined);
  });

  it('waits for the service where only that is wanted', async () => {
    const window = windowWith({ mode: 'service' });
    await assert.rejects(window.connection.connect(), /Your OpenCode background service does not run/);
    assert.deepEqual(window.states[0], { kind: 'starting', isService: true });
    assert.equal(window.connection.state.kind, 'unreachable');
    const { url } = await startService();
    await untilAt(window, url);
    assert.equal(await managedServerPid(home), undefined);
  });

  it('looks at no service where an address is wanted, and says so where there is none', async () => {
    await startService();
    const window = windowWith({ mode: 'attach' });
    await assert.rejects(window.connection.connect(), /server\.mode.*server\.url.*names none/);
    assert.equal(window.connection.state.kind, 'failed');
  });

  it('takes the address by itself, and not where another server is wanted', async () => {
    const { url } = await startService();
    const closed = 'http://127.0.0.1:1';
    await assert.rejects(windowWith({ url: closed }).connection.connect(), /Nothing answers/);
    const window = windowWith({ mode: 'service', url: closed });
    await window.connection.connect();
    assert.equal(liveUrl(window), url);
  });

  it('takes a registration that is left over for none', async () => {
    const { pid } = await startService();
    const left = await readRegistration();
    await endService();
    await writeRegistration({ ...left, pid });
    const window = windowWith();
    await window.connection.connect();
    assert.equal(live(window).managed, true);
  });

  it('gives the password of a registration to no server that did not register', async () => {
    const service = await startService();
    const told: (string | undefined)[] = [];
    const url = await answering(({ headers }, response) => {
      told.push(headers.authorization);
      response.writeHead(401).end();
    });
    await writeRegistration({ ...service, url });
    const window = windowWith();
    await assert.rejects(window.connection.connect(), /does not ask for a password as OpenCode does/);
    assert.deepEqual([...new Set(told)], [undefined]);
    assert.equal(await managedServerPid(home), undefined);
  });

  it('does not take another server for the service', async () => {
    const service = await startService();
    await writeRegistration({ ...service, pid: process.pid });
    const window = windowWith();
    await assert.rejects(
      window.connection.connect(),
      new RegExp(`another server answers \\(process ${service.pid}\\).*\\(process ${process.pid}\\)`),
    );
    await writeRegistration(service);
    await window.untilState('live');
  });

  it('says that a service has another password, and takes the one that is written then', async () => {
    const service = await startService();
    await writeRegistration({ ...service, password: 'an-older-password-0123456789' });
    const window = windowWith();
    await assert.rejects(window.connection.connect(), /has another password than .*service\.json says/);
    assert.equal(window.connection.state.kind, 'unreachable');
    await writeRegistration(service);
    await window.untilState('live');
    const said = [...window.logged, JSON.stringify(window.states)].join('\n');
    for (const password of ['an-older-password-0123456789', service.password]) {
      assert.ok(!said.includes(password));
    }
  });

  it('says that a service does not answer, and starts none beside it', async () => {
    await writeRegistration({
      version: '2.0.26',
      url: 'http://127.0.0.1:1',
      pid: process.pid,
      password: 'x'.repeat(24),
    });
    const window = windowWith();
    await assert.rejects(
      window.connection.connect(),
      new RegExp(`process ${process.pid}\\) does not answer.*delete .*service\\.json`),
    );
    assert.equal(await managedServerPid(home), undefined);
  });

  it('waits for a server that says that it starts, in a state of its own', async () => {
    const { url, password } = await startService();
    let isUp = false;
    const gate = await answering((request, response) => {
      if (isUp) response.writeHead(307, { location: `${url}${request.url}` }).end();
      else response.writeHead(503, { 'retry-after': '1' }).end('{"code":"service_starting"}');
    });
    await writeRegistration({ version: '2.0.26', url: gate, pid: services.at(-1)?.pid, password });
    const window = windowWith();
    await assert.rejects(window.connection.connect(), /is still starting/);
    const { state } = window.connection;
    assert.ok(state.kind === 'awaited' && state.reason.includes(gate));
    isUp = true;
    await writeRegistration({ version: '2.0.26', url, pid: services.at(-1)?.pid, password });
    await window.untilState('live');
    assert.deepEqual([...new Set(window.states.map(({ kind }) => kind))], ['starting', 'awaited', 'live']);
  });
});
