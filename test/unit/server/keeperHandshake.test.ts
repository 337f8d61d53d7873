import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonLines } from '../../../src/server/keeper/jsonLines.ts';
import { keeperAddress } from '../../../src/server/keeper/keeperAddress.ts';
import { admitWindow, greetKeeper } from '../../../src/server/keeper/keeperHandshake.ts';
import { ToKeeper } from '../../../src/server/keeper/keeperMessages.ts';
import { keeperSecret, secretFile } from '../../../src/server/keeper/keeperSecret.ts';

const secret = 'a'.repeat(64);
const other = 'b'.repeat(64);

describe('The keeper and a window', () => {
  let folder: string;
  let server: Server;
  let keepers: Socket;
  let windows: Socket;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keeper-'));
    const path = join(folder, 'a.sock');
    server = createServer().listen(path);
    await once(server, 'listening');
    windows = connect(path);
    [keepers] = (await once(server, 'connection')) as [Socket];
    for (const socket of [keepers, windows]) socket.on('error', () => socket.destroy());
  });

  afterEach(async () => {
    keepers.destroy();
    windows.destroy();
    server.close();
    await rm(folder, { recursive: true });
  });

  const heard = (socket: Socket): string[] => {
    const texts: string[] = [];
    socket.setEncoding('utf8').on('data', (text: string) => texts.push(text));
    return texts;
  };

  it('know each other by the secret', async () => {
    const both = [
      admitWindow(new JsonLines(keepers), secret),
      greetKeeper(new JsonLines(windows), secret, 1_000),
    ];
    assert.deepEqual(await Promise.all(both), [process.pid, 'proven']);
  });

  it('go on with what was said right behind the proof', async () => {
    const lines = new JsonLines(keepers);
    const admitted = admitWindow(lines, secret);
    const words = new JsonLines(windows);
    await greetKeeper(words, secret, 1_000);
    words.write({ type: 'use' });
    await admitted;
    const heard: string[] = [];
    const listening = lines.listen(ToKeeper, ({ type }) => heard.push(type));
    windows.end();
    await listening;
    assert.deepEqual(heard, ['use']);
  });

  it('are not taken in by another secret', async () => {
    const both = [
      admitWindow(new JsonLines(keepers), other),
      greetKeeper(new JsonLines(windows), secret, 1_000),
    ];
    assert.equal(await both[1], 'foreign');
    windows.destroy();
    assert.equal(await both[0], undefined);
  });

  for (const [what, words] of [
    ['an order', '{"type":"start"}\n'],
    ['no JSON', 'GET / HTTP/1.1\n'],
    ['a nonce of another form', '{"nonce":"…"}\n'],
    ['a line without an end', 'x'.repeat(1_100_000)],
  ] as const) {
    it(`do not begin with ${what}`, async () => {
      const told = heard(windows);
      windows.write(words);
      assert.equal(await admitWindow(new JsonLines(keepers), secret), undefined);
      assert.deepEqual(told, []);
    });
  }

  it('tell one who only asks nothing but a proof, and let it in for no made-up one', async () => {
    const lines = new JsonLines(windows);
    const admitted = admitWindow(new JsonLines(keepers), secret);
    lines.write({ nonce: 'c'.repeat(64) });
    lines.write({ proof: 'd'.repeat(64), pid: 1 });
    assert.equal(await admitted, undefined);
  });

  it('cannot be given back their own words', async () => {
    const told = greetKeeper(new JsonLines(windows), secret, 1_000);
    keepers.pipe(keepers);
    assert.equal(await told, 'foreign');
  });

  it('give up one who says nothing, and one who goes', async () => {
    assert.equal(await greetKeeper(new JsonLines(windows), secret, 50), 'silent');
    keepers.destroy();
    assert.equal(await greetKeeper(new JsonLines(windows), secret, 1_000), 'closed');
  });
});

describe('The secret of the keeper and the windows', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keeper-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, for this user alone, also by windows that begin together', async () => {
    const secrets = await Promise.all([1, 2, 3, 4].map(() => keeperSecret(folder)));
    assert.equal(new Set(secrets).size, 1);
    assert.match(secrets[0] ?? '', /^[0-9a-f]{64}$/);
    assert.equal(await readFile(secretFile(folder), 'utf8'), secrets[0]);
    assert.equal((await stat(secretFile(folder))).mode & 0o777, 0o600);
    assert.equal((await readdir(folder)).length, 1, 'no draft is left');
  });

  it('is made once also on a disk that knows no links', async () => {
    const noLinks = () => Promise.reject(Object.assign(new Error('no links'), { code: 'ENOTSUP' }));
    const made = await keeperSecret(folder, noLinks);
    assert.equal(await keeperSecret(folder, noLinks), made);
    assert.equal((await stat(secretFile(folder))).mode & 0o777, 0o600);
    assert.equal((await readdir(folder)).length, 1, 'no draft is left');
  });

  it('is closed again where others could read it', async () => {
    await keeperSecret(folder);
    await chmod(secretFile(folder), 0o644);
    await keeperSecret(folder);
    assert.equal((await stat(secretFile(folder))).mode & 0o777, 0o600);
  });

  it('is not taken from a file that someone else put there', async () => {
    await writeFile(join(folder, 'elsewhere'), secret);
    await symlink(join(folder, 'elsewhere'), secretFile(folder));
    await assert.rejects(keeperSecret(folder), /cannot be used.*not what this extension wrote/);
    await rm(secretFile(folder));
    await writeFile(secretFile(folder), '');
    await assert.rejects(keeperSecret(folder), /cannot be used.*not what this extension wrote/);
  });

  it('is said to be out of reach where the folder is no folder', async () => {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(keeperSecret(join(folder, 'file')), /The editor’s folder .* cannot be used/);
  });

  it('decides where a keeper listens, and not where its note stands', () => {
    const key = { program: '/x', dialect: '1.18', stateFolder: folder, environment: {} };
    const first = keeperAddress({ ...key, secret });
    const second = keeperAddress({ ...key, secret: other });
    assert.notEqual(first.socket, second.socket);
    assert.equal(first.record, second.record);
  });
});
