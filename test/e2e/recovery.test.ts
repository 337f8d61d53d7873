import assert from 'node:assert/strict';
import { openCodeBinary } from '../workbench/openCodeServer.ts';
import type { Bench } from '../workbench/bench.ts';
import { runProgram } from '../workbench/childProcess.ts';
import { demoTitles } from '../workbench/demoSessions.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, seededFolder, sharedBench } from './sharedBench.ts';

describe('a server that dies', () => {
  let bench: Bench;
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    bench = await sharedBench();
    folder = await seededFolder();
    workbench = await openShop(folder);
    await workbench.row(demoTitles.rounding).waitFor();
  });

  after(() => closeWindow(workbench));

  const serverPid = async (): Promise<number | undefined> =>
    (await bench.shop.mark.find('opencode serve'))[0];

  async function killServer(): Promise<void> {
    const before = await serverPid();
    assert.ok(before, 'the managed server is found');
    process.kill(before, 'SIGKILL');
    await waitFor(async () => ![undefined, before].includes(await serverPid()), { what: 'another server' });
  }

  /** What OpenCode's own command line reads from the same home, newest first. */
  async function titlesByOpenCode(): Promise<string[]> {
    const { environment } = bench.shop;
    const output = await runProgram(openCodeBinary, ['session', 'list', '--format', 'json'], {
      cwd: folder,
      env: environment,
    });
    const sessions = JSON.parse(output.slice(output.indexOf('['))) as { readonly title: string }[];
    return sessions.map(({ title }) => title);
  }

  it('cuts off the sessions that worked, which their rows and their transcripts say', async () => {
    await workbench.startNamed('Asking work', 'tool: bash {"command":"ls","description":"List"}');
    await workbench.untilRowSays('Asking work', /permission/);
    await killServer();

    await workbench.untilRowSays('Asking work', /cut off in the middle/);
    await workbench.openRow('Asking work');
    const asking = await workbench.transcript('Asking work');
    await asking.locator('.cut-off[data-end=interrupted]').waitFor();
    await asking.getByTestId('go-on').click();
    const composer = asking.locator('[data-testid=composer] textarea');
    assert.equal(await composer.inputValue(), 'Go on where you stopped.');
  });

  it('comes back by itself, and the tree agrees with it again', async () => {
    await killServer();

    const frame = await workbench.startSession('say: Back again.');
    await answersIn(frame, 'Back again.').waitFor();

    const titles = await titlesByOpenCode();
    await waitFor(
      async () => {
        const shown = new Set((await workbench.rows('Sessions')).map(({ text }) => text));
        return titles.every((title) => shown.has(title) || title === demoTitles.setUp);
      },
      { what: `the tree to show ${titles.join(', ')}` },
    );
  });
});
