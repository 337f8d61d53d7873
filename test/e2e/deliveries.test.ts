import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { sharedStorage } from '../../src/server/sharedStorage.ts';
import { demoTitles } from '../workbench/demoSessions.ts';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { turnWith } from './continuing.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('what is sent', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
    // The first connection starts a server.
    await workbench.row(demoTitles.rounding).waitFor({ timeout: 180_000 });
  });

  const release = async (): Promise<void> => {
    const { shop } = await sharedBench();
    const { environment } = shop;
    await rm(join(sharedStorage(environment, environment['HOME'] ?? ''), 'stop-all.json'), { force: true });
  };
  // What holds here would hold what the tests after these send.
  beforeEach(release);
  after(release);
  after(() => closeWindow(workbench));

  /** By its first words, which the titles of sessions begin with as well. */
  const listed = (text: string): Locator =>
    workbench.view('Deliveries').locator(`.monaco-list-row[aria-label^="${text}"]`).first();
  const untilListedAs = async (text: string, words: RegExp): Promise<void> => {
    await waitFor(async () => words.test((await listed(text).getAttribute('aria-label')) ?? ''), {
      what: `“${text}” to be listed as ${words}`,
    });
  };

  it('is listed with its state, held by Stop All over a reload, and goes once when it is released', async () => {
    const { shop } = await sharedBench();
    const [name, order] = [`Deliver ${Date.now()}`, `say: Delivered ${Date.now()}`];
    await workbench.startNamed(name, 'hold: deliver', 'say: Worked.');
    await workbench.untilRowSays(name, /working/);
    await workbench.pickFromMenu(workbench.row(name), 'Relay to Agent…');
    await workbench.pick('plan');
    await workbench.answerInput(order);
    await workbench.row('Relay to plan').waitFor();

    await workbench.runCommand('OpenCode: Show Deliveries');
    await untilListedAs(order, /waits, relay, by you/);
    await untilListedAs(name, /being answered, sent by you/);
    await workbench.statusBarItem('1 to send').click();
    await workbench.pick('Hold What Is Sent by Itself');
    await workbench.statusBarItem('Held: 1').waitFor();

    shop.model.release('deliver');
    await untilListedAs(name, /, answered, sent by you/);
    await workbench.reload();
    await workbench.openSessionsView();
    await workbench.row('Relay to plan').waitFor();
    await workbench.statusBarItem('Held: 1').waitFor();
    const turns = () =>
      shop.model.requests.filter(
        ({ kind, messages }) =>
          kind === 'turn' && messages.findLast(({ role }) => role === 'user')?.text.includes(order),
      ).length;
    assert.equal(turns(), 0);

    await workbench.statusBarItem('Held: 1').click();
    await workbench.pick('Release');
    await turnWith(order);
    await workbench.row('Relay to plan').waitFor({ state: 'detached' });
    await workbench.runCommand('OpenCode: Show Deliveries');
    await untilListedAs(order, /, answered, relay, by you/);
    assert.equal(turns(), 1);
    await workbench.statusBarItem('Held').waitFor({ state: 'detached' });
  });
});
