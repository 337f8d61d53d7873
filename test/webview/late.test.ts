import assert from 'node:assert/strict';
import type { Page, Route } from 'playwright-core';
import { aHeader, aMessage, aText, aTool, aView, askingFor } from './builders.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

/** Holds back what the page loads on demand until it is let go, or for good. */
class Held {
  readonly #routes: Route[] = [];
  #isOpen = false;

  readonly prepare = async (page: Page): Promise<void> => {
    await page.route('**/page/*.js', async (route) => {
      if (this.#isOpen) await route.continue();
      else this.#routes.push(route);
    });
  };

  async letGo(): Promise<void> {
    this.#isOpen = true;
    for (const route of this.#routes.splice(0)) await route.continue();
  }
}

/** As after an update that took the files away. */
async function gone(page: Page): Promise<void> {
  await page.route('**/page/*.js', (route) => route.fulfill({ status: 404 }));
}

const permission = {
  id: 'per_1',
  sessionId: 'ses_1',
  ...askingFor('bash'),
  patterns: ['npm test'],
  always: [],
  detail: { text: 'npm test' },
};

describe('What the page loads on demand', () => {
  let bench: PageBench;
  let shown: TranscriptPage;

  before(async () => {
    bench = await PageBench.start();
  });

  afterEach(() => shown.close());

  after(() => bench.stop());

  const field = () => shown.page.getByTestId('find-field');

  it('is not asked for before the first paint, and is there before anybody wants it', async () => {
    shown = await bench.open();
    await shown.page.evaluate(() => {
      // The frame that paints the session begins.
      const note = () => performance.mark('painted');
      window.addEventListener('message', () => requestAnimationFrame(note), { once: true });
    });
    await shown.send({ type: 'show', view: aView() });
    const [painted, asked] = await shown.page.evaluate(() => [
      performance.getEntriesByName('painted')[0]?.startTime,
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.includes('/page/'))
        .map(({ startTime }) => startTime),
    ]);
    assert.ok(asked.length > 5, `${asked.length} pieces`);
    assert.ok(asked.every((time) => time > (painted ?? Infinity)));
    await shown.page.keyboard.press('ControlOrMeta+f');
    assert.ok(await shown.page.locator('.find').getByRole('button', { name: 'Next Match' }).isVisible());
    assert.deepEqual(shown.errors, []);
  });

  it('takes what is typed into the search before the search is there', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    await shown.send({ type: 'show', view: aView() });
    await shown.page.keyboard.press('ControlOrMeta+f');
    await shown.page.keyboard.type('needle');
    assert.equal(await field().inputValue(), 'needle');
    await held.letGo();
    assert.equal((await shown.posted('find')).query, 'needle');
    await shown.page.locator('.find').getByRole('button', { name: 'Next Match' }).waitFor();
    assert.ok(await field().evaluate((node) => node === document.activeElement));
    assert.deepEqual(shown.errors, []);
  });

  it('does not open a search that was closed before it was there', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    await shown.send({ type: 'show', view: aView() });
    await shown.page.keyboard.press('ControlOrMeta+f');
    await shown.page.keyboard.press('Escape');
    await held.letGo();
    await shown.page.getByTestId('outline').click();
    await shown.page.getByTestId('outline-list').waitFor();
    assert.ok(await field().isHidden());
  });

