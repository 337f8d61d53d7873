import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../../../src/server/keeper/commandLine.ts';
import {
  candidateFolders,
  findOpenCode,
  NotInstalledProblem,
} from '../../../src/server/source/findOpenCode.ts';
import { homeOf } from '../../../src/server/source/chooseProgram.ts';
import { parseUrl } from '../../../src/server/source/attachedServer.ts';

describe('Finding the program', () => {
  let home: string;
  const install = async (folder: string, mode = 0o755): Promise<string> => {
    await mkdir(join(home, folder), { recursive: true });
    const program = join(home, folder, 'opencode');
    await writeFile(program, '');
    await chmod(program, mode);
    return program;
  };
  const findAll = (path?: string) =>
    findOpenCode({
      environment: { PATH: join(home, 'onPath') },
      home,
      platform: 'linux',
      ...(path === undefined ? {} : { path }),
    });
  const find = async (path?: string) => (await findAll(path).next()).value;
  const all = async (path?: string) => {
    const found: string[] = [];
    for await (const program of findAll(path)) found.push(program);
    return found;
  };

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'opencode-sessions-'));
  });

  afterEach(() => rm(home, { recursive: true, force: true }));

  it('takes the setting before everything else', async () => {
    await install('onPath');
    const own = await install('own');
    assert.equal(await find(own), own);
    assert.equal(await find(' ~/own/opencode '), own);
  });

  it('takes PATH before the usual places', async () => {
    await install('.opencode/bin');
    const onPath = await install('onPath');
    assert.equal(await find(''), onPath);
  });

  it('finds it where its installer puts it', async () => {
    const program = await install('.opencode/bin');
    assert.equal(await find(), program);
  });

  it('passes over what cannot be run', async () => {
    await install('onPath', 0o644);
    const program = await install('.local/bin');
    assert.equal(await find(), program);
  });

  it('finds the others, too, where there are several, and none beside the one that the setting names', async () => {
    const own = await install('own');
    const installed = [await install('onPath'), await install('.opencode/bin'), await install('.local/bin')];
    assert.deepEqual(await all(), installed);
    assert.deepEqual(await all(own), [own]);
  });

  it('looks on Windows where npm and scoop put their shims', () => {
    const folders = candidateFolders({
      environment: { Path: 'C:\\tools;relative', APPDATA: 'C:\\Users\\me\\AppData\\Roaming' },
      home: 'C:\\Users\\me',
      platform: 'win32',
    });
    assert.equal(folders[0], 'C:\\tools');
    assert.ok(folders.includes('C:\\Users\\me\\AppData\\Roaming\\npm'));
    assert.ok(folders.includes('C:\\Users\\me\\scoop\\shims'));
    assert.ok(!folders.includes('relative'));
  });

  it('takes a folder of PATH on Windows also where it stands in quotation marks', () => {
    const environment = { PATH: '"C:\\Program Files\\tools";C:\\other' };
    const folders = candidateFolders({ environment, home: 'C:\\Users\\me', platform: 'win32' });
    assert.deepEqual(folders.slice(0, 2), ['C:\\Program Files\\tools', 'C:\\other']);
  });

  it('looks on macOS where Homebrew puts it', () => {
    const folders = candidateFolders({ environment: {}, home: '/Users/me', platform: 'darwin' });
    assert.ok(folders.includes('/opt/homebrew/bin'));
    assert.ok(folders.includes('/Users/me/.opencode/bin'));
  });

  describe('on Windows', () => {
    const findThere = async (programs: readonly string[], path?: string) => {
      const found: string[] = [];
      for await (const program of findOpenCode({
        environment: { Path: 'C:\\tools;D:\\npm' },
        home: 'C:\\Users\\me',
        platform: 'win32',
        isProgram: (file) => Promise.resolve(programs.includes(file)),
        ...(path === undefined ? {} : { path }),
      })) {
        found.push(program);
      }
      return found;
    };

    it('takes a program before a shim of the same folder, and never the script that npm puts beside it', async () => {
      const exe = 'C:\\tools\\opencode.exe';
      const shim = 'C:\\tools\\opencode.cmd';
      const later = 'D:\\npm\\opencode.cmd';
      const script = 'D:\\npm\\opencode';
      assert.deepEqual(await findThere([shim, exe, later, script]), [exe, shim, later]);
    });

    it('takes the setting with and without its ending, from home, too', async () => {
      const shim = 'C:\\Users\\me\\npm\\opencode.cmd';
      const there = [shim, 'C:\\Users\\me\\npm\\opencode'];
      assert.deepEqual(await findThere(there, shim), [shim]);
      assert.deepEqual(await findThere(there, '~\\npm\\opencode'), [shim]);
      await assert.rejects(findThere(there, 'npm\\opencode.cmd'), /not the absolute path of a program/);
      await assert.rejects(findThere(there, 'C:\\opencode'), /not the absolute path of a program/);
    });

    it('knows home by the variable that Windows has for it', () => {
      const environment = { HOME: 'H:\\', USERPROFILE: 'C:\\Users\\me' };
      assert.equal(homeOf(environment, 'win32'), 'C:\\Users\\me');
      assert.equal(homeOf({ ...environment, HOME: '/Users/me' }, 'darwin'), '/Users/me');
    });
  });

  it('says where it looked', () => {
    const problem = new NotInstalledProblem(['/usr/bin']);
    assert.deepEqual(problem.searched, ['/usr/bin']);
    assert.match(problem.message, /not found/);
  });

  it('runs a Windows shim through the command interpreter, and all else directly', () => {
    assert.deepEqual(commandLine('C:\\a b\\opencode.cmd', ['serve', '--port', '1'], 'win32'), {
      file: 'cmd.exe',
      arguments: ['/d', '/s', '/c', '""C:\\a b\\opencode.cmd" serve --port 1"'],
      verbatim: true,
    });
    assert.deepEqual(
      commandLine('C:\\opencode.cmd', ['attach', 'http://a/b&calc'], 'win32').arguments.at(-1),
      '""C:\\opencode.cmd" attach "http://a/b&calc""',
    );
    assert.throws(
      () => commandLine('C:\\opencode.cmd', ['%PATH%'], 'win32'),
      /cannot be handed to a program/,
    );
    assert.throws(
      () => commandLine('C:\\opencode.cmd', ['a" & calc "'], 'win32'),
      /cannot be handed to a program/,
    );
    assert.deepEqual(
      commandLine('C:\\opencode.cmd', ['--dir', '\\\\server\\our share\\', 'D:\\'], 'win32').arguments.at(-1),
      '""C:\\opencode.cmd" --dir "\\\\server\\our share\\\\" D:\\"',
      'the last backslash does not take the quotation mark with it',
    );
    assert.equal(commandLine('C:\\opencode.exe', [], 'win32').file, 'C:\\opencode.exe');
    assert.equal(commandLine('/x/opencode.cmd', [], 'linux').file, '/x/opencode.cmd');
  });
});

describe('What a server may be', () => {
  it('has an address with or without a path and a closing slash', () => {
    assert.equal(parseUrl(' http://127.0.0.1:4096/ '), 'http://127.0.0.1:4096');
    assert.equal(parseUrl('https://host.example/code/'), 'https://host.example/code');
  });
});
