import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** The systems hand out ports from 32768 on (Linux) or 49152 on to whoever connects to something. */
const lasting = { from: 20_000, to: 32_000 };

/**
 * A port of loopback that nobody listens on and that none is given by chance, so that it is still free later. OpenCode
 * given port 0 may try 4096 first, where everyone looks.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = randomInt(lasting.from, lasting.to);
    if (await isFreePort(port)) return port;
  }
  return tryPort(0);
}

/** Whether nobody listens on this port of loopback. */
export function isFreePort(port: number): Promise<boolean> {
  return tryPort(port).then(
    () => true,
    () => false,
  );
}

async function tryPort(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
