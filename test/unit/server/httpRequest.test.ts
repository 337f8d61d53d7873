import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import { createFetch } from '../../../src/server/http/httpRequest.ts';

describe('A request to a server', () => {
  const servers: Server[] = [];

  const listen = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const send = (
    url: string,
    { closing = new AbortController().signal, ...init }: RequestInit & Closing = {},
  ) => createFetch({ url, username: '', password: '' }, closing)(new Request(`${url}/session`, init));
  const failure = async (request: Promise<Response>): Promise<UnavailableProblem> => {
    const problem = await request.then(
      () => assert.fail('it was answered'),
      (error: unknown) => error,
    );
    assert.ok(problem instanceof UnavailableProblem);
    return problem;
  };

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('brings the whole answer back, byte for byte', async () => {
    const url = await listen((request, response) => {
      response.setHeader('x-next-cursor', 'more');
      request.pipe(response);
    });
    const response = await send(url, { method: 'POST', body: 'Grüße 👋' });
    assert.equal(response.headers.get('x-next-cursor'), 'more');
    assert.equal(await response.text(), 'Grüße 👋');
  });

  it('is not read to its end where the answer has none', async () => {
    const ended = Promise.withResolvers<void>();
    const url = await listen((_, response) => {
      const feed = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', feed).once('close', () => ended.resolve());
      feed();
    });
    const fetch = createFetch({ url, username: '', password: '' }, new AbortController().signal, 100_000);
    await assert.rejects(
      fetch(new Request(`${url}/session`)),
      (error) => error instanceof Problem && error.mayHaveArrived && /more than 98 kB/.test(error.message),
    );
    await ended.promise;
  });

  it('certainly did not arrive where nobody listens', async () => {
    const url = await listen(() => assert.fail('nobody asks'));
    servers.pop()?.close();
    assert.equal((await failure(send(url))).mayHaveArrived, false);
  });

  it('certainly did not arrive where the name leads nowhere', async () => {
    assert.equal((await failure(send('http://nowhere.invalid'))).mayHaveArrived, false);
  });

  it('may have arrived where the connection ends before the answer', async () => {
    const url = await listen((request) => request.socket.destroy());
    assert.equal((await failure(send(url))).mayHaveArrived, true);
  });

  it('may have arrived where the connection ends in the middle of the answer', async () => {
    const url = await listen((request, response) => {
      response.setHeader('content-length', 100);
      response.write('{"id":', () => request.socket.destroy());
    });
    assert.equal((await failure(send(url))).mayHaveArrived, true);
  });

  it('may have arrived where the answer takes too long, and says so', async () => {
    const asked = Promise.withResolvers<void>();
    const patience = new AbortController();
    const url = await listen(() => asked.resolve());
    const answer = failure(send(url, { signal: patience.signal }));
    await asked.promise;
    patience.abort();
    const problem = await answer;
    assert.equal(problem.mayHaveArrived, true);
    assert.match(problem.message, /in time/);
  });

  it('says that the window closed its connection, where that broke it off', async () => {
    const asked = Promise.withResolvers<void>();
    const closing = new AbortController();
    const url = await listen(() => asked.resolve());
    const answer = failure(send(url, { closing: closing.signal }));
    await asked.promise;
    closing.abort();
    const problem = await answer;
    assert.equal(problem.mayHaveArrived, true);
    assert.match(problem.message, /this window closed its connection/);
  });
});

interface Closing {
  readonly closing?: AbortSignal;
}
