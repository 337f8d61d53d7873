import assert from 'node:assert/strict';
import type { SessionHeader } from '../../../src/protocol/page/header.ts';
import { aHeader, aMessage, aText, aView, askingFor } from '../builders.ts';
import { sampleSession } from '../sampleSession.ts';
import { themeKinds } from '../themes.ts';
import { usePage } from '../usePage.ts';

describe('The frame of the transcript page', () => {
  const { shown, open } = usePage();

  it('speaks the language that the editor has sentences for', async () => {
    const shown = await open({ strings: { Prompt: 'Auftrag <b>' } });
    await shown.send({ type: 'show', view: sampleSession() });
    await shown.page.getByLabel('Auftrag <b>').waitFor();
    assert.deepEqual(shown.errors, []);
    await shown.page.close();
  });

  it('leaves the focus where the person goes on, when what had it goes away', async () => {
    const focused = () =>
      shown.page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName,
      );
    const busy = aHeader({ status: { type: 'busy' } });
    const field = shown.page.getByLabel('Prompt', { exact: true });
    await shown.send({ type: 'show', view: aView() });
    await field.fill('Go');
    await shown.page.getByTestId('send').click();
    assert.equal(await focused(), 'Prompt', 'after Send');
    await shown.send({ type: 'header', header: busy });
    await field.fill('Not there');
    await shown.page.getByTestId('steer').click();
    assert.equal(await focused(), 'Prompt', 'after Steer');
    await shown.page.getByTestId('stop').focus();
    await shown.send({ type: 'header', header: aHeader() });
    assert.equal(await focused(), 'Prompt', 'after Stop');

    const queue = ['que_1', 'que_2'].map((id) => ({ id, text: id, agent: 'build' }));
    await shown.send({ type: 'header', header: busy }, { type: 'queue', sessionId: 'ses_1', queue });
    const row = shown.page.locator('.queued').first();
    await row.getByLabel('Remove Queued Prompt').focus();
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: queue.slice(0, 1) });
    assert.equal(await focused(), 'Remove Queued Prompt', 'after news of the queue');
    await row.getByLabel('Edit Queued Prompt').press('Enter');
    await shown.page.keyboard.press('Escape');
    assert.equal(await focused(), 'Edit Queued Prompt', 'after an edit');
    await row.getByLabel('Remove Queued Prompt').focus();
    const sending = { id: 'que_1', text: 'que_1', agent: 'build', sending: true };
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: [sending] });
    assert.equal(await focused(), 'Prompt', 'once the prompt is being sent');
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: queue.slice(0, 1) });
    await row.getByLabel('Remove Queued Prompt').focus();
    await shown.send({ type: 'queue', sessionId: 'ses_1', queue: [] });
    assert.equal(await focused(), 'Prompt', 'after the queue');

    const attachments = ['a.ts', 'b.ts'].map((path) => ({ kind: 'file', path }) as const);
    await shown.send({ type: 'insert', sessionId: 'ses_1', text: '', attachments });
    await shown.page.getByLabel('Remove a.ts').press('Enter');
    assert.equal(await focused(), 'Remove b.ts', 'after an attachment');
    await shown.page.getByLabel('Remove b.ts').press('Enter');
    assert.equal(await focused(), 'Prompt', 'after the last attachment');

    const permissions = ['per_1', 'per_2'].map((id) => ({
      id,
      sessionId: 'ses_1',
      ...askingFor('bash'),
      patterns: ['ls'],
      always: [],
    }));
    const ask = (count: number) =>
      shown.send({
        type: 'requests',
        sessionId: 'ses_1',
        permissions: permissions.slice(2 - count),
        questions: [],
      });
    await ask(2);
    await shown.page.getByTestId('permission-once').first().press('Enter');
    await ask(1);
    assert.equal(await focused(), 'Allow this command to run? ls', 'the next request, not its button');
    await shown.page.getByTestId('permission-once').press('Enter');
    await ask(0);
    assert.equal(await focused(), 'Prompt', 'after the last request');

    await shown.page.getByTestId('outline').press('Enter');
    await shown.page.keyboard.press('Escape');
    assert.equal(await focused(), 'Messages', 'after the outline');
  });

  it('offers to undo a revert, where it can be clicked', async () => {
    await shown.send({ type: 'show', view: aView({ header: aHeader({ revertedFrom: 'msg_000000' }) }) });
    await shown.page.getByTestId('revert-notice').getByRole('button').click();
    assert.equal((await shown.posted('command')).command, 'opencodeSessions.session.unrevert');
  });

  it('draws a nearly empty context as such, also in high contrast', async () => {
    for (const theme of themeKinds) {
      const page = await open({ theme });
      const header = aHeader({ context: { used: 4000, limit: 200_000 } });
      await page.send({ type: 'show', view: aView({ header }) });
      const drawn = await page.page.locator('.meter-track').evaluate((track) => {
        const bar = track.querySelector('.meter-bar');
        return {
          share: (bar?.clientWidth ?? 0) / track.clientWidth,
          differs:
            bar !== null && getComputedStyle(bar).backgroundColor !== getComputedStyle(track).backgroundColor,
          ground: getComputedStyle(track).backgroundColor,
        };
      });
      assert.ok(drawn.share < 0.1, `${theme}: ${drawn.share}`);
      assert.equal(drawn.differs, true, theme);
      if (theme.includes('high-contrast')) assert.equal(drawn.ground, 'rgba(0, 0, 0, 0)');
      await page.close();
    }
  });

  it('says why an attempt failed, also where there is little room, and names all that came from the session', async () => {
    const to = Array.from({ length: 6 }, (_, index) => ({
      kind: 'fork' as const,
      sessionId: `ses_fork_${index}`,
      title: `Fork ${index}`,
    }));
    const status = { type: 'retry' as const, attempt: 2, message: 'Overloaded', next: Date.now() + 60_000 };
    await shown.send({ type: 'show', view: aView({ header: aHeader({ status, to }) }) });
    await shown.page.setViewportSize({ width: 400, height: 600 });
    await shown.page.getByText(/Attempt 2 failed, again in \d+ s: Overloaded\./).waitFor();
    await shown.page.getByTestId('header-more').click();
    const trail = shown.page.getByRole('navigation', { name: 'Goes on in' });
    assert.equal(await trail.getByRole('button').count(), 4);
    await trail.getByRole('button', { name: '3 more' }).click();
    assert.equal(await trail.getByRole('button').count(), 6);
    await trail.getByRole('button', { name: 'Fork 0' }).click();
    assert.equal((await shown.posted('openSession')).sessionId, 'ses_fork_0');
  });

  it('lets a run that waits to try again be retried at once, with another model, or stopped', async () => {
    const status = { type: 'retry' as const, attempt: 2, message: 'Overloaded', next: Date.now() + 60_000 };
    const header = aHeader({ status });
    await shown.send({ type: 'show', view: aView({ header }) });
    const now = shown.page.getByTestId('retry-now');
    await now.focus();
    const words = shown.page.locator('.retry-words');
    const before = await words.innerText();
    await shown.page.waitForFunction(
      (text) => document.querySelector<HTMLElement>('.retry-words')?.innerText !== text,
      before,
    );
    await shown.send({ type: 'header', header: { ...header, status: { ...status, attempt: 3 } } });
    await words.getByText(/Attempt 3 failed/).waitFor();
    assert.equal(await now.evaluate((button) => button === document.activeElement), true);
    await now.press('Enter');
    await shown.page.getByTestId('retry-other-model').click();
    await shown.send({
      type: 'show',
      view: aView({ header: { ...header, sessionId: 'ses_2', status: { ...status, attempt: 5 } } }),
    });
    await shown.page.getByTestId('retry-stop').click();
    const ran = (await shown.allPosted()).flatMap((message) =>
      message.type === 'command' ? [[message.command, message.sessionId]] : [],
    );
    assert.deepEqual(ran, [
      ['opencodeSessions.session.retry', 'ses_1'],
      ['opencodeSessions.session.retryWithModel', 'ses_1'],
      ['opencodeSessions.session.abort', 'ses_2'],
    ]);
  });

  it('has the icon of what the session waits for, as its row has', async () => {
    for (const [waitsFor, icon] of [
      ['leave', 'shield'],
      ['answer', 'question'],
    ] as const) {
      const header = aHeader({ status: { type: 'busy' }, waiting: [], waitsFor });
      await shown.send({ type: 'show', view: aView({ header }) });
      await shown.page.locator(`.header-status .codicon-${icon}`).waitFor();
      assert.equal(await shown.page.locator('.header-status .codicon').count(), 1);
    }
  });

  it('says what the session does in a line of its own where the line has no room, and moves no text by that', async () => {
    await shown.page.setViewportSize({ width: 300, height: 500 });
    const entries = Array.from({ length: 20 }, (_, at) =>
      aMessage(at, aText(`prt_${at}`, `Message ${at}. ${'Word. '.repeat(60)}`)),
    );
    const idle = aHeader();
    await shown.send({ type: 'show', view: aView({ header: idle, entries }) });
    await shown.page.locator('.scroller').evaluate((scroller) => scroller.scrollBy(0, -900));
    const top = () =>
      shown.page.evaluate(() => {
        const row = document.elementFromPoint(150, 250)?.closest<HTMLElement>('[data-row-key]');
        return [row?.dataset['rowKey'], row?.getBoundingClientRect().top ?? 0];
      });
    // A frame for what is told of the scrolling.
    await shown.page.evaluate(() => new Promise(requestAnimationFrame));
    const before = await top();
    const status = shown.page.locator('.header-status');
    const height = () => shown.page.locator('.header').evaluate((header) => header.clientHeight);
    const heights: number[] = [];
    for (const header of [
      aHeader({ status: { type: 'busy' } }),
      aHeader({ status: { type: 'busy' }, waiting: [], waitsFor: 'leave' }),
      aHeader({ status: { type: 'compacting' } }),
    ]) {
      await shown.send({ type: 'header', header });
      await status.getByText(/Working|Waits for you|Compacting/).waitFor();
      const box = await status.locator('span:not(.codicon)').boundingBox();
      assert.ok((box?.width ?? 0) > 40, 'it can be read');
      heights.push(await height());
      assert.deepEqual(await top(), before);
    }
    assert.equal(new Set(heights).size, 1);
    await shown.send({ type: 'header', header: idle });
    assert.equal(await status.isVisible(), false);
    assert.deepEqual(await top(), before);
  });

  it('keeps how many lines changed in its line for longer than other figures', async () => {
    const changes = { files: 9, additions: 62, deletions: 4 };
    const header = aHeader({ changes, cost: 1, costWithSubagents: 1 });
    await shown.send({ type: 'show', view: aView({ header }) });
    const inLine = shown.page.locator('.header-line').getByTestId('header-changes');
    for (const [width, isThere] of [
      [800, true],
      [799, true],
      [560, true],
      [559, false],
    ] as const) {
      await shown.page.setViewportSize({ width, height: 500 });
      await inLine.waitFor({ state: isThere ? 'attached' : 'detached' });
    }
    assert.equal(await shown.page.locator('#header-panel').getByTestId('header-changes').count(), 1);
    await shown.page.setViewportSize({ width: 600, height: 500 });
    await inLine.waitFor();
    assert.equal((await inLine.innerText()).replaceAll(/\s+/g, ' ').trim(), '+62 −4');
    await inLine.click({ modifiers: ['Alt'] });
    assert.deepEqual(await shown.posted('showChanges'), {
      type: 'showChanges',
      sessionId: 'ses_1',
      asList: true,
    });
  });

  it('has the outline beside the text where there is room, and over it where there is none', async () => {
    const entries = [aMessage(0, aText('prt_0', 'Go')), aMessage(1, aText('prt_1', 'Word. '.repeat(400)))];
    await shown.send({ type: 'show', view: aView({ entries }) });
    await shown.page.setViewportSize({ width: 1100, height: 500 });
    await shown.page.getByTestId('outline').click();
    await shown.page.getByTestId('outline-list').waitFor();
    const covered = async (): Promise<boolean> => {
      const text = await shown.page.locator('[data-part-id=prt_1]').boundingBox();
      const outline = await shown.page.getByTestId('outline-list').boundingBox();
      assert.ok(text !== null && outline !== null);
      return text.x + text.width > outline.x;
    };
    assert.equal(await covered(), false);
    await shown.page.getByTestId('find').click();
    const find = await shown.page.locator('.find').boundingBox();
    const outline = await shown.page.getByTestId('outline-list').boundingBox();
    assert.ok((find?.x ?? 0) + (find?.width ?? 0) <= (outline?.x ?? 0));
    await shown.page.setViewportSize({ width: 900, height: 500 });
    assert.equal(await covered(), true);
  });

  it('names the lineage, the cost and the button that renames, also while an attempt is waited for', async () => {
    const { header } = sampleSession();
    const message = `Overloaded: ${'the provider is busy, '.repeat(4)}wait`;
    const status = { type: 'retry' as const, attempt: 2, message, next: Date.now() + 60_000 };
    const title = 'Add a cart to the shop, and then some more of it';
    await shown.send({ type: 'show', view: aView({ header: { ...header, status, title } }) });
    for (const width of [300, 900]) {
      await shown.page.setViewportSize({ width, height: 700 });
      if (width === 300) await shown.page.getByTestId('header-more').click();
      for (const name of ['Plan the shop', 'Cart with signals']) {
        const link = await shown.page.locator('.trail').getByRole('button', { name }).boundingBox();
        assert.ok((link?.width ?? 0) > 20, `${name}, ${width} px`);
      }
      assert.ok(await shown.page.locator('.cost').isVisible(), `${width} px`);
      const words = await shown.page
        .locator('.retry-words')
        .evaluate((one) => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight);
      assert.ok(width === 300 || words, 'all of it can be read');
      const named = await shown.page.getByTestId('header-title').boundingBox();
      const rename = await shown.page.getByTestId('rename').boundingBox();
      assert.ok(named !== null && rename !== null);
      assert.ok(Math.abs(named.y + named.height / 2 - rename.y - rename.height / 2) < 4, `${width} px`);
    }
    await shown.send({ type: 'header', header });
    await shown.page.locator('.header-line').getByText('Working').waitFor();
  });

  it('keeps the header in one line, however narrow it is and much there is to say', async () => {
    const { header } = sampleSession();
    const changes = { files: 128, additions: 12_345, deletions: 6789 };
    const context = { used: 7000, limit: 180_000, before: 140_000 };
    const title = 'Add a cart to the shop, and then some more of it';
    await shown.send({ type: 'show', view: aView({ header: { ...header, title, changes, context } }) });
    for (const width of [300, 420, 490, 600, 799, 800, 900, 1000, 1400]) {
      await shown.page.setViewportSize({ width, height: 600 });
      const line = await shown.page.locator('.header-line').evaluate((element) => ({
        height: element.clientHeight,
        bottom: element.getBoundingClientRect().bottom,
        hidden: element.scrollWidth - element.clientWidth,
        out: [...element.querySelectorAll('button')]
          .map((button) => [button.title, button.getBoundingClientRect()] as const)
          .filter(([, { left, right, width: own }]) => own > 0 && (left < 0 || right > innerWidth))
          .map(([name]) => name),
      }));
      assert.ok(line.height < 40, `${line.height} px high at ${width} px`);
      const status = await shown.page.locator('.header-status').boundingBox();
      const isApart = (status?.y ?? 0) >= line.bottom - 1;
      assert.equal(isApart, width <= 640, `its status at ${width} px`);
      assert.deepEqual([line.hidden, line.out], [0, []], `${width} px`);
      const named = await shown.page.getByTestId('header-title').boundingBox();
      assert.ok((named?.width ?? 0) >= 50, `a title of ${named?.width} px at ${width} px`);
      assert.equal(await shown.page.getByTestId('header-more').isVisible(), width < 800);
      assert.match(await shown.page.locator('.header-status').ariaSnapshot(), /Working/);
    }
  });

  it('shows behind a button what has no room in its line, by mouse and keyboard', async () => {
    const { header } = sampleSession();
    const changes = { files: 9, additions: 62, deletions: 4 };
    const focused = () =>
      shown.page.evaluate(
        () => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.className,
      );
    await shown.page.setViewportSize({ width: 490, height: 600 });
    await shown.send({ type: 'show', view: aView({ header: { ...header, changes } }) });
    const more = shown.page.getByTestId('header-more');
    const panel = shown.page.locator('#header-panel');
    await more.press('Enter');
    assert.equal(await more.getAttribute('aria-expanded'), 'true');
    for (const name of [
      'Cart with signals',
      '1/3',
      'Show Changes: 9 files, +62 −4 lines',
      'Next Turn (Alt+↓)',
    ]) {
      await panel.getByRole('button', { name }).waitFor();
    }
    await shown.page.keyboard.press('Tab');
    await shown.page.keyboard.press('Tab');
    assert.equal(await focused(), 'header-todos');
    await shown.page.keyboard.press('Escape');
    assert.deepEqual([await panel.isVisible(), await focused()], [false, 'header-more']);

    await more.click();
    await panel.getByTestId('header-todos').click();
    assert.deepEqual(
      [await panel.isVisible(), await shown.page.getByText('Connect the shop').isVisible()],
      [false, true],
    );
    await more.click();
    await shown.page.getByTestId('header-title').click();
    assert.deepEqual([await panel.isVisible(), await more.getAttribute('aria-expanded')], [false, 'false']);

    await more.click();
    await panel.getByTestId('header-changes').focus();
    await shown.page.setViewportSize({ width: 1000, height: 600 });
    await shown.page.locator('.header-line').getByTestId('header-changes').waitFor();
    assert.deepEqual([await more.isVisible(), await panel.isVisible()], [false, false]);
    await shown.page.getByTestId('next-turn').focus();
    await shown.page.setViewportSize({ width: 490, height: 600 });
    await more.waitFor();
    assert.equal(await focused(), 'header-more');
  });

  it('keeps a title that is being written while the room changes', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    await shown.page.getByTestId('header-title').dblclick();
    const field = shown.page.getByLabel('Title of the session');
    await field.fill('Half a ti');
    await shown.page.setViewportSize({ width: 490, height: 600 });
    await shown.page.getByTestId('header-more').waitFor();
    assert.equal(await field.evaluate((input) => input === document.activeElement), true);
    assert.equal(await field.inputValue(), 'Half a ti');
  });

  it('moves nothing when what comes late is there', async () => {
    const { context, todos, changes: _, ...early } = sampleSession().header;
    const places = async () =>
      Promise.all(
        ['header-title', 'next-turn', 'outline', 'find'].map(async (id) => {
          const box = await shown.page.getByTestId(id).boundingBox();
          return [id, box?.x, box?.y];
        }),
      );
    const header = { ...early, todos: [], from: undefined, to: [], cost: 0, costWithSubagents: 0 };
    await shown.page.setViewportSize({ width: 1000, height: 600 });
    await shown.send({ type: 'loading', sessionId: 'ses_1', title: early.title });
    const loading = await places();
    await shown.send({ type: 'show', view: aView({ header: aHeader({ title: header.title }) }) });
    assert.deepEqual(await places(), loading, 'with its messages');
    const late = { ...aHeader({ title: header.title, todos }), ...(context && { context }) };
    await shown.send({ type: 'header', header: late });
    await shown.page.getByTestId('context-meter').waitFor();
    assert.deepEqual(await places(), loading, 'with the meter and todos');
  });

  it('says what a compaction made of the context, and does not lose the meter over it', async () => {
    const meter = shown.page.getByTestId('context-meter');
    const tell = (context: SessionHeader['context']) =>
      shown.send({ type: 'header', header: aHeader({ ...(context && { context }) }) });
    await shown.send({ type: 'show', view: aView() });
    await tell({ used: 78_000, limit: 100_000 });
    assert.equal(await meter.innerText(), '78 %');
    await meter.focus();
    await tell({ limit: 100_000, before: 78_000 });
    assert.equal(await meter.innerText(), '78 % → …');
    assert.equal(
      await meter.getAttribute('aria-label'),
      'Continue Session: the next answer tells how much of the context is used; compacted from 78 %',
    );
    await tell({ used: 4000, limit: 100_000, before: 78_000 });
    assert.equal(await meter.innerText(), '78 % → 4 %');
    assert.equal(
      await meter.getAttribute('title'),
      'Continue Session: 4 % of context used, 4k of 100k usable tokens; compacted from 78 %',
    );
    assert.equal(await meter.evaluate((button) => button === document.activeElement), true);
    await tell({ used: 5000, limit: 100_000 });
    assert.equal(await meter.innerText(), '5 %');
  });

  it('says what changed in the files, as far as that is known, and shows it', async () => {
    const chip = shown.page.getByTestId('header-changes');
    const changes = { files: 9, additions: 62, deletions: 4 };
    const tell = (next?: SessionHeader['changes']) =>
      shown.send({ type: 'header', header: aHeader({ todos, ...(next && { changes: next }) }) });
    const todos = [{ content: 'Write it', status: 'pending', priority: 'high' }] as const;
    await shown.send({ type: 'show', view: aView() });
    await tell({ ...changes, files: 0 });
    assert.equal(await chip.count(), 0);
    await shown.page.getByTestId('header-todos').focus();
    await tell(changes);
    assert.equal(
      await shown.page.evaluate(() => document.activeElement?.getAttribute('data-testid')),
      'header-todos',
      'what comes beside it does not take the focus',
    );
    assert.deepEqual((await chip.innerText()).split(/\s+/), ['9', 'files', '+62', '−4']);
    const hint = 'Alt+Click: Changed Files, with Open and Discard';
    assert.equal(await chip.getAttribute('title'), `Show Changes: 9 files, +62 −4 lines\n${hint}`);
    await shown.page.keyboard.press('Tab');
    await shown.page.keyboard.press('Enter');
    assert.deepEqual(await shown.posted('showChanges'), { type: 'showChanges', sessionId: 'ses_1' });
    await tell({ files: 1, additions: 7, deletions: 0, isPartial: true, isTold: true });
    assert.deepEqual((await chip.innerText()).split(/\s+/), ['≥', '1', 'file', '+7', '−0']);
    assert.equal(await chip.evaluate((button) => button === document.activeElement), true);
    const words =
      'Show Changes: at least 1 file, +7 −0 lines\nSome of it is as the agent told: there is no snapshot.';
    assert.deepEqual(
      [await chip.getAttribute('title'), await chip.getAttribute('aria-label')],
      [`${words}\n${hint}`, words],
    );
    await tell();
    assert.equal(await chip.count(), 0);
  });

  it('leaves the title and the lineage their room beside what changed', async () => {
    const { header } = sampleSession();
    const changes = { files: 128, additions: 12_345, deletions: 6789 };
    await shown.send({ type: 'show', view: aView({ header }) });
    const title = shown.page.getByTestId('header-title');
    for (const width of [800, 900, 1000]) {
      await shown.page.setViewportSize({ width, height: 700 });
      await shown.send({ type: 'header', header });
      const before = await title.boundingBox();
      await shown.send({ type: 'header', header: { ...header, changes } });
      const named = await title.boundingBox();
      assert.ok((named?.width ?? 0) >= Math.min(60, before?.width ?? 0), `${width} px`);
      for (const name of ['Plan the shop', 'Cart with signals']) {
        const link = await shown.page.locator('.trail').getByRole('button', { name }).boundingBox();
        assert.ok((link?.width ?? 0) > 40, `${name}, ${width} px`);
      }
      assert.ok(await shown.page.getByTestId('header-changes').isVisible(), `${width} px`);
    }
    await shown.page.setViewportSize({ width: 300, height: 700 });
    assert.equal(await shown.page.evaluate(() => document.documentElement.scrollWidth), 300);
  });

  it('leads from the context meter to the ways in which a session goes on, where they are offered', async () => {
    const header = aHeader({ context: { used: 150_000, limit: 200_000 } });
    await shown.send({ type: 'show', view: aView({ header }) });
    const label = 'Continue Session: 75 % of context used, 150k of 200k usable tokens';
    const button = shown.page.getByRole('button', { name: label });
    assert.equal(await button.getAttribute('title'), label);
    await button.focus();
    await shown.page.keyboard.press('Enter');
    const { command, sessionId } = await shown.posted('command');
    assert.deepEqual([command, sessionId], ['opencodeSessions.session.continue', 'ses_1']);
    for (const name of ['Compact', 'Hand Off']) {
      assert.equal(await shown.page.locator('.header').getByRole('button', { name }).count(), 0, name);
    }
    const other = await open();
    await other.send(
      { type: 'init', settings: { enterSends: true }, commands: [] },
      { type: 'show', view: aView({ header }) },
    );
    const words = '75 % of context used, 150k of 200k usable tokens';
    const meter = other.page.getByRole('meter', { name: 'Context' });
    assert.equal(await meter.getAttribute('aria-valuetext'), words);
    assert.equal(await meter.getAttribute('title'), words);
    await other.page.close();
  });

  it('says what failed, what loads and that the connection is away', async () => {
    await shown.send({ type: 'loading', sessionId: 'ses_1', title: 'The shop' });
    assert.equal(await shown.page.getByTestId('header-title').innerText(), 'The shop');
    await shown.send({
      type: 'failed',
      sessionId: 'ses_1',
      message: 'This session was deleted.',
      action: { title: 'New Session', command: 'opencodeSessions.session.new' },
    });
    await shown.page.getByRole('button', { name: 'New Session' }).click();
    assert.equal((await shown.posted('command')).command, 'opencodeSessions.session.new');
    await shown.send({
      type: 'connection',
      banner: { kind: 'reconnecting', message: 'The server is away.' },
    });
    assert.match(await shown.page.getByTestId('banner').innerText(), /The server is away/);
    const since = new Date().setHours(9, 5);
    const banner = { message: 'Nothing answers.', since } as const;
    await shown.send({ type: 'connection', banner: { ...banner, kind: 'stale' } });
    assert.match(
      await shown.page.getByTestId('banner').innerText(),
      /^Nothing answers\. Last update: 9:05\sAM\.$/,
    );
    await shown.send({ type: 'connection', banner: { ...banner, kind: 'down' } });
    assert.match(
      await shown.page.getByTestId('banner').innerText(),
      /^Nothing answers\. Not there since 9:05\sAM\.$/,
    );
    await shown.send({ type: 'connection', banner: { kind: 'live', message: '' } });
    assert.equal(await shown.page.getByTestId('banner').isVisible(), false);
  });
});
