import assert from 'node:assert/strict';
import { keptSessions } from '../../src/core/page/pageMemory.ts';
import type { MessageEntry } from '../../src/protocol/page/entries.ts';
import { aHeader, aMessage, aText, aTool, aView } from './builders.ts';
import { markdownCorpus } from './markdownCorpus.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

function conversation(from: number, count: number): MessageEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const text = markdownCorpus[number % markdownCorpus.length] ?? '';
    if (number % 2 === 0) return aMessage(number, aText(`prt_${number}`, `Prompt ${number}`));
    const calls = Array.from({ length: 3 }, (_, call) =>
      aTool({ id: `prt_${number}_${call}`, tool: 'bash', input: { command: 'ls' } }),
    );
    return aMessage(number, ...calls, aText(`prt_${number}`, `Answer ${number}\n\n${text.slice(0, 600)}`));
  });
}

/** Answers that are mostly code, so that colours come to make most of the document. */
function withCode(from: number, count: number): MessageEntry[] {
  const line = 'const counts = new Map<string, number>([["a", 1]]); // enough';
  const text = `\`\`\`ts\n${Array.from({ length: 10 }, () => line).join('\n')}\n\`\`\``;
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    return aMessage(number, aText(`prt_${number}`, number % 8 === 0 ? 'A prompt.' : text));
  });
}

