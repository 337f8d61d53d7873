import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { descendants, identifyProcess, killTree } from '../../../src/server/keeper/processTree.ts';
import { type System, thisSystem } from '../../../src/server/keeper/system.ts';

/** A Windows that answers so; what it was asked stands in `asked`. */
function aWindows(answer: (script: string) => string) {
  const asked: string[] = [];
  const system: System = {
    platform: 'win32',
    run: async (program, words) => {
      asked.push([program, ...words].join(' '));
      return Promise.resolve(answer(words.at(-1) ?? ''));
    },
  };
  return { system, asked };
}

/** The systems of which this machine has the programs; macOS is asked by `ps`, which Linux has, too. */
const systems: readonly System[] =
  process.platform === 'linux' ? [thisSystem, { ...thisSystem, platform: 'darwin' }] : [thisSystem];

for (const system of systems) {
  describe(`The processes of this machine, asked as on ${system.platform}`, () => {
    let child: ChildProcess;
    let grandchild: number;

    beforeEach(async () => {
      const inner =
        "require('node:child_process').spawn(process.execPath, ['--eval', 'setInterval(() => 0, 1e6)'])";
      const outer = `console.log(${inner}.pid); setInterval(() => 0, 1e6)`;
      child = spawn(process.execPath, ['--eval', outer], { stdio: ['ignore', 'pipe', 'inherit'] });
      assert.ok(child.stdout !== null);
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      grandchild = Number(line.toString());
    });

    afterEach(() => {
      child.kill('SIGKILL');
      // It may be gone.
      return killTree(grandchild, system);
    });

    const pid = (): number => child.pid ?? 0;

    it('are told apart, and known again', async () => {
      const one = await identifyProcess(pid(), system);
      assert.match(one ?? '', /setInterval/);
      assert.equal(await identifyProcess(pid(), system), one);
      assert.notEqual(await identifyProcess(process.pid, system), one);
    });

    it('are known again by whoever has another language and time', async () => {
      const one = await identifyProcess(pid(), system);
      const { TZ, LC_ALL } = process.env;
      Object.assign(process.env, { TZ: 'Pacific/Kiritimati', LC_ALL: 'C.UTF-8' });
      const other = await identifyProcess(pid(), system);
      for (const [name, value] of Object.entries({ TZ, LC_ALL })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      assert.equal(other, one);
    });

    it('are found below the one that began them, and end with it', async () => {
      assert.deepEqual(await descendants(pid(), system), [grandchild]);
      assert.ok((await descendants(process.pid, system)).includes(grandchild));
      const gone = once(child, 'exit');
      await killTree(pid(), system);
      await gone;
      assert.equal(await identifyProcess(pid(), system), undefined);
      assert.deepEqual(await descendants(pid(), system), []);
    });
  });
}

describe('The processes of Windows', () => {
  it('are known by when they began and their command line', async () => {
    const { system, asked } = aWindows(() => '639000000000000000 opencode.exe serve\r\n');
    assert.equal(await identifyProcess(12, system), '639000000000000000 opencode.exe serve');
    assert.match(asked.join(), /^powershell\.exe .*"ProcessId=12".*ToUniversalTime\(\)/);
    assert.equal(await identifyProcess(12, aWindows(() => '').system), undefined);
  });

  it('are ended with all below them by taskkill', async () => {
    const { system, asked } = aWindows(() => '');
    await killTree(12, system);
    assert.deepEqual(asked, ['taskkill /PID 12 /T /F']);
  });

  it('are found below the one that began them, but not below a later one of its number', async () => {
    const lines = ['12 4 100', '20 12 101', '30 20 102', '31 20 100', '40 12 99', '50 4 103', ''];
    const { system } = aWindows((script) => (script.includes('ParentProcessId') ? lines.join('\r\n') : ''));
    assert.deepEqual(await descendants(12, system), [30, 20]);
  });

  it('are none where the system says nothing', async () => {
    const system: System = { platform: 'win32', run: () => Promise.reject(new Error('not allowed')) };
    assert.deepEqual(await descendants(12, system), []);
    assert.equal(await identifyProcess(12, system), undefined);
    await killTree(12, system);
  });
});
