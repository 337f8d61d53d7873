import assert from 'node:assert/strict';
import { demoTitles } from '../workbench/demoSessions.ts';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop } from './sharedBench.ts';

describe('the Sessions view', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
  });

  after(() => closeWindow(workbench));

  it('shows the sessions of the server', async () => {
    await workbench.row(demoTitles.rateLimit).waitFor();
    await workbench.row(demoTitles.rounding).waitFor();
  });

  it('shows subagents and forks below the session they came from', async () => {
    await workbench.expand(workbench.row(demoTitles.rateLimit));
    await workbench.row('Find the callers').waitFor();
    const rows = await workbench.rows('Sessions');
    const source = rows.findIndex(({ text }) => text === demoTitles.rateLimit);
    const next = rows.findIndex(({ level }, index) => index > source && level <= (rows[source]?.level ?? 0));
    const below = rows.slice(source + 1, next < 0 ? undefined : next).map(({ text }) => text);
    assert.equal(below.length, 2);
    assert.ok(below.includes(demoTitles.slidingWindow));
    assert.ok(below.some((title) => title.startsWith('Find the callers')));
  });

  it('keeps archived sessions in a closed group of their own', async () => {
    assert.equal(await workbench.row(demoTitles.setUp).count(), 0);
    await workbench.expand(workbench.row(/^Archived/));
    await workbench.row(demoTitles.setUp).waitFor();
  });

  it('forks a session from its context menu and puts the fork below its source', async () => {
    const source = workbench.row(demoTitles.rounding);
    await workbench.pickFromMenu(source, 'Fork Session Here');
    const fork = await waitFor(
      async () => {
        const rows = await workbench.rows('Sessions');
        const index = rows.findIndex(({ text }) => text === demoTitles.rounding);
        const below = rows[index + 1];
        return below !== undefined && below.level === (rows[index]?.level ?? 0) + 1 ? below : undefined;
      },
      { what: 'a row below the source' },
    );
    assert.match(fork.text, new RegExp(demoTitles.rounding));
    const transcript = await workbench.transcript('The sum is exact');
    assert.equal(await transcript.locator('[data-message-id][data-role=user]').count(), 1);
  });
});
