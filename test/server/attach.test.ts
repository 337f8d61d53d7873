import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, UnauthorizedProblem, UnavailableProblem } from '../../src/core/errors.ts';
import type { ConnectionPorts } from '../../src/server/connection.ts';
import { createDialects } from '../../src/server/dialects.ts';
import { probeServer } from '../../src/server/source/probe.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import {
  makeOpenCodeHome,
  openCodeBinary,
  openCodeVersion,
  type RunningOpenCode,
  startOpenCode,
} from '../workbench/openCodeServer.ts';
import { managedServerPid } from '../workbench/keeperProcesses.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { dialectPorts } from '../unit/server/dialectPorts.ts';

describe('Attaching to a server', () => {
  let model: ScriptedModel;
  let server: RunningOpenCode;
  const windows: ConnectedWindow[] = [];
  const listeners: Server[] = [];

  const dialects = createDialects(dialectPorts());

  const windowOn = (url: string, password?: string): ConnectedWindow => {
    const window = openWindow(server, {
      settings: () => ({ url }),
      credentials: async () => (password === undefined ? undefined : { username: server.username, password }),
    });
    windows.push(window);
    return window;
  };
  const listen = async (listener: Server): Promise<string> => {
    listeners.push(listener);
    listener.listen(0);
    await once(listener, 'listening');
    return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  };
  const answering = (answer: RequestListener) => listen(createHttpServer(answer));
  const refusal = async (url: string, password?: string): Promise<Problem> => {
    const window = windowOn(url, password);
    const problem = await window.connection.connect().then(
      () => assert.fail('it connected'),
      (error: unknown) => error,
    );
    assert.ok(problem instanceof Problem);
    assert.notEqual(window.connection.state.kind, 'live');
    return problem;
  };

  before(async () => {
    model = await startScriptedModel();
    server = await startOpenCode({ modelUrl: model.url });
  });

  afterEach(() => {
    for (const window of windows.splice(0)) window.close();
    for (const listener of listeners.splice(0)) listener.close();
  });

  after(async () => {
    await server.stop();
    await model.close();
  });

  it('is live with the right password, and says that the server is not its own', async () => {
    const window = windowOn(`${server.url}/`, server.password);
    await window.connection.connect();
    assert.deepEqual(window.connection.state, {
      kind: 'live',
      url: server.url,
      version: await openCodeVersion(server),
      managed: false,
    });
  });

  it('takes the password of the environment where none is kept', async () => {
    const window = openWindow(server, {
      settings: () => ({ url: server.url }),
      environment: { ...server.environment, OPENCODE_SERVER_PASSWORD: server.password },
    });
    windows.push(window);
    await window.connection.connect();
    assert.equal(window.connection.state.kind, 'live');
  });

  /** What a program says that asks for a password as OpenCode does, and what it is told then. */
  const asking = async (
    challenge: string,
    host = '127.0.0.1',
  ): Promise<{ url: string; told: (string | undefined)[] }> => {
    const told: (string | undefined)[] = [];
    const url = await answering(({ headers }, response) => {
      told.push(headers.authorization);
      response.writeHead(401, challenge === '' ? {} : { 'www-authenticate': challenge }).end();
    });
    return { url: url.replace('127.0.0.1', host), told };
  };
  const environmentOf = (password: string) => ({ ...server.environment, OPENCODE_SERVER_PASSWORD: password });

  it('says no password before it is asked for one', async () => {
    const told: (string | undefined)[] = [];
    const url = await answering((request, response) => {
      told.push(request.headers.authorization);
      void pipeTo(server.url, request, response);
    });
    const window = windowOn(url, server.password);
    await window.connection.connect();
    assert.equal(told[0], undefined);
    assert.match(told[1] ?? '', /^Basic /);
  });

  it('says none to a server that asks for none', async () => {
    const told: (string | undefined)[] = [];
    const url = await answering(({ headers, url: path }, response) => {
      told.push(headers.authorization);
      if (path === '/global/health') response.end('{"healthy":true,"version":"1.18.33"}');
      else response.writeHead(500).end();
    });
    await refusal(url, 'secret');
    assert.ok(told.length > 1);
    assert.deepEqual([...new Set(told)], [undefined]);
  });

  for (const challenge of [
    '',
    'Basic realm="Another"',
    'Bearer',
    'Basic realm="Secure Area", Digest realm="x"',
  ]) {
    it(`says none to what took its port and asks with “${challenge}”`, async () => {
      const { url, told } = await asking(challenge);
      assert.match((await refusal(url, 'secret')).message, /does not ask for a password as OpenCode does/);
      assert.deepEqual([...new Set(told)], [undefined]);
    });
  }

  it('says none to a server that forbids', async () => {
    const told: (string | undefined)[] = [];
    const url = await answering(({ headers }, response) => {
      told.push(headers.authorization);
      response.writeHead(403).end();
    });
    assert.match((await refusal(url, 'secret')).message, /is not an OpenCode server/);
    assert.deepEqual([...new Set(told)], [undefined]);
  });

  it('says the password of the environment to this machine alone', async () => {
    const elsewhere = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    for (const host of ['127.0.0.1', 'localhost', ...(elsewhere === undefined ? [] : [elsewhere])]) {
      const { url, told } = await asking('Basic realm="Secure Area"', host);
      const settings = () => ({ url });
      const window = openWindow(server, { settings, environment: environmentOf('secret') });
      windows.push(window);
      await assert.rejects(window.connection.connect(), UnauthorizedProblem);
      assert.deepEqual(
        told.map((word) => word !== undefined),
        host === elsewhere ? [false] : [false, true],
        host,
      );
    }
  });

  it('leaves the server alone when the window closes or restarts the connection', async () => {
    const window = windowOn(server.url, server.password);
    await window.connection.connect();
    await window.connection.restart();
    window.close();
    assert.equal(await probeServer(server, dialects, { timeout: 10_000 }), await openCodeVersion(server));
  });

  for (const [how, password, words] of [
    ['no', undefined, /wants a password/],
    ['a wrong', 'wrong', /did not accept/],
  ] as const) {
    it(`asks for the password when there is ${how} one, and does not try by itself`, async () => {
      const window = windowOn(server.url, password);
      await assert.rejects(window.connection.connect(), (error) => {
        assert.ok(error instanceof UnauthorizedProblem);
        assert.match(error.message, words);
        assert.equal(error.remedy?.command, 'opencodeSessions.server.connect');
        return true;
      });
      assert.deepEqual(
        window.states.map(({ kind }) => kind),
        ['starting', 'unauthorised'],
      );
    });
  }

  it('connects once the right password is there', async () => {
    let password = 'wrong';
    const window = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => ({ username: server.username, password }),
    });
    windows.push(window);
    await assert.rejects(window.connection.connect(), UnauthorizedProblem);
    ({ password } = server);
    await window.connection.connect();
    assert.equal(window.connection.state.kind, 'live');
  });

  it('says that a web page is no OpenCode server', async () => {
    const url = await answering((_, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Hello</title>'),
    );
    assert.match((await refusal(url)).message, /web page/);
  });

  it('takes a gateway’s word for it that the server behind it is down, and goes on trying', async () => {
    let isUp = false;
    const url = await answering((request, response) => {
      if (isUp) void pipeTo(server.url, request, response);
      else response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');
    });
    const window = windowOn(url, server.password);
    await assert.rejects(window.connection.connect(), /gateway.*502/);
    assert.equal(window.connection.state.kind, 'unreachable');
    isUp = true;
    await window.untilState('live');
  });

  it('says that another JSON service is no OpenCode server', async () => {
    const url = await answering((_, response) => response.end('{"status":"up"}'));
    assert.match((await refusal(url)).message, /is not an OpenCode server/);
  });

  it('says that garbage is not HTTP', async () => {
    const url = await listen(createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')));
    assert.match((await refusal(url)).message, /does not speak HTTP/);
  });

  it('says that a server is silent, within the time that it is given', async () => {
    const sockets: Server = createServer(() => undefined);
    const url = await listen(sockets);
    await assert.rejects(
      probeServer({ url, username: '', password: '' }, dialects, { timeout: 200 }),
      (error) => error instanceof UnavailableProblem && /does not answer/.test(error.message),
    );
  });

  it('says that nothing answers', async () => {
    const listener = createServer();
    const url = await listen(listener);
    listener.close();
    await once(listener, 'close');
    const problem = await refusal(url);
    assert.match(problem.message, /Nothing answers/);
    assert.equal(problem.remedy?.command, 'opencodeSessions.server.connect');
    const [{ connection } = assert.fail()] = windows;
    assert.ok(connection.state.kind === 'unreachable' && connection.state.since <= Date.now());
  });

  it('names the version that it cannot work with', async () => {
    const url = await answering((_, response) => response.end('{"healthy":true,"version":"3.1.4"}'));
    const window = windowOn(url);
    await assert.rejects(window.connection.connect(), /OpenCode 3\.1\.4 .*1\.18, 1\.19 and 2\.0 from/);
    const { state } = window.connection;
    assert.ok(state.kind === 'incompatible' && state.version === '3.1.4' && !state.managed);
    assert.match(state.message, /OpenCode 3\.1\.4/);
  });

  // As 2.x answers: nothing at the paths of 1.x, or its web page, and its own words below /api.
  for (const [which, elsewhere, path] of [
    ['a preview', (response) => response.writeHead(404).end(), '/api/health'],
    [
      'an early release',
      (response) => response.setHeader('content-type', 'text/html').end('<html>'),
      '/api/info',
    ],
  ] as const satisfies [string, (response: ServerResponse) => unknown, string][]) {
    it(`knows ${which} of 2.x, which has other paths, by its name`, async () => {
      const url = await answering((request, response) =>
        request.url === path ? response.end('{"version":"2.0.4","pid":7}') : elsewhere(response),
      );
      assert.match((await refusal(url, 'secret')).message, /OpenCode 2\.0\.4 /);
    });
  }

  it('asks for the password of a 2.x, which says nothing of itself without', async () => {
    const url = await answering((request, response) =>
      request.url?.startsWith('/api/') === true
        ? response.writeHead(401).end('{"_tag":"UnauthorizedError","message":"Unauthorized"}')
        : response.setHeader('content-type', 'text/html').end('<html>'),
    );
    const problem = await refusal(url);
    assert.match(problem.message, /wants a password/);
    assert.equal(problem.remedy?.title, 'Enter Password…');
  });

  for (const [version, standing] of [
    ['1.19.2', {}],
    ['v1.19.0-beta.2', {}],
    ['1.20.1', { newerThan: '1.19' }],
  ] as const) {
    it(`works with a server that calls itself ${version}`, async () => {
      const url = await answering((request, response) =>
        request.url === '/global/health'
          ? response.end(JSON.stringify({ healthy: true, version }))
          : void pipeTo(server.url, request, response),
      );
      const window = windowOn(url, server.password);
      await window.connection.connect();
      assert.deepEqual(window.connection.state, { kind: 'live', url, version, managed: false, ...standing });
      const { openCode } = window.connection;
      const { id } = await openCode.createSession({ directory: server.workspace, title: version });
      await openCode.promptSession(id, {
        agent: 'build',
        model: { providerID: 'local', modelID: 'steady' },
        parts: [{ type: 'text', text: 'say: Hello.' }],
      });
      await window.untilEvent(
        'the end of the run',
        (event) => event.type === 'session.idle' && event.properties.sessionID === id,
      );
      const { messages } = await openCode.listMessages(id, { limit: 10 });
      const texts = messages.flatMap(({ parts }) =>
        parts.flatMap((part) => (part.type === 'text' ? part.text : [])),
      );
      assert.equal(texts.at(-1), 'Hello.');
    });
  }

  for (const address of ['localhost:4096', 'ftp://example.com', 'nonsense', 'http://me:secret@127.0.0.1:1']) {
    it(`explains what an address is when given ${address}`, async () => {
      const problem = await refusal(address);
      assert.match(problem.message, /is not the address of a server/);
      assert.ok(!problem.message.includes('secret'));
    });
  }

  it('asks nothing of a server while the window is not trusted', async () => {
    let asked = 0;
    const url = await answering((_, response) => {
      asked += 1;
      response.end();
    });
    const window = openWindow(server, { settings: () => ({ url }), trusted: () => false });
    windows.push(window);
    await assert.rejects(window.connection.connect(), /do not trust/);
    assert.equal(window.connection.state.kind, 'untrusted');
    assert.equal(asked, 0);
  });

  it('says that there is no connection when something is asked before it is there', async () => {
    const { connection } = windowOn(server.url, server.password);
    await assert.rejects(connection.openCode.listStatuses(server.workspace), UnavailableProblem);
  });
});

