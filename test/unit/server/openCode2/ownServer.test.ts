import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnServer } from '../../../../src/server/openCode2/within/ownServer.ts';

const pid = 4711;
const password = 'a-password-of-the-server';

describe('Where a plugin finds the server that it is in', () => {
  let server: Server;
  let port: number;
  let state: string;
  let answered: number;

  before(async () => {
    server = createServer(({ headers }, response) => {
      const isIn =
        headers.authorization === `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`;
      response.writeHead(isIn ? 200 : 401).end(JSON.stringify(isIn ? { pid: answered } : {}));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(async () => {
    answered = pid;
    state = await mkdtemp(join(tmpdir(), 'state-'));
  });
  afterEach(() => rm(state, { recursive: true, force: true }));
  after(async () => {
    server.close();
    await once(server, 'close');
  });

  const own = (argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}): OwnServer =>
    new OwnServer({ pid, argv, env: { XDG_STATE_HOME: state, ...env } });
  const here = (): object => ({ url: `http://127.0.0.1:${port}`, username: 'opencode', password });
  const register = async (): Promise<void> => {
    await mkdir(join(state, 'opencode'));
    await writeFile(join(state, 'opencode', 'service.json'), JSON.stringify({ ...here(), pid }));
  };

  it('is by the registration of the background service', async () => {
    await register();
    assert.deepEqual(await own().find(), here());
  });

  it('is by how the process was started', async () => {
    const env = { OPENCODE_PASSWORD: password };
    assert.deepEqual(await own(['serve', '--port', String(port)], env).find(), here());
    assert.deepEqual(await own(['serve', `--port=${port}`], env).find(), here());
  });

  it('is by what an editor says that asks it, also after it was looked for in vain', async () => {
    const found = own();
    await assert.rejects(found.find(), /does not know yet/);
    found.hear({ text: 'who?', ...here() });
    assert.deepEqual(await found.find(), here());
  });

  it('is nowhere where another process answers, a password is wrong, or the address leads to another machine', async () => {
    await register();
    answered = 1;
    await assert.rejects(own().find(), /does not know yet/);
    answered = pid;
    await rm(join(state, 'opencode'), { recursive: true });
    const found = own(['--port', String(port)], { OPENCODE_PASSWORD: 'wrong' });
    found.hear({ url: 'https://example.com', password });
    await assert.rejects(found.find(), /does not know yet/);
  });
});
