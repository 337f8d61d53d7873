import assert from 'node:assert/strict';
import { aHeader, aView } from './builders.ts';
import { readRecording, recordedChanges, recordedEntries } from './recording.ts';
import { themeKinds } from './themes.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

/** A rounded corner may be painted with other shades where a block has grown; a letter has more pixels. */
const cornerPixels = 24;

const sizes = [
  { name: 'a usual panel', width: 900, scale: 1 },
  { name: '300 pixels', width: 300, scale: 1 },
  { name: 'a zoom of 200 %', width: 450, scale: 2 },
] as const;

// What a page looks like differs between machines by their fonts; two pages on one machine look the same.
describe('A session of a real server', function () {
  let bench: PageBench;
  const read = (name: string) => {
    const recording = readRecording(name);
    const header = aHeader({ sessionId: recording.sessionId, title: name });
    return { recording, header, entries: recordedEntries(recording) };
  };
  const sessions = { cart: read('cart'), rounding: read('rounding') };

  before(async () => {
    bench = await PageBench.start();
  });

  after(() => bench.stop());

  it('has every type of part that 1.18 keeps', () => {
    const types = new Set(sessions.cart.entries.flatMap(({ parts }) => parts.map(({ type }) => type)));
    for (const type of [
      'agent',
      'compaction',
      'file',
      'patch',
      'reasoning',
      'step-finish',
      'step-start',
      'text',
      'tool',
    ] as const) {
      assert.ok(types.has(type), type);
    }
  });

  it('words its tool calls by their outcome', async () => {
    const shown = await bench.open({ height: 6000 });
    await shown.send({ type: 'show', view: aView(sessions.cart) });
    await unfold(shown);
    const lines = (await shown.page.locator('.tool .disclosure-head').allInnerTexts()).map((line) =>
      line.replaceAll(/\s+/g, ' ').trim(),
    );
    for (const line of [
      'Updated todos 0 of 1 done',
      'Wrote src/cart.ts +3 −0',
      'Read src/cart.ts',
      'Edited src/cart.ts +1 −1',
      'Called an unknown tool hologram',
      'Asked you Which currency?',
    ]) {
      assert.ok(lines.includes(line), `“${line}” is not among ${JSON.stringify(lines)}`);
    }
    assert.ok(lines.some((line) => line.startsWith('Ran printf') && line.includes('exit code 1')));
    assert.ok(
      lines.some((line) => /^Subagent finished: Find the callers helper.* Open Subagent$/.test(line)),
    );
    assert.ok(lines.some((line) => line.startsWith('Could not read') && line.includes('gone.ts')));
    assert.deepEqual(shown.errors, []);
    await shown.close();
  });

  it('says what was stopped and what failed, and runs nothing that the model wrote', async () => {
    const shown = await bench.open({ height: 6000 });
    await shown.send({ type: 'show', view: aView(sessions.rounding) });
    await shown.page.getByText('This is cut', { exact: true }).waitFor();
    await shown.page.getByText('Stopped').first().waitFor();
    await shown.page.getByText('<script>alert(1)</script>').first().waitFor();
    assert.equal(await shown.page.locator('.rows script').count(), 0);
    await unfold(shown);
    await shown.page.locator('.tool').filter({ hasText: 'ripgrep execution failed' }).first().waitFor();
    assert.deepEqual(shown.errors, []);
    await shown.close();
  });

  const [, narrow] = sizes;
  const looks = [
    ...sizes.map((size) => ({ ...size, ...sessions.cart, title: 'cart' })),
    { ...narrow, ...sessions.rounding, title: 'rounding' },
  ];
  for (const { name, width, scale, title, recording, header, entries } of looks) {
    it(`looks the same in ${name} whether it was watched or opened, under each theme: ${title}`, async () => {
      // Higher than all of it, until it is known how high that is; `scale` is the zoom.
      const panel = { width, height: 12_000 / scale, scale };
      const [opened, watched] = [await bench.open(panel), await bench.open(panel)];
      await opened.send({ type: 'show', view: aView({ header, entries }) });
      await watched.send({ type: 'show', view: aView({ header }) });
      for (const changes of await recordedChanges(recording, 25)) {
        await watched.send({ type: 'changes', sessionId: recording.sessionId, changes });
      }
      await unfold(opened);
      const height = await wholeHeight(opened);
      for (const shown of [opened, watched]) await shown.page.setViewportSize({ width, height });
      for (const theme of themeKinds) {
        for (const shown of [opened, watched]) await shown.useTheme(theme);
        const [one, other] = [await picture(opened), await picture(watched)];
        assert.deepEqual((await rowsOf(watched)).split('\n'), (await rowsOf(opened)).split('\n'));
        const { pixels, where } = await compare(opened, one, other);
        assert.ok(pixels <= cornerPixels, `under ${theme}: ${pixels} pixels differ, at ${where.join()}`);
        const hidden = await opened.page.evaluate(() => {
          const { scrollHeight = 0, clientHeight = 0 } = document.querySelector('.scroller') ?? {};
          return scrollHeight - clientHeight;
        });
        assert.equal(hidden, 0, `under ${theme}: ${hidden} px are not in the picture`);
        const overflow = await opened.page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(overflow, 0, `under ${theme}`);
      }
      assert.deepEqual([...opened.errors, ...watched.errors], []);
      await Promise.all([opened.close(), watched.close()]);
    });
  }
});