describe('A long transcript', function () {
  let bench: PageBench;
  let shown: TranscriptPage;

  before(async () => {
    bench = await PageBench.start();
  });

  beforeEach(async () => {
    shown = await bench.open();
  });

  afterEach(async () => {
    assert.deepEqual(shown.errors, []);
    await shown.close();
  });

  after(() => bench.stop());

  /** The message that begins at the top of the view. */
  const topMessage = () =>
    shown.page.evaluate(() => {
      const top = document.querySelector('.scroller')?.getBoundingClientRect().top ?? 0;
      const rows = [...document.querySelectorAll<HTMLElement>('[data-message-id]')];
      return rows.find((row) => Math.abs(row.getBoundingClientRect().top - top) < 10)?.dataset['messageId'];
    });

  const elements = () => shown.page.evaluate(() => document.querySelectorAll('*').length);

  /** Scrolls by `step` in so many frames; tells blank frames, and by how much rows moved other than scrolled. */
  function scroll(step: number, frames: number): Promise<{ blank: number; jump: number; atStart: boolean }> {
    return shown.page.evaluate(
      async (given) => {
        const scroller = document.querySelector('.scroller');
        if (!scroller) throw new Error('There is no scroller.');
        const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
        const middle = () => {
          const { left, top, width, height } = scroller.getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + height / 2)?.closest('[data-row-key]');
        };
        let blank = 0;
        let jump = 0;
        for (let index = 0; index < given.frames; index += 1) {
          const row = middle();
          const before = row?.getBoundingClientRect().top ?? 0;
          const start = scroller.scrollTop;
          scroller.scrollTop += given.step;
          const moved = scroller.scrollTop - start;
          await frame();
          await frame();
          if (!middle()) blank += 1;
          const after = row?.isConnected === true ? row.getBoundingClientRect().top : undefined;
          if (after !== undefined) jump = Math.max(jump, Math.abs(before - after - moved));
        }
        return { blank, jump, atStart: scroller.scrollTop === 0 };
      },
      { step, frames },
    );
  }

  it('keeps few elements in the document at any length, and stands at the end', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 5000) }) });
    assert.ok(await shown.page.locator('[data-message-id="msg_004999"]').isVisible());
    assert.ok((await elements()) <= 1500, `${await elements()} elements`);
  });

  it('scrolls without a blank frame and without a jump', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 5000) }) });
    const { blank, jump } = await scroll(-400, 60);
    assert.equal(blank, 0);
    assert.ok(jump <= 1, `jumped by ${jump} px`);
    assert.ok((await elements()) <= 1500);
  });

  for (const [step, pause] of [
    [-37, 0],
    [-400, 0],
    [-400, 30],
    [-2500, 0],
    [-9000, 10],
    [700, 10],
  ] as const) {
    const speed = pause === 0 ? 'in every frame' : `and resting for ${pause} frames`;
    it(`has no more nodes in the document while it is scrolled by ${step} px ${speed}`, async () => {
      await shown.send({ type: 'show', view: aView({ entries: withCode(0, 600) }) });
      await shown.send({ type: 'reveal', messageId: 'msg_000301' });
      const most = await shown.page.evaluate(
        async (given) => {
          const scroller = document.querySelector('.scroller');
          if (!scroller) throw new Error('There is no scroller.');
          let nodes = 0;
          for (let turn = 0; turn < given.turns; turn += 1) {
            scroller.scrollTop += given.step;
            for (let frame = 0; frame <= given.pause; frame += 1) {
              await new Promise((resolve) => requestAnimationFrame(resolve));
              const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
              let count = 1;
              while (walker.nextNode()) count += 1;
              nodes = Math.max(nodes, count);
            }
          }
          return nodes;
        },
        { step, pause, turns: pause === 0 ? 60 : 12 },
      );
      assert.ok(most <= 1500, `${most} nodes`);
    });
  }

  it('gives no message its buttons that is scrolled below a pointer at rest', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 100) }) });
    const filled = shown.page.locator('.message-actions.filled');
    await shown.page.locator('.message').last().hover();
    assert.equal(await filled.count(), 1);
    await scroll(-400, 10);
    assert.equal(await filled.count(), 0);
    await shown.page.mouse.move(400, 300);
    await filled.locator('visible=true').waitFor();
  });

  it('asks for older messages ahead of need and puts them before without moving the reader', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(1000, 40), hasOlder: true }) });
    await scroll(-600, 12);
    const asked = await shown.posted('loadBeside');
    assert.deepEqual([asked.messageId, asked.side], ['msg_001000', 'before']);
    const top = () =>
      shown.page.evaluate(() => {
        const rows = [...document.querySelectorAll('[data-row-key]')];
        const row = rows.find((one) => one.getBoundingClientRect().bottom > 200);
        return { key: row?.getAttribute('data-row-key'), top: row?.getBoundingClientRect().top };
      });
    const before = await top();
    await shown.send({
      type: 'stretch',
      sessionId: 'ses_1',
      entries: conversation(800, 201),
      hasOlder: false,
    });
    const after = await top();
    assert.equal(after.key, before.key);
    assert.ok(Math.abs((after.top ?? 0) - (before.top ?? 0)) <= 1, `${before.top} became ${after.top}`);
  });

  it('follows the end while it grows, unless the reader has scrolled away', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 60) }) });
    const { parts: _, ...head } = aMessage(61);
    const start = [
      { kind: 'message', head },
      { kind: 'part', messageId: head.id, part: { id: 'prt_new', type: 'text', text: '' } },
    ] as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: start });
    const grow = {
      kind: 'append',
      messageId: head.id,
      partId: 'prt_new',
      text: 'A line.\n\n'.repeat(20),
    } as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [grow] });
    const distance = () =>
      shown.page.evaluate(() => {
        const scroller = document.querySelector('.scroller');
        return scroller ? scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop : -1;
      });
    assert.ok((await distance()) < 2);
    await scroll(-500, 1);
    const away = await distance();
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [grow] });
    assert.ok((await distance()) > away + 100);
    const { parts: __, ...next } = aMessage(62);
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [{ kind: 'message', head: next }] });
    assert.equal(
      await shown.page.getByTestId('jump-to-end').getAttribute('aria-label'),
      'Jump to the end, 1 new',
    );
    await shown.page.getByTestId('jump-to-end').click();
    assert.ok((await distance()) < 2);
  });

  it('jumps to any message, also by the outline', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 5000) }) });
    await shown.send({ type: 'reveal', messageId: 'msg_002501' });
    assert.ok(await shown.page.locator('[data-message-id="msg_002501"]').isVisible());
    await shown.page.getByTestId('outline').click();
    assert.ok((await elements()) <= 1500);
    await shown.page.getByLabel('Find a prompt').fill('Prompt 1200');
    await shown.page.getByRole('button', { name: 'Prompt 1200', exact: true }).click();
    await shown.page.locator('[data-message-id="msg_001200"]').waitFor();
  });

  it('asks for a message that is not here, once, and shows it when it comes', async () => {
    await shown.send({
      type: 'show',
      view: aView({ entries: conversation(100, 40), hasOlder: true }),
      reveal: 'msg_000010',
    });
    assert.equal((await shown.posted('loadUntil')).messageId, 'msg_000010');
    await shown.send({ type: 'reveal', messageId: 'msg_000010' });
    await shown.send({ type: 'stretch', sessionId: 'ses_1', entries: conversation(0, 60), hasOlder: false });
    await shown.send({ type: 'reveal', messageId: 'msg_000010' });
    assert.ok(await shown.page.locator('[data-message-id="msg_000010"]').isVisible());
    assert.deepEqual(
      (await shown.allPosted()).filter(({ type }) => type === 'loadUntil'),
      [],
    );
  });

  it('shows where messages are missing, and fills in under the eyes of the reader without moving them', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(400, 40), hasOlder: true }) });
    await shown.send({ type: 'stretch', sessionId: 'ses_1', entries: conversation(60, 80), hasOlder: true });
    await shown.send({ type: 'reveal', messageId: 'msg_000110' });
    const asked = await shown.posted('loadBeside');
    assert.deepEqual([asked.messageId, asked.side], ['msg_000139', 'after']);
    await shown.send({ type: 'reveal', messageId: 'msg_000139' });
    const gap = shown.page.getByText('Loading the messages between…');
    assert.ok(await gap.isVisible());
    const place = async () => (await shown.page.locator('[data-message-id="msg_000139"]').boundingBox())?.y;
    const before = await place();
    await shown.send({
      type: 'stretch',
      sessionId: 'ses_1',
      entries: conversation(139, 100),
      hasOlder: true,
    });
    assert.equal(await place(), before);
    assert.equal(await gap.count(), 0);
    assert.ok(await shown.page.locator('[data-message-id="msg_000140"]').isVisible());
    // From the other side it is filled upwards, to the message that both have.
    await shown.send({ type: 'reveal', messageId: 'msg_000402' });
    const up = await shown.posted('loadBeside');
    assert.deepEqual([up.messageId, up.side], ['msg_000400', 'before']);
    await shown.send({
      type: 'stretch',
      sessionId: 'ses_1',
      entries: conversation(238, 163),
      hasOlder: true,
    });
    await scroll(-400, 4);
    assert.equal(await gap.count(), 0);
    assert.deepEqual(
      (await shown.allPosted()).filter(({ type }) => type === 'loadBeside'),
      [],
    );
  });

  it('passes over what is told of messages that are missing, and drops those before a gap when it is shown anew', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(400, 40), hasOlder: true }) });
    await shown.send({ type: 'stretch', sessionId: 'ses_1', entries: conversation(100, 40), hasOlder: true });
    const { parts: _, ...head } = aMessage(300);
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [{ kind: 'message', head }] });
    await shown.send({ type: 'reveal', messageId: 'msg_000139' });
    assert.equal(await shown.page.locator('[data-message-id="msg_000300"]').count(), 0);
    const place = async () => (await shown.page.locator('[data-message-id="msg_000139"]').boundingBox())?.y;
    const before = await place();
    await shown.send({ type: 'show', view: aView({ entries: conversation(400, 40), hasOlder: true }) });
    const asked = (await shown.allPosted()).flatMap((one) =>
      one.type === 'loadUntil' ? [one.messageId] : [],
    );
    // The reader is brought back to where they were, to the pixel.
    assert.deepEqual(asked, ['msg_000139']);
    await shown.send({ type: 'stretch', sessionId: 'ses_1', entries: conversation(100, 60), hasOlder: true });
    await shown.send({ type: 'reveal', messageId: 'msg_000139' });
    assert.ok(Math.abs(((await place()) ?? 0) - (before ?? 0)) < 1);
  });

  it('keeps some messages around the reader and at the end, and asks for the others again', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(1900, 100), hasOlder: true }) });
    const run = (from: number, count: number) =>
      shown.send({
        type: 'stretch',
        sessionId: 'ses_1',
        entries: conversation(from, count),
        hasOlder: from > 0,
      });
    await scroll(-20_000, 2);
    for (let from = 1700; from >= 0; from -= 200) {
      await run(from, 201);
      await scroll(-200_000, 2);
    }
    const asked = async () =>
      (await shown.allPosted()).flatMap((one) =>
        one.type === 'loadBeside' ? [`${one.side} ${one.messageId}`] : [],
      );
    assert.equal((await asked()).at(-1), 'before msg_000100');
    await run(0, 101);
    await scroll(-200_000, 2);
    assert.ok(await shown.page.locator('[data-message-id="msg_000000"]').isVisible());
    // Of what stands in the middle the page has nothing more.
    await shown.send({ type: 'reveal', messageId: 'msg_001200' });
    assert.equal((await shown.posted('loadUntil')).messageId, 'msg_001200');
    await run(1160, 80);
    await shown.send({ type: 'reveal', messageId: 'msg_001200' });
    assert.ok(await shown.page.locator('[data-message-id="msg_001200"]').isVisible());
    await shown.page.getByTestId('jump-to-end').click();
    assert.ok(await shown.page.locator('[data-message-id="msg_001999"]').isVisible());
  });

  it('goes from turn to turn by keys and by buttons', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 40) }) });
    await shown.send({ type: 'reveal', messageId: 'msg_000011' });
    const goes = async (act: () => Promise<void>, messageId: string) => {
      await act();
      await shown.send();
      assert.equal(await topMessage(), messageId);
    };
    const keyboard = shown.page.keyboard;
    await goes(() => keyboard.press('Alt+ArrowDown'), 'msg_000012');
    await goes(() => keyboard.press('Alt+ArrowDown'), 'msg_000014');
    await goes(() => keyboard.press('Alt+ArrowUp'), 'msg_000012');
    await goes(() => shown.page.getByTestId('next-turn').click(), 'msg_000014');
    await goes(() => shown.page.getByTestId('previous-turn').click(), 'msg_000012');
  });

  it('goes on to the turn before once older messages are here, unless the reader went elsewhere', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(100, 60), hasOlder: true }) });
    await shown.send({ type: 'reveal', messageId: 'msg_000100' });
    const ahead = await shown.posted('loadBeside');
    assert.deepEqual([ahead.messageId, ahead.side], ['msg_000100', 'before']);
    await shown.page.keyboard.press('Alt+ArrowUp');
    await shown.send({ type: 'stretch', sessionId: 'ses_1', entries: conversation(81, 20), hasOlder: true });
    assert.equal(await topMessage(), 'msg_000098');
    await shown.send({ type: 'reveal', messageId: 'msg_000081' });
    await shown.posted('loadBeside');
    await shown.page.keyboard.press('Alt+ArrowUp');
    await shown.send({ type: 'reveal', messageId: 'msg_000110' });
    await shown.send({ type: 'stretch', sessionId: 'ses_1', entries: conversation(61, 21), hasOlder: true });
    assert.equal(await topMessage(), 'msg_000110');
  });

  it('passes over no turn that is missing between those that are here', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(400, 40), hasOlder: true }) });
    await shown.send({ type: 'stretch', sessionId: 'ses_1', entries: conversation(60, 80), hasOlder: false });
    await shown.send({ type: 'reveal', messageId: 'msg_000139' });
    assert.equal((await shown.posted('loadBeside')).messageId, 'msg_000139');
    await shown.page.keyboard.press('Alt+ArrowDown');
    await shown.send();
    assert.equal(await topMessage(), 'msg_000139');
    await shown.send({
      type: 'stretch',
      sessionId: 'ses_1',
      entries: conversation(139, 100),
      hasOlder: true,
    });
    assert.equal(await topMessage(), 'msg_000140');
    await shown.send({ type: 'reveal', messageId: 'msg_000400' });
    const up = await shown.posted('loadBeside');
    assert.deepEqual([up.messageId, up.side], ['msg_000400', 'before']);
    await shown.page.keyboard.press('Alt+ArrowUp');
    await shown.send({
      type: 'stretch',
      sessionId: 'ses_1',
      entries: conversation(238, 163),
      hasOlder: true,
    });
    assert.equal(await topMessage(), 'msg_000398');
  });

  it('comes back to the same place after a reload', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 200) }) });
    await scroll(-3000, 2);
    const place = () => shown.page.evaluate(() => document.querySelector('.scroller')?.scrollTop ?? -1);
    const key = await shown.page.evaluate(
      () =>
        [...document.querySelectorAll('[data-row-key]')].find(
          (row) => row.getBoundingClientRect().bottom > 40,
        )?.id,
    );
    await shown.page.waitForFunction(() => {
      const { state } = (
        globalThis as unknown as { testing: { state: { positions?: Record<string, unknown> } } }
      ).testing;
      return state.positions?.['ses_1'] !== undefined;
    });
    assert.ok((await place()) > 0);
    const state: unknown = await shown.page.evaluate(
      () => (globalThis as unknown as { testing: { state: unknown } }).testing.state,
    );
    const again = await bench.open({ state });
    await again.send({ type: 'show', view: aView({ entries: conversation(0, 200) }) });
    const keyAgain = await again.page.evaluate(
      () =>
        [...document.querySelectorAll('[data-row-key]')].find(
          (row) => row.getBoundingClientRect().bottom > 40,
        )?.id,
    );
    assert.equal(keyAgain, key);
    await again.close();
  });

  it('shows ten thousand parts of one message in rows of their own', async () => {
    const parts = Array.from({ length: 10_000 }, (_, index) =>
      aText(`prt_${String(index).padStart(5, '0')}`, `Part ${index}`),
    );
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, ...parts)] }) });
    assert.ok(await shown.page.locator('[data-part-id="prt_09999"]').isVisible());
    assert.ok((await elements()) <= 1500);
  });

  it('shows a session that is kept at once when it is turned to again', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 50) }) });
    const row = await shown.page.locator('[data-message-id="msg_000049"]').elementHandle();
    await shown.send({ type: 'loading', sessionId: 'ses_2', title: 'Another' });
    await shown.send({ type: 'loading', sessionId: 'ses_1', title: 'The first' });
    assert.equal(await row?.isVisible(), true);
  });

  it('keeps the sessions that were left beside the one that is shown, each where its reader was, unseen', async () => {
    const other = aView({ header: aHeader({ sessionId: 'ses_2' }), entries: conversation(5000, 60) });
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 60) }) });
    await scroll(-300, 5);
    const place = () =>
      shown.page.evaluate(() => {
        const scroller = document.querySelector('.session:not(.kept) .scroller');
        return { top: scroller?.scrollTop, height: scroller?.scrollHeight };
      });
    const before = await place();
    await shown.send({ type: 'show', view: other });
    const left = shown.page.locator('.session.kept');
    await shown.page.waitForFunction(() => {
      const view = document.querySelector('.session.kept .scroller');
      const rows = [...document.querySelectorAll('.session.kept [data-row-key]')];
      return rows.length > 0 && rows.length < 12 && view !== null;
    });
    assert.equal(await left.getByText('Prompt 50').isVisible(), false);
    assert.equal(await shown.page.getByRole('region', { name: 'Messages' }).count(), 1);
    await shown.send({ type: 'loading', sessionId: 'ses_1', title: 'First' });
    assert.deepEqual(await place(), before);
    await shown.page.setViewportSize({ width: 600, height: 500 });
    await shown.send({ type: 'loading', sessionId: 'ses_2', title: 'Second' });
    assert.ok(await shown.page.locator('[data-message-id="msg_005059"]').isVisible());
    const { bottom, end } = await shown.page.evaluate(() => {
      const scroller = document.querySelector('.session:not(.kept) .scroller');
      const last = document.querySelector('[data-message-id="msg_005059"]');
      return {
        bottom: last?.getBoundingClientRect().bottom ?? 0,
        end: scroller?.getBoundingClientRect().bottom ?? 0,
      };
    });
    assert.ok(bottom <= end + 1, `the last message ends at ${bottom}, the view at ${end}`);
  });

  it('gives up the session that was left longest ago', async () => {
    for (let number = 0; number <= keptSessions; number += 1) {
      const header = aHeader({ sessionId: `ses_${number}` });
      await shown.send({ type: 'show', view: aView({ header, entries: conversation(number * 100, 40) }) });
    }
    assert.equal(await shown.page.locator('.session').count(), keptSessions);
    assert.equal(await shown.page.locator('.session:not(.kept)').count(), 1);
    await shown.page.waitForFunction(() => document.querySelectorAll('*').length <= 2000);
  });

  it('shows a session again from what it kept, and asks for what it has not', async () => {
    await shown.send({ type: 'show', view: aView({ entries: conversation(0, 50) }) });
    const row = await shown.page.locator('[data-message-id="msg_000049"]').elementHandle();
    const second = aHeader({ sessionId: 'ses_2', title: 'Another' });
    await shown.send({ type: 'show', view: aView({ header: second }) });
    const { entries: _entries, hasOlder: _hasOlder, ...view } = aView();
    await shown.send({ type: 'showAgain', view: { ...view, draft: { text: 'Half a thought' } } });
    assert.equal(await row?.isVisible(), true);
    assert.equal(await shown.page.getByTestId('composer').locator('textarea').inputValue(), 'Half a thought');
    await shown.send({ type: 'showAgain', view: { ...view, header: aHeader({ sessionId: 'ses_3' }) } });
    assert.equal((await shown.posted('ready')).type, 'ready');
  });
});
