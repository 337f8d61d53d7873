import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diffOfRepository } from '../../../src/editor/gitDiff.ts';

describe('The diff of a repository', () => {
  let root = '';
  let repository = '';
  let ran = '';

  const git = (...words: readonly string[]): void => {
    const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
    execFileSync('git', [...who, ...words], { cwd: repository, stdio: 'ignore' });
  };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'diff-'));
    repository = join(root, 'shop');
    ran = join(root, 'ran');
    await Promise.all([mkdir(repository), mkdir(ran)]);
    git('init');
    await writeFile(join(repository, 'a.txt'), 'one\n');
    await writeFile(join(repository, 'b.txt'), 'two\n');
    await writeFile(join(repository, '.gitattributes'), '*.txt diff=text\n');
    git('add', '.');
    git('commit', '-m', 'Begin');
    await writeFile(join(repository, 'a.txt'), 'ONE\n');
    git('add', '.');
    await writeFile(join(repository, 'b.txt'), 'TWO\n');
  });

  after(() => rm(root, { recursive: true, force: true }));

  it('has what is staged and what is not', async () => {
    const diff = await diffOfRepository('git', repository);
    assert.match(diff, /-one\n\+ONE\n[\s\S]*-two\n\+TWO\n/);
  });

  it('runs no program that the repository names, and has no colours', async function () {
    if (process.platform === 'win32') this.skip();
    const names = ['external', 'textconv', 'fsmonitor', 'post-index-change'];
    for (const name of names) {
      const program = join(root, name);
      await writeFile(program, `#!/bin/sh\ntouch '${join(ran, name)}'\n`);
      await chmod(program, 0o755);
    }
    const hooks = join(root, 'hooks');
    await mkdir(hooks);
    await writeFile(join(hooks, 'post-index-change'), `#!/bin/sh\ntouch '${join(ran, 'hook')}'\n`, {
      mode: 0o755,
    });
    git('config', 'diff.external', join(root, 'external'));
    git('config', 'diff.text.textconv', join(root, 'textconv'));
    git('config', 'core.fsmonitor', join(root, 'fsmonitor'));
    git('config', 'core.hooksPath', hooks);
    git('config', 'color.ui', 'always');
    // Only its time is another: git reads it again and writes down that nothing changed, which runs a hook.
    await utimes(join(repository, '.gitattributes'), 1000, 1000);
    const diff = await diffOfRepository('git', repository);
    assert.match(diff, /-one\n\+ONE\n[\s\S]*-two\n\+TWO\n/);
    assert.ok(!diff.includes('.gitattributes'), 'a file that did not change is no part of it');
    assert.deepEqual(await readdir(ran), []);
    // They are what git runs by itself.
    await utimes(join(repository, '.gitattributes'), 2000, 2000);
    for (const words of [['diff'], ['diff', '--no-ext-diff']]) {
      execFileSync('git', words, { cwd: repository, stdio: 'ignore' });
    }
    assert.deepEqual((await readdir(ran)).toSorted(), ['external', 'fsmonitor', 'hook', 'textconv']);
  });
});
