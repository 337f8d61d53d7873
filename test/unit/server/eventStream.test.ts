import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openEventStream } from '../../../src/server/http/eventStream.ts';

describe('An event stream', () => {
  let server: Server;
  let response: ServerResponse;
  let heard: string[];

  const open = async (options: { silence?: number; largestEvent?: number } = {}) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return openEventStream({
      endpoint: { url, username: '', password: '' },
      path: '/events',
      silence: 25_000,
      signal: new AbortController().signal,
      onData: (data) => heard.push(data),
      ...options,
    });
  };

  beforeEach(async () => {
    heard = [];
    server = createServer((_, answer) => {
      response = answer;
      answer.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('brings each event, and ends when the server ends it', async () => {
    const { ended } = await open();
    response.write('data: one\n\ndata: tw');
    response.end('o\n\n');
    assert.equal(await ended, 'closed');
    assert.deepEqual(heard, ['one', 'two']);
  });

  for (const [how, endless] of [
    ['a line', 'x'.repeat(600)],
    ['an event of many lines', `data: ${'x'.repeat(300)}\ndata: ${'x'.repeat(300)}\n`],
  ] as const) {
    it(`is ended where ${how} has no end`, async () => {
      const { ended } = await open({ largestEvent: 1000 });
      const closed = once(response, 'close');
      response.write(`data: small\n\ndata: ${endless}`);
      response.write(endless);
      assert.equal(await ended, 'tooLarge');
      await closed;
      assert.deepEqual(heard, ['small']);
    });
  }

  it('counts as dead when nothing at all comes', async () => {
    const { ended } = await open({ silence: 100 });
    assert.equal(await ended, 'silent');
  });
});
