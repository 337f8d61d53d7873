import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('the todos of a session, changed by a person', () => {
  let workbench: Workbench;

  before(async () => {
    const bench = await sharedBench();
    workbench = await openShop(await bench.shop.addFolder());
  });

  after(() => closeWindow(workbench));

  const write = (...todos: readonly (readonly [content: string, status: string])[]): string =>
    `tool: todowrite ${JSON.stringify({
      todos: todos.map(([content, status]) => ({ content, status, priority: 'medium' })),
    })}`;
  const row = (text: string): Locator =>
    workbench.view('Todos').locator('.monaco-list-row').filter({ hasText: text }).first();
  const labels = async (): Promise<string[]> =>
    workbench
      .view('Todos')
      .locator('.monaco-list-row')
      .evaluateAll((rows) => rows.map((one) => one.getAttribute('aria-label') ?? ''));
  const untilLabels = async (expected: readonly RegExp[]): Promise<void> => {
    await waitFor(
      async () => {
        const said = await labels();
        return said.length === expected.length && expected.every((words, at) => words.test(said[at] ?? ''));
      },
      { what: `rows that say ${expected.join()}, and not ${JSON.stringify(await labels())}` },
    );
  };
  const names = async (): Promise<string> =>
    (await workbench.rows('Todos')).map(({ text }) => text).join(' · ');

  it('are checked off, added, edited, moved and taken back, marked until the agent has written them', async () => {
    const { shop } = await sharedBench();
    const frame = await workbench.startSession(
      [
        write(['Boil water', 'in_progress'], ['Pour tea', 'pending'], ['Wash up', 'pending']),
        `hold: changing ;; ${write(['Boil water', 'completed'], ['Pour tea', 'pending'], ['Wash up', 'pending'])}`,
        'say: Tea is ready.',
      ].join(' ;; '),
    );
    await shop.model.reached('changing');
    await row('Wash up').waitFor();

    await row('Pour tea').locator('.custom-view-tree-node-item-checkbox').click();
    await untilLabels([
      /^Boil water, in progress$/,
      /^Pour tea, done, yours, not yet seen/,
      /^Wash up, to do$/,
    ]);

    await workbench.runCommand('OpenCode: Add Todo…');
    await workbench.answerInput('Drink it');
    await row('Drink it').waitFor();

    // By keys: the row that has the focus.
    await row('Wash up').click();
    await workbench.page.keyboard.press('Enter');
    await workbench.answerInput('Wash all cups');
    await row('Wash all cups').waitFor();
    await workbench.page.keyboard.press('Alt+ArrowUp');
    await waitFor(async () => (await names()) === 'Boil water · Wash all cups · Pour tea · Drink it', {
      what: 'the row above its neighbour',
    });

    await workbench.pressOnRow(row('Boil water'), 'Remove Todo');
    await untilLabels([
      /^Boil water, removed by you/,
      /^Wash all cups, .*yours/,
      /^Pour tea, done/,
      /^Drink it/,
    ]);
    await workbench.screenshot('test-results/todos.png');
    await workbench.pressOnRow(row('Boil water'), 'Take Back My Change');
    await untilLabels([/^Boil water, in progress$/, /^Wash all cups/, /^Pour tea/, /^Drink it/]);

    shop.model.release('changing');
    await answersIn(frame, 'Tea is ready.').first().waitFor();
    await untilLabels([
      /^Boil water, done$/,
      /^Wash all cups, to do$/,
      /^Pour tea, done$/,
      /^Drink it, to do$/,
    ]);
    await waitFor(async () => (await workbench.view('Todos').innerText()).includes('2/4'), { what: '2/4' });
  });

  it('are dragged to another place, several at once', async () => {
    await row('Pour tea').click();
    await row('Drink it').click({ modifiers: ['ControlOrMeta'] });
    await row('Drink it').dragTo(row('Boil water'));
    await waitFor(async () => (await names()) === 'Pour tea · Drink it · Boil water · Wash all cups', {
      what: 'both rows on top',
    });
  });

  it('are told to the agent with the next prompt where its session rests', async () => {
    const { shop } = await sharedBench();
    await workbench.say('say: Understood.');
    const frame = await workbench.transcript('Understood.');
    await answersIn(frame, 'Understood.').first().waitFor();
    const asked = shop.model.requests.some(({ messages }) =>
      JSON.stringify(messages).includes('the order is the one below'),
    );
    assert.ok(asked);
  });
});