  it('takes keys of a picker before its list is there', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    const agents = ['build', 'plan', 'planner'].map((name) => ({ name, description: '' }));
    await shown.send(
      { type: 'show', view: aView() },
      { type: 'choices', choices: { agents, models: [], commands: [] } },
    );
    await shown.page.getByTestId('agent-picker').focus();
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.keyboard.type('pla');
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.keyboard.press('Enter');
    await held.letGo();
    await shown.page.getByTestId('agent-picker').getByText('planner').waitFor();
  });

  it('takes keys in the messages before what leads them on is there, and comes by one stop from the start', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    const entries = [0, 1, 2, 3].map((index) => aMessage(index, aText(`prt_${index}`, `Message ${index}`)));
    await shown.send({ type: 'show', view: aView({ entries }) });
    const focused = (): Promise<string | null> =>
      shown.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
    const prompt = shown.page.getByTestId('composer').locator('textarea').first();
    await prompt.focus();
    await shown.page.keyboard.press('Shift+Tab');
    assert.equal(await focused(), 'Messages');
    await shown.page.keyboard.press('Tab');
    assert.equal(await focused(), 'Prompt');
    await shown.page.keyboard.press('Escape');
    for (let count = 0; count < 2; count += 1) await shown.page.keyboard.press('ArrowUp');
    await held.letGo();
    await shown.page.locator('[data-message-id=msg_000001]:focus').waitFor();
    await shown.page.keyboard.press('ArrowDown');
    assert.ok(await shown.page.locator('[data-message-id=msg_000002]:focus').isVisible());
    assert.deepEqual(shown.errors, []);
  });

  it('shows a session together with the request that waits in it, and what comes behind it in its order', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    const view = aView({ permissions: [permission] });
    await shown.page.evaluate(() => {
      const dock = document.querySelector('.dock');
      const seen = new MutationObserver(() => {
        if (dock?.hasAttribute('hidden') === true) return;
        seen.disconnect();
        const hasCard = document.querySelector('.request') !== null;
        document.documentElement.dataset['shownWithCard'] = String(hasCard);
      });
      if (dock) seen.observe(dock, { attributes: true });
    });
    const asked = shown.page.waitForRequest('**/page/requestDock.js');
    await shown.send({ type: 'show', view }, { type: 'header', header: aHeader({ title: 'Told last' }) });
    await asked;
    await held.letGo();
    await shown.page.getByTestId('permission').waitFor();
    assert.equal(await shown.page.locator('html').getAttribute('data-shown-with-card'), 'true');
    await shown.page.getByTestId('header-title').getByText('Told last').waitFor();
    assert.deepEqual(shown.errors, []);
  });

  it('shows a session together with its folded turns', async () => {
    const held = new Held();
    const entries = [
      { ...aMessage(0, aText('prt_0', 'Add a cart')), role: 'user' as const },
      aMessage(1, aText('prt_1', 'Done.')),
    ];
    const folds = { others: entries.slice(0, 1).map(({ id }) => id) };
    const positions = { ses_1: { offset: 0, atEnd: true, folds } };
    shown = await bench.open({ isEarly: true, prepare: held.prepare, state: { positions } });
    await shown.page.evaluate(() => {
      const seen = new MutationObserver(() => {
        const rows = [...document.querySelectorAll('.message')];
        if (rows.length === 0) return;
        seen.disconnect();
        document.documentElement.dataset['firstRows'] = rows.map(({ className }) => className).join();
      });
      seen.observe(document.body, { childList: true, subtree: true });
    });
    const asked = shown.page.waitForRequest('**/page/turnRow.js');
    await shown.send({ type: 'show', view: aView({ entries }) });
    await asked;
    await held.letGo();
    await shown.page.getByTestId('turn-line').waitFor();
    assert.equal(await shown.page.locator('html').getAttribute('data-first-rows'), 'message turn-line');
    assert.deepEqual(shown.errors, []);
  });

  it('goes to the prompts sent before by keys that were pressed before those were there', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    const entries = [aMessage(0, aText('prt_0', 'First.')), aMessage(2, aText('prt_2', 'Second.'))];
    await shown.send({ type: 'show', view: aView({ entries }) });
    const prompt = shown.page.getByLabel('Prompt', { exact: true });
    await prompt.press('ArrowUp');
    await prompt.press('ArrowUp');
    await held.letGo();
    await shown.page.waitForFunction(() => document.querySelector('textarea')?.value === 'First.');
    assert.deepEqual(shown.errors, []);
  });

  it('leaves what was typed after such a key', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(0, aText('prt_0', 'First.'))] }),
    });
    const prompt = shown.page.getByLabel('Prompt', { exact: true });
    await prompt.press('ArrowUp');
    await prompt.pressSequentially('Mine');
    await held.letGo();
    await prompt.press('End');
    await shown.page.getByTestId('outline').click();
    await shown.page.getByTestId('outline-list').waitFor();
    assert.equal(await prompt.inputValue(), 'Mine');
  });

  it('shows a session together with where it came from and what is attached', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    const from = { kind: 'fork', sessionId: 'ses_0', title: 'Before' } as const;
    const attachments = [{ kind: 'file', path: '/work/shop/cart.ts' }] as const;
    await shown.page.evaluate(() => {
      const dock = document.querySelector('.dock');
      const seen = new MutationObserver(() => {
        if (dock?.hasAttribute('hidden') === true) return;
        seen.disconnect();
        const isWhole = ['.chip', '.trail .button'].every((part) => document.querySelector(part) !== null);
        document.documentElement.dataset['shownWhole'] = String(isWhole);
      });
      if (dock) seen.observe(dock, { attributes: true });
    });
    const asked = shown.page.waitForRequest('**/page/headerParts.js');
    await shown.send({
      type: 'show',
      view: aView({ header: aHeader({ from }), draft: { text: 'Look.', attachments } }),
    });
    await asked;
    await held.letGo();
    await shown.page.locator('.chip').getByText('cart.ts').waitFor();
    await shown.page.getByRole('button', { name: 'Before' }).waitFor();
    assert.equal(await shown.page.locator('html').getAttribute('data-shown-whole'), 'true');
  });

  it('shows a session together with the call that stands open in it', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    const answers = [{ question: 'Which rates?', answers: ['7 %', '19 %'] }];
    const entries = [aMessage(1, aTool({ id: 'prt_1', tool: 'question', answers }))];
    const asked = shown.page.waitForRequest('**/page/partBodies.js');
    await shown.send({ type: 'show', view: aView({ entries }) });
    await asked;
    assert.equal(await shown.page.locator('.tool').count(), 0);
    await held.letGo();
    await shown.page.locator('.tool').waitFor();
    assert.equal(await shown.page.locator('.tool dd').innerText(), '7 %, 19 %');
    assert.deepEqual(shown.errors, []);
  });

  it('fills a call that was opened before its body was there, with what is true then', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare });
    const call = (text: string) =>
      aTool({ id: 'prt_1', tool: 'bash', input: { command: 'ls', description: 'List' }, output: { text } });
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, call('before'))] }) });
    await shown.page.locator('.tool .disclosure-button').click();
    const part = { kind: 'part', messageId: aMessage(1).id, part: call('after') } as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [part] });
    await held.letGo();
    await shown.page.locator('.tool .output').waitFor();
    assert.deepEqual(await shown.page.locator('.tool .output').allInnerTexts(), ['after']);
    assert.deepEqual(shown.errors, []);
  });

  it('leaves a reader at the end there when a body comes late', async () => {
    const held = new Held();
    shown = await bench.open({ isEarly: true, prepare: held.prepare, height: 400 });
    const lines = Array.from({ length: 200 }, (_, line) => `Line ${line}`).join('\n\n');
    const call = aTool({ id: 'prt_2', tool: 'bash', input: { command: 'ls' }, output: { text: lines } });
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(1, aText('prt_1', lines))] }),
    });
    const at = { kind: 'part', messageId: aMessage(1).id, part: call } as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [at] });
    await held.letGo();
    await shown.page.locator('.tool .output').waitFor();
    await shown.page.waitForFunction(() => {
      const scroller = document.querySelector('.scroller');
      return scroller && scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < 1;
    });
    assert.deepEqual(shown.errors, []);
  });

  it('is missed with a sentence where it cannot be loaded, and the rest works', async () => {
    shown = await bench.open({ isEarly: true, prepare: gone });
    await shown.send({ type: 'show', view: aView({ permissions: [permission] }) });
    const notice = shown.page.getByTestId('missed-notice');
    await notice.getByText('What waits for your answer could not be loaded. Reload the window.').waitFor();
    await notice.getByRole('button').click();
    assert.ok(await notice.isHidden());
    await shown.page.keyboard.press('ControlOrMeta+f');
    await notice.getByText('The search could not be loaded. Reload the window.').waitFor();
    assert.ok(await field().isHidden());
    await shown.page.getByTestId('outline').click();
    await notice.getByText('The outline could not be loaded. Reload the window.').waitFor();
    await shown.page.getByTestId('composer').locator('textarea').first().fill('Still here, @you');
    await shown.page.keyboard.press('Enter');
    assert.equal((await shown.posted('send')).draft.text, 'Still here, @you');
    assert.match((await shown.posted('error')).message, /could not be loaded/);
  });
});
