import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programVersion } from '../../../src/server/source/programVersion.ts';

describe('A program that is asked for its version', () => {
  let root = '';

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'version-')));
  });

  after(() => rm(root, { recursive: true, force: true }));

  it('stands in the state folder, whatever folder the window stands in', async function () {
    if (process.platform === 'win32') this.skip();
    const program = join(root, 'opencode');
    const stateFolder = join(root, 'state');
    await writeFile(program, `#!/bin/sh\npwd > '${join(root, 'stood')}'\necho 1.18.33\n`);
    await chmod(program, 0o755);
    assert.equal(await programVersion(program, { stateFolder, environment: process.env }), '1.18.33');
    assert.equal((await readFile(join(root, 'stood'), 'utf8')).trim(), stateFolder);
  });
});
