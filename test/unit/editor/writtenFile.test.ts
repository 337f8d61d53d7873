import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginFile, beginFolder, type Disk } from '../../../src/editor/keeping/writtenFile.ts';

/** A disk that fails where the test says so, and is the real one else. */
function aDisk(given: Partial<Disk>): Disk {
  return {
    open,
    rename,
    remove: (path) => rm(path, { recursive: true, force: true }),
    makeFolder: async (path) => {
      await mkdir(path);
    },
    isThere: async () => false,
    ...given,
  };
}

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

describe('a file that is written under another name', () => {
  let folder: string;
  let target: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'written-'));
    target = join(folder, 'session.md');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is there whole or not at all, for its person alone', async () => {
    await writeFile(target, 'before');
    const file = await beginFile(target);
    const kept = await file.keep('später 🙂');
    await file.write('x'.repeat(300_000));
    await file.write(await file.read(kept));
    assert.equal(await readFile(target, 'utf8'), 'before');
    await file.finish();
    assert.equal(await readFile(target, 'utf8'), `${'x'.repeat(300_000)}später 🙂`);
    assert.equal((await stat(target)).mode & 0o777, 0o600);
    await file.discard();
    assert.deepEqual(await readdir(folder), ['session.md']);
  });

  it('leaves nothing where it is discarded, also what was put aside', async () => {
    const file = await beginFile(target);
    await file.keep('aside');
    await file.write('x'.repeat(300_000));
    assert.equal((await readdir(folder)).length, 2);
    await file.discard();
    await file.discard();
    assert.deepEqual(await readdir(folder), []);
  });

  it('keeps texts apart, in whatever order they are read', async () => {
    const file = await beginFile(target);
    const kept = [];
    for (const text of ['first', 'zweitens', '']) kept.push(await file.keep(text));
    const read = await Promise.all(kept.toReversed().map((one) => file.read(one)));
    assert.deepEqual(read, ['', 'zweitens', 'first']);
    await file.discard();
  });

  it('says that there is no room, and leaves what was there before', async function () {
    // A device that is always full.
    if (process.platform !== 'linux') return this.skip();
    await writeFile(target, 'before');
    const full = aDisk({ open: () => open('/dev/full', 'w') });
    const file = await beginFile(target, full);
    await assert.rejects(
      file.write('x'.repeat(300_000)),
      /no room left for .*session\.md, so nothing was written/,
    );
    await file.discard();
    const small = await beginFile(target, full);
    await small.write('little');
    await assert.rejects(small.finish(), /no room left/);
    await small.discard();
    assert.deepEqual([await readdir(folder), await readFile(target, 'utf8')], [['session.md'], 'before']);
  });

  for (const [code, sentence] of [
    ['EACCES', /may not be written there, or another program has it open/],
    ['EROFS', /may not be written there/],
    ['EBUSY', /is open in another program, so it was left as it is/],
    ['EISDIR', /is a folder, or is there already/],
    ['EIO', /could not be written/],
  ] as const) {
    it(`says what to do about ${code}, and leaves nothing`, async () => {
      const file = await beginFile(target, aDisk({ rename: failing(code) }));
      await file.write('x');
      await assert.rejects(file.finish(), sentence);
      await file.discard();
      assert.deepEqual(await readdir(folder), []);
      await assert.rejects(beginFile(target, aDisk({ open: failing(code) })), sentence);
    });
  }

  it('cannot begin in a folder that is not there, or under the name of one', async () => {
    await assert.rejects(beginFile(join(folder, 'none', 'a.md')), /The folder of .* is not there/);
    await mkdir(target);
    const file = await beginFile(target);
    await assert.rejects(file.finish(), /is a folder/);
    await file.discard();
    assert.deepEqual(await readdir(folder), ['session.md']);
  });

  it('has a name of its own that no system finds too long', async () => {
    const long = join(folder, `${'名'.repeat(80)}.md`);
    const file = await beginFile(long);
    await file.write('x');
    await file.finish();
    assert.deepEqual(await readdir(folder), [`${'名'.repeat(80)}.md`]);
  });

  it('may be one of a folder that comes as a whole', async () => {
    const place = join(folder, 'sessions');
    const written = await beginFolder(place);
    for (const name of ['1.json', '2.json']) {
      const file = await written.add(name);
      await file.write(name);
      await file.finish();
    }
    assert.equal((await readdir(folder)).includes('sessions'), false);
    await written.finish();
    await written.discard();
    assert.deepEqual((await readdir(place)).toSorted(), ['1.json', '2.json']);
    await assert.rejects(beginFolder(place), /is there already/);
    const other = await beginFolder(join(folder, 'other'));
    await (await other.add('1.json')).finish();
    await other.discard();
    assert.deepEqual(await readdir(folder), ['sessions']);
  });
});
