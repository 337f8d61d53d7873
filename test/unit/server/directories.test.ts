import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DirectorySet,
  isReadAsWritten,
  isSameDirectory,
  realDirectories,
} from '../../../src/server/dialect/directories.ts';

describe('The folders of a window, as the server names them', () => {
  it('are the real ones, each once, as macOS has /private/tmp behind /tmp', async () => {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'directories-')));
    try {
      const [real, link, gone] = ['real', 'link', 'gone'].map((name) => join(root, name)) as [
        string,
        string,
        string,
      ];
      await mkdir(real);
      // What Windows lets everybody make.
      await symlink(real, link, 'junction');
      assert.deepEqual(await realDirectories([link, real, gone]), [real, gone]);
      assert.ok(await isSameDirectory(real, link));
      assert.ok(!(await isSameDirectory(real, root)));
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it('are read as they are written on Windows, but for escapes', () => {
    const shares = ['C:\\Users\\me\\100%', '\\\\server\\our share\\w', 'c:/w', 'C:\\a%41b'];
    assert.deepEqual(shares.filter(isReadAsWritten), shares.slice(0, 3));
  });

  it('are told apart where Windows would not take one for the other', () => {
    const windows = new DirectorySet(['C:\\w', '\\\\Server\\share\\w'], 'win32');
    const found = ['c:/W', '//server/Share/w', 'D:\\w', 'C:\\w\\below', '/w'].filter((one) =>
      windows.has(one),
    );
    assert.deepEqual(found, ['c:/W', '//server/Share/w']);
  });
});
