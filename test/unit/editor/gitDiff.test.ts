import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { changesSince, diffOfRepository, statOfRepository } from '../../../src/editor/gitDiff.ts';

describe('The diff of a repository', function () {
  // Git is started many times, on a machine that may be busy.
  this.timeout(60_000);
  let root = '';
  let repository = '';
  let ran = '';

  const gitIn = (cwd: string, ...words: readonly string[]): void => {
    const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'protocol.file.allow=always'];
    execFileSync('git', [...who, ...words], { cwd, stdio: 'ignore' });
  };
  const git = (...words: readonly string[]): void => gitIn(repository, ...words);
  const inFolder = (name: string): string => join(repository, name);

  /** A program that leaves its name where it ran, then goes on as `then` says. */
  async function aProgram(name: string, then = ''): Promise<string> {
    const program = join(root, name);
    await writeFile(program, `#!/bin/sh\ntouch '${join(ran, name)}'\n${then}\n`, { mode: 0o755 });
    return program;
  }

  /** All that is asked of git; then what ran of the repository's programs. */
  async function askAll(): Promise<{ readonly diff: string; readonly stat: string; readonly ran: string[] }> {
    const diff = await diffOfRepository('git', repository);
    const size = await statOfRepository('git', repository);
    return { diff, stat: size, ran: (await readdir(ran)).toSorted() };
  }

  /** What runs when git is asked as a person asks it: a test that names nothing of it would prove nothing. */
  async function ranUnguarded(...words: readonly string[]): Promise<readonly string[]> {
    // How it ends is no matter: programs that say nothing are no filters, nor remotes.
    spawnSync('git', words, { cwd: repository, stdio: 'ignore' });
    return (await readdir(ran)).toSorted();
  }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'diff-'));
    repository = join(root, 'shop');
    ran = join(root, 'ran');
    await Promise.all([mkdir(repository), mkdir(ran)]);
    git('init');
    await writeFile(inFolder('a.txt'), 'one\n');
    await writeFile(inFolder('b.txt'), 'two\n');
    await writeFile(inFolder('same.txt'), 'three\n');
    git('add', '.');
    git('commit', '-m', 'Begin');
    await writeFile(inFolder('a.txt'), 'ONE\n');
    git('add', '.');
    await writeFile(inFolder('b.txt'), 'TWO\n');
    // Only its time is another: git reads it again.
    await utimes(inFolder('same.txt'), 1000, 1000);
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  const changes = /-one\n\+ONE\n[\s\S]*-two\n\+TWO\n/;

  /** The same where a filter belongs to all files. */
  const unfiltered = /^# Touched, but left out, [^\n]*: b\.txt, same\.txt\n[\s\S]*-one\n\+ONE\n$/;

  it('has what is staged and what is not, and how much it is', async () => {
    const asked = await askAll();
    assert.match(asked.diff, changes);
    assert.equal(asked.stat, '2 files changed, 2 insertions(+), 2 deletions(-)');
    assert.ok(!asked.diff.includes('same.txt'), 'a file that did not change is no part of it');
  });

  it('says what changed in a folder since a time: by commits there, and by what is not committed and was written since', async () => {
    const then = Date.now() - 60_000;
    const old = { GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z' };
    execFileSync(
      'git',
      ['-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '--amend', '--no-edit'],
      {
        cwd: repository,
        stdio: 'ignore',
        env: { ...process.env, ...old },
      },
    );
    assert.deepEqual(await changesSince('git', repository, repository, then), {
      commits: 0,
      files: ['b.txt'],
      isLeast: false,
    });
    await utimes(inFolder('b.txt'), 1000, 1000);
    await mkdir(inFolder('api'));
    await writeFile(inFolder('api/new.txt'), 'x\n');
    git('add', 'api');
    git('commit', '-m', 'Api', '--', 'api');
    const { commits, files } = await changesSince('git', repository, inFolder('api'), then);
    assert.deepEqual([commits, files], [1, ['api/new.txt']]);
    assert.deepEqual((await changesSince('git', repository, inFolder('api'), Date.now() + 60_000)).files, []);
  });

  it('is asked of a repository without a commit, and of one that would run programs for it, without running any', async function () {
    if (process.platform === 'win32') this.skip();
    const empty = join(root, 'empty');
    await mkdir(empty);
    gitIn(empty, 'init');
    assert.deepEqual(await changesSince('git', empty, empty, 0), { commits: 0, files: [], isLeast: false });
    git('config', 'log.showSignature', 'true');
    git('config', 'gpg.program', await aProgram('gpg'));
    git('config', 'core.fsmonitor', await aProgram('fsmonitor'));
    git('config', 'diff.external', await aProgram('external'));
    git('config', 'core.pager', await aProgram('pager'));
    await changesSince('git', repository, repository, 0);
    assert.deepEqual((await readdir(ran)).toSorted(), []);
  });

  it('is asked of no git that the repository brings, where programs are looked for in the folder first', async function () {
    // As Windows does it by itself, for a git that is set without its folder.
    if (process.platform === 'win32') this.skip();
    await copyFile(await aProgram('git'), inFolder('git'));
    const { PATH } = process.env;
    process.env['PATH'] = `.${delimiter}${PATH}`;
    try {
      const asked = await askAll();
      assert.match(asked.diff, changes);
      assert.deepEqual(asked.ran, []);
      assert.deepEqual(await ranUnguarded('diff'), ['git']);
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  it('has a file whose mode alone changed, and lines that look like heads of diffs', async function () {
    if (process.platform === 'win32') this.skip();
    await writeFile(inFolder('b.txt'), 'two\ndiff --git a/x b/x\n');
    execFileSync('chmod', ['+x', inFolder('same.txt')]);
    const diff = await diffOfRepository('git', repository);
    assert.match(diff, /\+diff --git a\/x b\/x\n/);
    assert.match(diff, /diff --git a\/same.txt b\/same.txt\nold mode 100644\nnew mode 100755\n/);
  });

  it('leaves out files with filters, which alone could say whether they changed, and says so', async () => {
    git('config', 'filter.x.clean', 'tr a-z A-Z');
    await mkdir(inFolder('large'));
    await writeFile(inFolder('.gitattributes'), '*.bin filter=x\nplain.bin -filter\n');
    for (const name of ['large/touched.bin', 'plain.bin']) await writeFile(inFolder(name), 'letters\n');
    git('add', '.');
    git('commit', '-m', 'Filter');
    await utimes(inFolder('large/touched.bin'), 1000, 1000);
    await writeFile(inFolder('plain.bin'), 'words\n');
    const asked = await askAll();
    const diffs = asked.diff.split(/^(?=diff --git)/m);
    assert.match(diffs[0] ?? '', /^# Touched, but left out, [^\n]*: large\/touched\.bin\n\n$/);
    assert.equal(diffs.length, 2);
    assert.match(asked.diff, /-letters\n\+words\n$/);
    assert.equal(asked.stat, '1 file changed, 1 insertion(+), 1 deletion(-), 1 with a filter not compared');
  });

  it('leaves the index as it is', async () => {
    const index = inFolder('.git/index');
    const before = { bytes: await readFile(index), time: (await stat(index)).mtimeMs };
    await askAll();
    assert.deepEqual({ bytes: await readFile(index), time: (await stat(index)).mtimeMs }, before);
  });

  describe('runs nothing that the repository names', function () {
    before(function () {
      if (process.platform === 'win32') this.skip();
    });

    it('for diffs and texts', async () => {
      await writeFile(inFolder('.git/info/attributes'), '*.txt diff=text\n');
      git('config', 'diff.external', await aProgram('external'));
      git('config', 'diff.text.textconv', await aProgram('textconv'));
      git('config', 'color.ui', 'always');
      const asked = await askAll();
      assert.match(asked.diff, changes);
      assert.deepEqual(asked.ran, []);
      await ranUnguarded('diff', '--no-ext-diff');
      assert.deepEqual(await ranUnguarded('diff'), ['external', 'textconv']);
    });

    it('for diffs of one kind of file', async () => {
      await writeFile(inFolder('.git/info/attributes'), '*.txt diff=text\n');
      git('config', 'diff.text.command', await aProgram('command'));
      assert.deepEqual((await askAll()).ran, []);
      assert.deepEqual(await ranUnguarded('diff'), ['command']);
    });

    it('for changes on the disk, or as hooks', async () => {
      await mkdir(join(root, 'hooks'));
      const hook = await aProgram('hook');
      await writeFile(join(root, 'hooks', 'post-index-change'), `#!/bin/sh\n${hook}\n`, { mode: 0o755 });
      git('config', 'core.fsmonitor', await aProgram('fsmonitor'));
      git('config', 'core.hooksPath', join(root, 'hooks'));
      await rm(join(ran, 'hook'), { force: true });
      await rm(join(ran, 'fsmonitor'), { force: true });
      await utimes(inFolder('same.txt'), 2000, 2000);
      assert.deepEqual((await askAll()).ran, []);
      await utimes(inFolder('same.txt'), 3000, 3000);
      assert.deepEqual(await ranUnguarded('diff'), ['fsmonitor', 'hook']);
    });

    it('to page or sign', async () => {
      for (const name of ['core.pager', 'pager.diff', 'pager.config', 'gpg.program', 'core.editor'])
        git('config', name, await aProgram(name));
      git('config', 'log.showSignature', 'true');
      git('config', 'alias.diff', '!touch ../ran/alias');
      assert.deepEqual((await askAll()).ran, []);
    });

    // A name of a filter is any text on one line.
    for (const name of ['x', 'Two Words', 'a.b.c', '.', 'ä"\\\'', '-c', 'x.clean', '']) {
      it(`to filter by "${name}"`, async () => {
        const quoted = name.replaceAll(/["\\]/g, '\\$&');
        await appendFile(
          inFolder('.git/config'),
          `\n[FILTER "${quoted}"]\n\tCLEAN = ${await aProgram('clean', 'cat')}\n\trequired\n`,
        );
        await writeFile(
          inFolder('.git/info/attributes'),
          `*.txt filter=${/[ "\\]/.test(name) ? 'x' : name}\n`,
        );
        const asked = await askAll();
        assert.match(asked.diff, unfiltered);
        assert.deepEqual(asked.ran, []);
        if (!/[ "\\]/.test(name)) assert.deepEqual(await ranUnguarded('diff'), ['clean']);
      });
    }

    it('to filter by one process for all files', async () => {
      git('config', 'filter.x.process', await aProgram('process'));
      git('config', 'filter.x.required', 'true');
      await writeFile(inFolder('.gitattributes'), '* filter=x\n');
      const asked = await askAll();
      assert.match(asked.diff, unfiltered);
      assert.deepEqual(asked.ran, []);
      assert.deepEqual(await ranUnguarded('diff'), ['process']);
    });

    it('to filter by what a file of its configuration includes', async () => {
      const included = join(root, 'included');
      await writeFile(included, `[filter "x"]\n\tclean = ${await aProgram('clean', 'cat')}\n`);
      await writeFile(inFolder('.gitattributes'), '* filter=x\n');
      await appendFile(inFolder('.git/config'), `\n[includeIf "gitdir:${root}/"]\n\tpath = ${included}\n`);
      assert.deepEqual((await askAll()).ran, []);
      assert.deepEqual(await ranUnguarded('diff'), ['clean']);
    });

    it('to filter by a name that git cannot be told, and says nothing', async () => {
      await appendFile(
        inFolder('.git/config'),
        `\n[filter "a=b"]\n\tclean = ${await aProgram('clean', 'cat')}\n`,
      );
      await writeFile(inFolder('.gitattributes'), '* filter=a=b\n');
      await assert.rejects(diffOfRepository('git', repository));
      await assert.rejects(statOfRepository('git', repository));
      assert.deepEqual(await readdir(ran), []);
      assert.deepEqual(await ranUnguarded('diff'), ['clean']);
    });

    it('to fetch what is missing', async () => {
      for (const [name, value] of [
        ['core.repositoryFormatVersion', '1'],
        ['extensions.partialClone', 'origin'],
        ['remote.origin.promisor', 'true'],
        ['remote.origin.url', root],
        ['remote.origin.uploadpack', await aProgram('uploadpack')],
        ['core.sshCommand', await aProgram('ssh')],
        ['protocol.ext.allow', 'always'],
        ['protocol.allow', 'always'],
      ] as const)
        git('config', name, value);
      // Without what was committed no diff can be written.
      const objects = inFolder('.git/objects');
      const blob = execFileSync('git', ['rev-parse', 'HEAD:b.txt'], { cwd: repository, encoding: 'utf8' });
      await rm(join(objects, blob.slice(0, 2), blob.slice(2).trim()), { force: true });
      for (const url of [root, `ext::${join(root, 'ssh')}`, 'ssh://example.invalid/x']) {
        git('config', 'remote.origin.url', url);
        await assert.rejects(diffOfRepository('git', repository));
        assert.deepEqual(await readdir(ran), []);
        assert.equal((await ranUnguarded('diff')).length, 1, url);
        for (const name of await readdir(ran)) await rm(join(ran, name));
      }
    });

    it('within its submodules', async () => {
      const inner = join(root, 'inner');
      await mkdir(inner);
      gitIn(inner, 'init');
      await writeFile(join(inner, 'c.txt'), 'one\n');
      gitIn(inner, 'add', '.');
      gitIn(inner, 'commit', '-m', 'Begin');
      git('submodule', 'add', inner, 'inner');
      git('commit', '-m', 'Add');
      const submodule = inFolder('inner');
      await writeFile(join(submodule, 'c.txt'), 'two\n');
      gitIn(submodule, 'add', '.');
      gitIn(submodule, 'commit', '-m', 'Go on');
      await writeFile(join(submodule, 'c.txt'), 'three\n');
      gitIn(submodule, 'config', 'core.fsmonitor', await aProgram('fsmonitor'));
      gitIn(submodule, 'config', 'filter.x.clean', await aProgram('clean', 'cat'));
      await writeFile(join(submodule, '.gitattributes'), '* filter=x\n');
      gitIn(submodule, 'config', 'diff.external', await aProgram('external'));
      git('config', 'diff.submodule', 'diff');
      git('config', 'diff.ignoreSubmodules', 'none');
      git('config', 'submodule.inner.ignore', 'none');
      for (const name of await readdir(ran)) await rm(join(ran, name));
      const asked = await askAll();
      assert.match(asked.diff, /\+Subproject commit/);
      assert.deepEqual(asked.ran, []);
      assert.notDeepEqual(await ranUnguarded('diff'), []);
    });
  });
});