/** Opens whatever is folded, so that all is in the picture. */
async function unfold({ page }: TranscriptPage): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let round = 0; round < 5; round += 1) {
      for (const button of document.querySelectorAll<HTMLElement>('.disclosure-button[aria-expanded=false]'))
        button.click();
      await frame();
      await frame();
    }
  });
}

/** Pixels of a page in which all of the session is in view, unfolded. */
const wholeHeight = ({ page }: TranscriptPage): Promise<number> =>
  page.evaluate(() => {
    const rows = document.querySelector('.rows')?.getBoundingClientRect().height ?? 0;
    return Math.ceil(rows + innerHeight - (document.querySelector('.scroller')?.clientHeight ?? 0)) + 40;
  });

const rowsOf = ({ page }: TranscriptPage): Promise<string> =>
  page.locator('.rows').evaluate((rows) =>
    // Whether a box is a stop is measured when Tab asks.
    rows.innerHTML.replaceAll(/<pre tabindex="-?\d">/g, '<pre>').replaceAll('><', '>\n<'),
  );

async function picture(shown: TranscriptPage): Promise<Buffer> {
  await unfold(shown);
  await shown.page.evaluate(async () => {
    await document.fonts.ready;
    const rows = document.querySelector('.scroller');
    rows?.scrollTo(0, 0);
    const isPlain = (): boolean =>
      document.querySelector('.code[data-language]:not([data-highlighted])') !== null;
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let round = 0; round < 600 && isPlain(); round += 1) await frame();
    await frame();
  });
  await shown.page.mouse.move(0, 0);
  return shown.page.screenshot({ animations: 'disabled', caret: 'hide' });
}

interface Difference {
  readonly pixels: number;
  /** The box around them: left, top, right, bottom. */
  readonly where: readonly number[];
}

/** How many pixels of two pictures are visibly different. */
function compare({ page }: TranscriptPage, one: Buffer, other: Buffer): Promise<Difference> {
  const urls = [one, other].map((picture) => `data:image/png;base64,${picture.toString('base64')}`);
  return page.evaluate(async (sources) => {
    const visible = 48;
    const pictures = sources.map(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      context?.drawImage(image, 0, 0);
      return context?.getImageData(0, 0, image.width, image.height);
    });
    const [first, second] = await Promise.all(pictures);
    if (first?.data.length === undefined || first.data.length !== second?.data.length) {
      throw new Error('The pictures are not of the same size.');
    }
    const differs = (at: number): boolean =>
      [0, 1, 2].some(
        (channel) => Math.abs((first.data[at + channel] ?? 0) - (second.data[at + channel] ?? 0)) > visible,
      );
    const [before, after] = [new Uint32Array(first.data.buffer), new Uint32Array(second.data.buffer)];
    const found: [x: number, y: number][] = [];
    for (let at = 0; at < before.length; at += 1) {
      if (before[at] !== after[at] && differs(4 * at)) {
        found.push([at % first.width, Math.floor(at / first.width)]);
      }
    }
    const [xs, ys] = [found.map(([x]) => x), found.map(([, y]) => y)];
    const where = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    return { pixels: found.length, where };
  }, urls);
}
