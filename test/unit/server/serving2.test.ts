import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { servingOf } from '../../../src/server/keeper/servings.ts';
import { known2 } from '../../../src/server/openCode2/running/known2.ts';
import { serving2 } from '../../../src/server/openCode2/running/serving2.ts';

describe('A server of ours of 2.x', () => {
  let server: Server | undefined;
  const asked: string[] = [];
  const endpointOf = async (answer: RequestListener) => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, username: 'opencode', password: 'secret' };
  };
  const basic = `Basic ${Buffer.from('opencode:secret').toString('base64')}`;

  afterEach(() => {
    server?.close();
    asked.length = 0;
  });

  it('is run by the name of its dialect, for as long as its input is open', () => {
    assert.equal(servingOf(known2.name), serving2);
    assert.equal(serving2.holdsInput, true);
    assert.deepEqual(serving2.words(4096), ['serve', '--stdio']);
  });

  it('has its password and nothing of the editor’s in its environment', () => {
    const given = serving2.environment(
      {
        HOME: '/home/me',
        VSCODE_PID: '1',
        ELECTRON_RUN_AS_NODE: '1',
        OPENCODE_CLIENT: 'x',
        OPENCODE_SERVER_PASSWORD: 'theirs',
        OPENCODE_PASSWORD: 'theirs',
        OPENCODE_DB: 'mine.db',
      },
      'secret',
    );
    assert.deepEqual(given, { HOME: '/home/me', OPENCODE_DB: 'mine.db', OPENCODE_PASSWORD: 'secret' });
  });

  for (const [line, url] of [
    ['{"url":"http://127.0.0.1:20123"}', 'http://127.0.0.1:20123'],
    ['{"url":"http://localhost:20123/","more":1}', 'http://localhost:20123'],
    ['{"url":"http://example.com:20123"}', undefined],
    ['{"url":"nonsense"}', undefined],
    ['{"url":', undefined],
    ['{"level":"info"}', undefined],
    ['server listening on http://127.0.0.1:20123', undefined],
  ] as const) {
    it(`${url === undefined ? 'does not say' : 'says'} where it listens by ${line}`, () => {
      assert.equal(serving2.readAddress(line), url);
    });
  }

  it('says who it is, and nothing where it does not answer so', async () => {
    const endpoint = await endpointOf((_, response) =>
      response.end('{"version":"2.0.26","pid":7,"urls":[],"paths":{}}'),
    );
    assert.deepEqual(await serving2.askHealth(endpoint), { status: 200, version: '2.0.26', pid: 7 });
    assert.deepEqual(asked, [`GET /api/info ${basic}`]);
    server?.close();
    assert.equal(await serving2.askHealth({ ...endpoint, url: 'http://127.0.0.1:1' }), undefined);
  });

  for (const [status, body] of [
    [401, '{"_tag":"UnauthorizedError"}'],
    [503, '{"code":"service_starting"}'],
    [200, '{"healthy":true}'],
  ] as const) {
    it(`has no version where it answers ${status} ${body}`, async () => {
      const endpoint = await endpointOf((_, response) => response.writeHead(status).end(body));
      const health = await serving2.askHealth(endpoint);
      assert.deepEqual([health?.status, health?.version], [status, undefined]);
    });
  }

  it('tells what it works at by titles, without subagents, and nothing where it cannot be asked', async () => {
    const sessions: Readonly<Record<string, object>> = {
      ses_a: { id: 'ses_a', title: 'Count the days' },
      ses_b: { id: 'ses_b', parentID: 'ses_a', title: 'Look' },
      ses_c: { id: 'ses_c' },
    };
    let isUp = true;
    const endpoint = await endpointOf((request, response) => {
      const id = request.url?.split('/').at(-1) ?? '';
      const active = Object.fromEntries(Object.keys(sessions).map((key) => [key, { type: 'running' }]));
      if (!isUp) response.writeHead(500).end();
      else response.end(JSON.stringify({ data: id === 'active' ? active : sessions[id] }));
    });
    const activity = serving2.watch(endpoint);
    const working = (await activity.working()) ?? [];
    assert.deepEqual(await Promise.all(working.map((session) => activity.titleOf(session))), [
      'Count the days',
      undefined,
      'ses_c',
    ]);
    isUp = false;
    assert.equal(await activity.working(), undefined);
    assert.equal(await activity.titleOf({ id: 'ses_a' }), 'ses_a');
    activity.dispose();
  });

  it('ends its runs by interrupting each of them', async () => {
    const endpoint = await endpointOf((request, response) =>
      request.method === 'GET'
        ? response.end('{"data":{"ses_a":{"type":"running"},"ses_b":{"type":"running"}}}')
        : response.writeHead(204).end(),
    );
    await serving2.endRuns(endpoint);
    assert.deepEqual(asked.toSorted(), [
      `GET /api/session/active ${basic}`,
      `POST /api/session/ses_a/interrupt ${basic}`,
      `POST /api/session/ses_b/interrupt ${basic}`,
    ]);
  });
});
