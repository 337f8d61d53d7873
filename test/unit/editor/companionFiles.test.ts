import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createCompanionFiles } from '../../../src/editor/keeping/companionFiles.ts';

const program = 'export default {};\n';

describe('The file of an installed companion', () => {
  let root: string;
  let directory: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'companion-')));
    directory = join(root, 'project');
    await mkdir(directory);
    await writeFile(join(root, 'companion.js'), program);
  });
  afterEach(() => rm(root, { recursive: true }));

  const filesOf = (version = '0.1.0', environment: NodeJS.ProcessEnv = {}) =>
    createCompanionFiles({
      version,
      source: join(root, 'companion.js'),
      environment,
      home: join(root, 'home'),
    });
  const folder = () => ({ kind: 'folder', directory }) as const;
  const all = { kind: 'allProjects' } as const;

  it('stands in the folder of plugins, says in its first line what it is, and runs as it was built', async () => {
    const files = filesOf();
    const absent = await files.look(folder());
    const path = join(directory, '.opencode', 'plugins', 'opencode-sessions.js');
    assert.deepEqual(absent, { kind: 'absent', path });
    await files.install(folder(), absent);
    const [first, ...rest] = (await readFile(path, 'utf8')).split('\n');
    assert.match(first ?? '', /^\/\/ OpenCode Sessions companion 0\.1\.0, .*Remove Companion/);
    assert.equal(rest.join('\n'), program);
    assert.deepEqual(await files.look(folder()), { kind: 'ours', path, version: '0.1.0', isChanged: false });
    assert.deepEqual(await readdir(dirname(path)), ['opencode-sessions.js']);
  });

  it('stands for all projects where OpenCode looks for the configuration of this user', async () => {
    const config = join(root, 'elsewhere');
    const { path } = await filesOf('0.1.0', { XDG_CONFIG_HOME: config }).look(all);
    assert.equal(path, join(config, 'opencode', 'plugins', 'opencode-sessions.js'));
    const own = await filesOf('0.1.0', { XDG_CONFIG_HOME: '' }).look(all);
    assert.equal(own.path, join(root, 'home', '.config', 'opencode', 'plugins', 'opencode-sessions.js'));
  });

  it('is known as changed once somebody wrote into it, and as foreign without the first line', async () => {
    const files = filesOf();
    await files.install(all, await files.look(all));
    const { path } = await files.look(all);
    await writeFile(path, `${await readFile(path, 'utf8')}// mine\n`);
    assert.deepEqual(await files.look(all), { kind: 'ours', path, version: '0.1.0', isChanged: true });
    await writeFile(path, program);
    assert.deepEqual(await files.look(all), { kind: 'foreign', path });
  });

  it('is neither replaced nor removed where something else stands there than was read', async () => {
    const files = filesOf('0.2.0');
    const absent = await files.look(folder());
    await mkdir(dirname(absent.path), { recursive: true });
    await writeFile(absent.path, 'mine');
    await assert.rejects(files.install(folder(), absent), /changed meanwhile/);
    await assert.rejects(files.remove(folder(), absent), /changed meanwhile/);
    assert.equal(await readFile(absent.path, 'utf8'), 'mine');
  });

  it('is replaced by that of another version, and gone when it was removed', async () => {
    await filesOf().install(folder(), await filesOf().look(folder()));
    const files = filesOf('0.2.0');
    await files.install(folder(), await files.look(folder()));
    const standing = await files.look(folder());
    assert.ok(standing.kind === 'ours' && standing.version === '0.2.0' && !standing.isChanged);
    await files.remove(folder(), standing);
    assert.equal((await files.look(folder())).kind, 'absent');
  });

  it('leads nowhere else: a link in the place of the folder is refused, one in that of the file is foreign', async () => {
    const outside = join(root, 'outside');
    await mkdir(outside);
    await symlink(outside, join(directory, '.opencode'));
    await assert.rejects(filesOf().look(folder()), /leads out of its folder/);
    await rm(join(directory, '.opencode'));
    await mkdir(join(directory, '.opencode', 'plugins'), { recursive: true });
    await writeFile(join(outside, 'kept.js'), 'kept');
    const path = join(directory, '.opencode', 'plugins', 'opencode-sessions.js');
    await symlink(join(outside, 'kept.js'), path);
    const files = filesOf();
    const found = await files.look(folder());
    assert.deepEqual(found, { kind: 'foreign', path });
    await files.install(folder(), found);
    assert.equal(await readFile(join(outside, 'kept.js'), 'utf8'), 'kept');
    assert.ok((await lstat(path)).isFile());
  });
});