/** Answers a request with what another server says to it. */
async function pipeTo(url: string, from: IncomingMessage, to: ServerResponse): Promise<void> {
  const { method = 'GET', headers } = from;
  // A connection of its own: one that is used again may be closed at that very moment.
  const far = request(`${url}${from.url}`, { method, headers, agent: false });
  from.pipe(far);
  const [answer] = (await once(far, 'response')) as [IncomingMessage];
  to.writeHead(answer.statusCode ?? 500, answer.headers).flushHeaders();
  answer.pipe(to);
  to.once('close', () => far.destroy());
}

describe('Looking for the program', () => {
  let folder: string;
  const path = (name: string) => join(folder, name);
  const windowWith = (
    setting: string | undefined,
    environment: NodeJS.ProcessEnv = {},
    ports: Partial<ConnectionPorts> = {},
  ) =>
    openWindow(
      {
        home: path('home'),
        workspace: folder,
        environment: { HOME: path('home'), PATH: '', ...environment },
      },
      { settings: () => (setting === undefined ? {} : { path: setting }), ...ports },
    );
  const program = async (name: string, text: string): Promise<string> => {
    await writeFile(path(name), `#!/bin/sh\n${text}\n`);
    await chmod(path(name), 0o755);
    return path(name);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opencode-sessions-'));
    await mkdir(path('home'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('names the version of a program that is too old, and does not start it', async () => {
    const marker = path('served');
    const old = await program('old', `[ "$1" = --version ] && echo 1.2.27 || touch ${marker}`);
    const window = windowWith(old);
    await assert.rejects(window.connection.connect(), /OpenCode 1\.2\.27/);
    assert.equal(window.connection.state.kind, 'incompatible');
    await assert.rejects(rm(marker), { code: 'ENOENT' });
  });

  it('runs a program of 1.19', async () => {
    const model = await startScriptedModel();
    const home = await makeOpenCodeHome({ modelUrl: model.url });
    const wrapper = await program(
      'nineteen',
      `[ "$1" = --version ] && echo 1.19.3 || exec '${openCodeBinary}' "$@"`,
    );
    const window = openWindow(home, { settings: () => ({ path: wrapper }) });
    await window.connection.connect();
    assert.equal(window.connection.state.kind, 'live');
    window.close();
    await waitFor(async () => (await managedServerPid(home)) === undefined, {
      what: 'the end of the server',
    });
    await home.remove();
    await model.close();
  });

  it('takes the program behind one that it does not speak with, and names the first where no other is there', async () => {
    const [first, second] = [path('first'), path('second')];
    await mkdir(first);
    await mkdir(second);
    await program('first/opencode', 'echo opencode v3.1.4');
    const environment = { PATH: `${first}:${second}` };
    await assert.rejects(
      windowWith(undefined, environment).connection.connect(),
      /OpenCode 3\.1\.4 .*opencode-ai@1/,
    );
    await program(
      'second/opencode',
      `[ "$1" = --version ] && echo 1.19.0 && exit; echo 'Error: so far' >&2; exit 3`,
    );
    const window = windowWith(undefined, environment);
    await assert.rejects(window.connection.connect(), /Error: so far$/);
    window.close();
  });

  for (const words of ['opencode vlocal', 'local']) {
    it(`names a build from the source that says “${words}”`, async () => {
      const built = await program('built', `echo ${words}`);
      await assert.rejects(windowWith(built).connection.connect(), /calls its version “local”/);
    });
  }

  it('runs no program while the window is not trusted', async () => {
    const marker = path('asked');
    const asked = await program('asking', `touch ${marker}`);
    const window = windowWith(asked, {}, { trusted: () => false });
    await assert.rejects(window.connection.connect(), /do not trust/);
    await assert.rejects(rm(marker), { code: 'ENOENT' });
  });

  it('says that a program is not OpenCode', async () => {
    const other = await program('other', 'echo hello');
    await assert.rejects(windowWith(other).connection.connect(), /does not say which version/);
  });

  it('says that the setting names no program', async () => {
    const window = windowWith(path('missing'));
    await assert.rejects(window.connection.connect(), (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, /names .*missing/);
      assert.deepEqual(error.remedy?.arguments, ['opencodeSessions.server.path']);
      return true;
    });
    assert.equal(window.connection.state.kind, 'failed');
  });

  it('says why a server ended while it started', async () => {
    const broken = await program(
      'broken',
      `[ "$1" = --version ] && echo 1.18.33 && exit; echo 'Error: the database is locked' >&2; echo 'see the log' >&2; exit 3`,
    );
    const window = windowWith(broken);
    await assert.rejects(
      window.connection.connect(),
      /ended while it started\. Error: the database is locked$/,
    );
    assert.equal(window.connection.state.kind, 'failed');
    window.close();
  });
});
