import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Problem, UnauthorizedProblem, UnavailableProblem } from '../../../src/core/errors.ts';
import { chooseDialect, IncompatibleProblem, newestBefore } from '../../../src/server/dialect/versions.ts';
import { createDialects } from '../../../src/server/dialects.ts';
import { StartingProblem } from '../../../src/server/http/refusals.ts';
import { AttachedServer } from '../../../src/server/source/attachedServer.ts';
import { probeServer } from '../../../src/server/source/probe.ts';
import { dialectPorts } from './dialectPorts.ts';

const dialects = createDialects(dialectPorts());
const [first, second] = dialects;

/** As 2.x answers outside of /api, before any password. */
const page = '<!doctype html><html><body>OpenCode</body></html>';
const locked = '{"_tag":"UnauthorizedError","message":"Unauthorized"}';
const info = '{"version":"2.0.26","pid":7,"urls":[],"paths":{}}';

describe('A server of the second generation', () => {
  let server: Server;
  let url: string;
  let answer: RequestListener;
  const asked: { path: string; authorization: string | undefined }[] = [];

  const nobody = () => ({ url, username: '', password: '' });
  const probe = () => probeServer(nobody(), dialects, { timeout: 5_000 });
  const refusal = async (): Promise<Problem> => {
    const problem = await probe().then(
      (version) => assert.fail(`it is ${version}`),
      (error: unknown) => error,
    );
    assert.ok(problem instanceof Problem);
    return problem;
  };
  const attached = (password?: string) =>
    new AttachedServer({
      url,
      dialects,
      environment: {},
      timeout: 5_000,
      credentials: async () => (password === undefined ? undefined : { username: 'opencode', password }),
    });
  /** Answers below /api as given, and with the web page elsewhere. */
  const api = (paths: Readonly<Record<string, string>>, status = 200): RequestListener => {
    return (request, response) => {
      const body = paths[request.url ?? ''];
      if (body !== undefined) response.writeHead(status).end(body);
      else if (request.url?.startsWith('/api/') === true) response.writeHead(404).end();
      else response.setHeader('content-type', 'text/html').end(page);
    };
  };
  const behind = (password: string): RequestListener => {
    const header = `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`;
    const open = api({ '/api/info': info, '/api/session/active': '{"data":{}}' });
    return (request, response) => {
      const isLocked = request.url?.startsWith('/api/') === true && request.headers.authorization !== header;
      if (isLocked) response.writeHead(401).end(locked);
      else open(request, response);
    };
  };

  beforeEach(async () => {
    server = createServer((request, response) => {
      asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.close();
    asked.length = 0;
  });

  it('is known by what it says at its own path, where the first has a page', async () => {
    answer = api({ '/api/info': info });
    assert.equal(await probe(), '2.0.26');
    assert.deepEqual(
      asked.map(({ path }) => path),
      ['/global/health', '/api/info'],
    );
  });

  it('is asked for nothing where the first generation answers', async () => {
    answer = (_, response) => response.end('{"healthy":true,"version":"1.18.33"}');
    assert.equal(await probe(), '1.18.33');
    assert.equal(asked.length, 1);
  });

  it('is told its password once it asked for one, in its words', async () => {
    answer = behind('secret');
    await assert.rejects(attached().open(), UnauthorizedProblem);
    await assert.rejects(attached('wrong').open(), /did not accept/);
    asked.length = 0;
    const found = await attached('secret').open();
    assert.deepEqual([found.version, found.dialect, found.endpoint.password], ['2.0.26', second, 'secret']);
    assert.deepEqual(
      asked.map(({ authorization }) => authorization !== undefined),
      [false, false, true, true],
    );
  });

  for (const body of ['', '{"_tag":"Other"}', '{"message":"Unauthorized"}']) {
    it(`is told none where it asks with “${body}”`, async () => {
      answer = (request, response) =>
        request.url === '/api/info' ? response.writeHead(401).end(body) : response.end(page);
      await assert.rejects(attached('secret').open(), /does not ask for a password as OpenCode does/);
      assert.ok(asked.every(({ authorization }) => authorization === undefined));
    });
  }

  for (const [asks, retryAfter] of [
    [undefined, 1_000],
    ['2', 2_000],
    ['0', 1_000],
    ['600', 10_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 1_000],
  ] as const) {
    it(`is waited for while it starts, with Retry-After ${asks ?? 'left out'}`, async () => {
      answer = (_, response) =>
        response
          .writeHead(503, asks === undefined ? {} : { 'retry-after': asks })
          .end('{"code":"service_starting"}');
      const problem = await refusal();
      assert.ok(problem instanceof StartingProblem);
      assert.equal(problem.retryAfter, retryAfter);
      assert.match(problem.message, /is still starting/);
    });
  }

  it('is waited for also where only its own paths say that it starts', async () => {
    answer = api({ '/api/info': '{"code":"service_starting"}' }, 503);
    assert.ok((await refusal()) instanceof StartingProblem);
  });

  for (const status of [500, 503]) {
    it(`says that it failed, and what to do, by ${status}`, async () => {
      answer = api({ '/api/info': '{"code":"service_failed"}' }, status);
      const problem = await refusal();
      assert.ok(!(problem instanceof UnavailableProblem));
      assert.match(problem.message, /could not start.*start OpenCode again/);
      assert.equal(problem.remedy?.command, 'opencodeSessions.server.reconnect');
    });
  }

  it('is refused as a preview, with what to do, whatever it calls itself', async () => {
    for (const version of ['local', '2.0.26', '0.0.0-next-15000']) {
      answer = api({ '/api/health': JSON.stringify({ healthy: true, version, pid: 7 }) });
      const problem = await refusal();
      assert.ok(problem instanceof IncompatibleProblem);
      assert.equal(problem.version, version);
      assert.match(
        problem.message,
        /is a preview.*1\.18, 1\.19 and 2\.0 from 2\.0\.5 on.*Start one of these/,
      );
    }
  });

  it('is none where a page stands at all paths, or nothing at any', async () => {
    answer = (_, response) => response.end(page);
    assert.match((await refusal()).message, /web page/);
    answer = (_, response) => response.writeHead(404).end();
    assert.match((await refusal()).message, /is not an OpenCode server/);
  });

  it('is none where it says no version at its path', async () => {
    answer = api({ '/api/info': '{"pid":7}', '/api/health': '{"healthy":true}' });
    assert.match((await refusal()).message, /web page/);
  });

  it('is of a third where it says so at that path, and is refused', async () => {
    answer = api({ '/api/info': '{"version":"3.0.1","pid":7}' });
    await assert.rejects(attached().open(), /OpenCode 3\.0\.1 is of a generation/);
  });

  for (const [version, newest] of [
    ['2.0.5', undefined],
    ['v2.0.26', undefined],
    ['2.1.4', '2.0'],
    ['2.1.0-beta.1', '2.0'],
  ] as const) {
    it(`is spoken with as ${version}${newest === undefined ? '' : ', and known to be newer'}`, () => {
      const dialect = chooseDialect(dialects, version, { managed: false });
      assert.equal(dialect, second);
      assert.equal(newestBefore(dialect, version), newest);
    });
  }

  for (const version of ['2.0.4', '2.0.0', '2.0', 'v2.0.0-beta.3']) {
    it(`is refused as ${version}, with what to install`, () => {
      assert.throws(
        () => chooseDialect(dialects, version, { managed: true }),
        (error) =>
          error instanceof IncompatibleProblem &&
          /is too old: .*1\.18, 1\.19 and 2\.0 from 2\.0\.5 on\..*opencode\.ai\/install/.test(error.message),
      );
    });
  }

  it('leaves those of the first as they are', () => {
    assert.equal(chooseDialect(dialects, '1.18.0', { managed: true }), first);
    assert.throws(
      () => chooseDialect(dialects, '1.17.9', { managed: true }),
      /“npm install -g opencode-ai@1”/,
    );
    assert.throws(() => chooseDialect(dialects, '3.0.0', { managed: true }), /generation/);
  });
});
