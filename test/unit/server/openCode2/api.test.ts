import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { BusyProblem, NotFoundProblem, Problem, UnauthorizedProblem } from '../../../../src/core/errors.ts';
import { NotReadyProblem } from '../../../../src/server/openCode2/records/answers2.ts';
import { Api } from '../../../../src/server/openCode2/records/api.ts';
import { readVariants } from '../../../../src/server/openCode2/records/variants.ts';

const secret = 'sk-secret-0123456789';

describe('A request to 2.x', () => {
  let server: Server;
  let answer: { status: number; body: string; type?: string };
  let asked: string[];
  let missing: string[];
  let connections: number;
  let api: Api;

  beforeEach(async () => {
    asked = [];
    missing = [];
    connections = 1;
    server = createServer((request, response) => {
      asked.push(
        `${request.method} ${request.url} ${String(request.headers['x-opencode-directory'] ?? '')}`.trim(),
      );
      response
        .writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' })
        .end(answer.body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    api = new Api({ url, username: 'opencode', password: '' }, new AbortController().signal, {
      onMissing: (id) => missing.push(id),
      connection: () => connections,
    });
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = () => api.ask('GET', '/api/session/ses_1', z.object({ data: z.object({ id: z.string() }) }));
  const failure = async (): Promise<Problem> => {
    const error: unknown = await ask().then(
      () => undefined,
      (problem: unknown) => problem,
    );
    assert.ok(error instanceof Problem);
    return error;
  };

  for (const [status, body, kind] of [
    [401, { _tag: 'UnauthorizedError' }, UnauthorizedProblem],
    [404, { _tag: 'SessionNotFoundError', message: 'Session not found' }, NotFoundProblem],
    [409, { _tag: 'SessionBusyError' }, BusyProblem],
    [503, { _tag: 'ServiceUnavailableError', service: 'plugin' }, NotReadyProblem],
    [400, { _tag: 'InvalidRequestError', message: 'No' }, Problem],
  ] as const) {
    it(`that is refused with ${status} has a problem of its kind`, async () => {
      answer = { status, body: JSON.stringify({ ...body, settings: { apiKey: secret } }) };
      const problem = await failure();
      assert.ok(problem instanceof kind);
      assert.deepEqual(missing, status === 404 ? ['ses_1'] : []);
      assert.ok(!`${problem.message} ${String(problem.cause)} ${problem.stack}`.includes(secret));
    });
  }

  for (const [what, body, type] of [
    ['no JSON', `{"apiKey":"${secret}"`, 'application/json'],
    ['something else', JSON.stringify({ data: { id: 7, apiKey: secret } }), 'application/json'],
    ['a page', `<html>${secret}</html>`, 'text/html'],
  ] as const) {
    it(`quotes nothing of an answer that is ${what}`, async () => {
      answer = { status: 200, body, type };
      const problem = await failure();
      assert.ok(!`${problem.message} ${String(problem.cause)} ${problem.stack}`.includes(secret));
    });
  }

  it('names its folder in a header', async () => {
    answer = { status: 200, body: '{"data":[]}' };
    await api.ask('GET', '/api/agent', z.unknown(), { directory: '/a b/ü', query: { limit: 2 } });
    assert.deepEqual(asked, ['GET /api/agent?limit=2 %2Fa%20b%2F%C3%BC']);
  });

  it('learns once in each connection what is called otherwise', async () => {
    answer = { status: 200, body: '{"paths":{"/api/session/{sessionID}/pending":{"get":{}}}}' };
    assert.equal((await api.variants()).inbox, 'pending');
    await api.variants();
    assert.equal(asked.length, 1);
    answer = { status: 404, body: '' };
    connections = 2;
    assert.equal((await api.variants()).inbox, 'inbox');
    assert.equal(asked.length, 2);
  });
});

describe('The variants of 2.x', () => {
  const paths = (...all: readonly string[]) => ({
    paths: Object.fromEntries(
      all.map((one) => {
        const [method = '', path = ''] = one.split(' ');
        return [path, { [method]: {} }];
      }),
    ),
  });

  it('are those of the newest that is known where a server says nothing', () => {
    for (const nothing of [undefined, {}, 'x', { paths: 7 }]) {
      const { inbox, rename, unrevert, forms, canCancel } = readVariants(nothing);
      assert.deepEqual(
        [inbox, rename, unrevert.method, forms, canCancel],
        ['inbox', 'PATCH', 'DELETE', '/api/form', true],
      );
    }
  });

  it('are read from what the server has', () => {
    const earlier = readVariants(
      paths(
        'post /api/session/{id}/rename',
        'get /api/session/{id}/pending',
        'post /api/session/{id}/revert/clear',
        'get /api/form/request',
        'post /api/session/{id}/form/{formID}/cancel',
      ),
    );
    assert.deepEqual(earlier, {
      inbox: 'pending',
      canCancel: false,
      rename: 'rename',
      unrevert: { method: 'POST', path: 'revert/clear' },
      forms: '/api/form/request',
      rejectForm: { method: 'POST', path: '/cancel' },
      experimental: '/api',
      hasDiff: false,
    });
  });
});
