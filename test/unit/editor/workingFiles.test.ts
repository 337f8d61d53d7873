import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileState } from '../../../src/core/ports/workingFiles.ts';
import { createWorkingFiles } from '../../../src/editor/keeping/workingFiles.ts';

const text = (value: string, mode = 0o644): FileState => ({ kind: 'text', text: value, mode });
const absent: FileState = { kind: 'absent' };

describe('the files of a session’s folder', () => {
  let root: string;
  let folder: string;
  const unsaved = new Set<string>();
  const files = createWorkingFiles({ isUnsaved: (path) => unsaved.has(path) });

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'opencode-sessions-')));
    folder = join(root, 'folder');
    await mkdir(folder);
    unsaved.clear();
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('are read and written byte by byte, made with their folders and their mode, and removed', async () => {
    const path = join(folder, 'deep/er/a.sh');
    assert.deepEqual(await files.read(folder, path), absent);
    await files.replace(folder, [{ path, from: absent, to: text('\uFEFFä\r\n', 0o755) }]);
    assert.equal((await readFile(path)).toString('hex'), 'efbbbfc3a40d0a');
    assert.equal((await stat(path)).mode & 0o777, 0o755);
    const from = await files.read(folder, path);
    await files.replace(folder, [{ path, from, to: absent }]);
    await assert.rejects(access(path));
  });

  it('are left alone outside of it, in git’s own folder and behind links', async () => {
    await mkdir(join(folder, '.git'));
    await writeFile(join(root, 'secret'), 's');
    await symlink(root, join(folder, 'out'));
    await symlink(join(root, 'secret'), join(folder, 'link'));
    for (const path of [
      join(root, 'secret'),
      `${folder}/../secret`,
      join(folder, '.git/config'),
      join(folder, '.GIT/hooks/post-checkout'),
      join(folder, 'out/secret'),
      join(folder, 'out/new/deeper'),
    ]) {
      await assert.rejects(files.read(folder, path), /not in the folder of the session/, path);
      await assert.rejects(
        files.replace(folder, [{ path, from: absent, to: text('x') }]),
        /not in the folder/,
      );
    }
    await symlink(join(folder, '.git'), join(folder, 'g'));
    for (const name of ['g/config', 'g/new/config']) {
      await assert.rejects(files.read(folder, join(folder, name)), /not in the folder of the session/, name);
    }
    await assert.rejects(files.read(folder, join(folder, 'link')), /is a link/);
    assert.equal(await readFile(join(root, 'secret'), 'utf8'), 's');
  });

  it('are left alone where they are no texts, are being edited or were changed meanwhile', async () => {
    const path = join(folder, 'a.bin');
    await writeFile(path, Buffer.from([0, 255]));
    await assert.rejects(files.read(folder, path), /is no text/);
    await writeFile(path, 'one');
    await assert.rejects(
      files.replace(folder, [{ path, from: text('other'), to: text('two') }]),
      /was changed meanwhile/,
    );
    unsaved.add(path);
    await assert.rejects(files.read(folder, path), /not saved/);
    assert.equal(await readFile(path, 'utf8'), 'one');
  });

  it('are written all or none', async () => {
    const first = join(folder, 'first');
    const blocked = join(folder, 'file/below');
    await writeFile(first, 'one');
    await writeFile(join(folder, 'file'), 'no folder');
    await assert.rejects(
      files.replace(folder, [
        { path: first, from: text('one'), to: text('two') },
        { path: blocked, from: absent, to: text('three') },
      ]),
    );
    assert.equal(await readFile(first, 'utf8'), 'one');
  });
});
