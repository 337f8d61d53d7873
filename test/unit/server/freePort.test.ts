import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, isFreePort } from '../../../src/server/http/freePort.ts';

describe('A port for a server of ours', () => {
  it('is none that the system gives to whoever connects to something', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    assert.ok(ports.every((port) => port >= 20_000 && port < 32_768));
    assert.ok(new Set(ports).size > 10);
  });

  it('is free until someone listens there', async () => {
    const port = await freePort();
    assert.equal(await isFreePort(port), true);
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    assert.equal(await isFreePort(port), false);
    server.close();
  });
});
