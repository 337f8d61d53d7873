import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { keeperAddress, prepareKeeperFolders } from '../../../src/server/keeper/keeperAddress.ts';

const secret = 'a'.repeat(64);
const key = { program: '/x/opencode', dialect: '1.18', secret, environment: { HOME: '/home/me' } };
/** As the editor has it on macOS, where a socket beside it would have too long a path. */
const far =
  '/Users/somebody/Library/Application Support/Code/User/globalStorage/opencode-sessions.opencode-sessions';
const mac = {
  platform: 'darwin',
  temporary: '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T',
} as const;
const windows = {
  platform: 'win32',
  temporary: 'C:\\Users\\me\\AppData\\Local\\Temp',
} as const;

const keeperAt = (stateFolder: string, system: Parameters<typeof keeperAddress>[1] = mac) =>
  keeperAddress({ ...key, stateFolder }, system);

describe('Where the keeper listens', () => {
  it('is beside its note, where the path of a socket may be that long', () => {
    assert.equal(dirname(keeperAt('/home/me/state').socket), '/home/me/state');
    assert.equal(dirname(keeperAt('/home/me/state').record), '/home/me/state');
  });

  it('is in the temporary folder of the person where it may not, in bytes', () => {
    for (const folder of [far, `/home/${'ü'.repeat(40)}`]) {
      const { socket, record } = keeperAt(folder);
      assert.ok(socket.startsWith(`${mac.temporary}/opencode-sessions-`), socket);
      assert.equal(dirname(record), folder);
    }
  });

  it('never has a longer path than a socket may have', () => {
    const { socket } = keeperAt(far, { ...mac, temporary: `/private/var/${'long/'.repeat(20)}` });
    assert.ok(Buffer.byteLength(socket) <= 103, socket);
    assert.ok(socket.startsWith('/tmp/'));
  });

  it('and what it notes are others where windows have another temporary folder: neither ends what the other runs', () => {
    const here = keeperAt(far);
    const there = keeperAt(far, { ...mac, temporary: '/tmp' });
    assert.notEqual(here.socket, there.socket);
    assert.notEqual(here.record, there.record);
    assert.deepEqual(keeperAt('/home/me', { ...mac, temporary: '/tmp' }), keeperAt('/home/me'));
  });

  it('is a named pipe on Windows, of a name that the secret alone tells', () => {
    const { socket } = keeperAt('C:\\state', windows);
    assert.match(socket, /^\\\\\.\\pipe\\opencode-sessions-[0-9a-f]{16}$/);
    assert.notEqual(keeperAddress({ ...key, stateFolder: 'C:\\state', secret: 'b' }, windows).socket, socket);
  });

  it('is another for another home', () => {
    for (const name of ['HOME', 'USERPROFILE', 'XDG_DATA_HOME']) {
      const environment = { ...key.environment, [name]: '/elsewhere' };
      const other = keeperAddress({ ...key, environment, stateFolder: '/state' }, mac);
      assert.notEqual(other.socket, keeperAt('/state').socket);
    }
  });

  it('is a folder of this user alone, or none', async function () {
    if (process.platform === 'win32') this.skip();
    const root = await mkdtemp(join(tmpdir(), 'keeper-'));
    try {
      const address = { record: join(root, 'state', 'a.json'), socket: join(root, 'sockets', 'a.sock') };
      await prepareKeeperFolders(address);
      assert.equal((await stat(join(root, 'sockets'))).mode & 0o777, 0o700);
      const server = createServer().listen(address.socket);
      await once(server, 'listening');
      server.close();
      await chmod(join(root, 'sockets'), 0o755);
      await assert.rejects(prepareKeeperFolders(address), /not a folder of this user alone/);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
