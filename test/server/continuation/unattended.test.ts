import assert from 'node:assert/strict';
import { join } from 'node:path';
import { keeperScript } from '../../workbench/connectedWindow.ts';
import { isRunning, keeperNote, parentOf } from '../../workbench/keeperProcesses.ts';
import { makeOpenCodeHome, openCodeBinary, type OpenCodeHome } from '../../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../../workbench/scriptedModel.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import {
  conversation,
  endRelays,
  model,
  openWindowOf,
  relaysOf,
  say,
  untilQuiet,
  type Window,
} from './room.ts';

describe('relaying while there is no window', () => {
  let scripted: ScriptedModel;
  let home: OpenCodeHome;
  const windows: Window[] = [];

  const open = async (): Promise<Window> => {
    const window = await openWindowOf(
      {
        settings: () => ({ path: openCodeBinary }),
        directories: () => [home.workspace],
        credentials: async () => undefined,
        keeper: { script: keeperScript, stateFolder: join(home.home, 'state'), grace: 400 },
        environment: home.environment,
      },
      join(home.home, 'storage'),
    );
    windows.push(window);
    return window;
  };

  before(async () => {
    scripted = await startScriptedModel();
    home = await makeOpenCodeHome({ modelUrl: scripted.url });
  });

  after(async () => {
    endRelays();
    const { pid } = await keeperNote(home);
    const keeper = pid === undefined ? undefined : await parentOf(pid);
    for (const window of windows) window.close();
    scripted.releaseAll();
    if (keeper !== undefined) {
      await waitFor(async () => !(await isRunning(keeper)), { what: 'the end of the keeper' });
    }
    await scripted.close();
    await home.remove();
  });

  it('waits for the run that goes on, and passes the turn when a window is there again', async () => {
    const first = await open();
    const session = await first.openCode.createSession({ directory: home.workspace, agent: 'build', model });
    const { relays } = relaysOf(first, 'first');
    void say(first, session, 'say: building ;; hold: unattended ;; say: built');
    await scripted.reached('unattended');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: planned' }]);
    endRelays();
    first.close();
    await waitFor(async () => (await keeperNote(home)).needed === 'working', { what: 'a server at work' });
    scripted.release('unattended');
    await waitFor(async () => (await keeperNote(home)).pid === undefined, { what: 'the end of the server' });

    const second = await open();
    const { notices } = relaysOf(second, 'second');
    await untilQuiet(second, session);
    assert.deepEqual(await conversation(second, session.id), [
      'user(build): say: building ;; hold: unattended ;; say: built',
      'build: buildingbuilt',
      'user(plan): say: planned',
      'plan: planned',
    ]);
    await waitFor(() => notices.length > 0, { what: 'word of it' });
    assert.deepEqual(
      notices.map(({ kind }) => kind),
      ['sent'],
    );
  });
});
