import { createRandom, splitTokens, writeAnswer } from '../answerText.ts';
import type { Bed, Variant } from '../bed.ts';
import type { SeededSession } from '../benchServer.ts';
import { beginning } from '../bigSessions.ts';
import { atMost, type Figure, ratios } from '../figure.ts';
import type { HostClient } from '../hostClient.ts';
import type { MeasuredPage } from '../measuredPage.ts';
import { largestRenderer } from '../processMemory.ts';
import { wheelUpTo } from '../wheel.ts';

const megabyte = 1e6;
/** Half an hour at 100 tokens a second. */
const streamedTokens = 180_000;

interface PageMemory {
  /** Megabytes of the renderer process. */
  readonly renderer: number;
  /** Megabytes of JavaScript objects. */
  readonly heap: number;
}

interface LongUse extends PageMemory {
  readonly afterScroll: number;
  readonly afterStream: number;
  /** Megabytes that the host process grew by, while the session was open and after its page was closed. */
  readonly hostOpen: number;
  readonly hostClosed: number;
}

/** What a long session costs the page and its host, at first, after use, and after the page was closed. */
export async function measureMemory(bed: Bed): Promise<Figure[]> {
  const { big, huge } = await bed.server;
  const web: PageMemory[] = [];
  const page: PageMemory[] = [];
  const used: LongUse[] = [];
  const empty = await measureEmpty(bed);
  for (let round = 0; round < bed.rounds; round += 1) {
    web.push(await measureAtEnd(bed, 'web', big));
    page.push(await measureAtEnd(bed, 'product', big));
    // Takes long and hardly varies.
    if (round === 0) used.push(await measureLongUse(bed, huge));
  }
  const figure = (name: string, values: number[], limit: number): Figure => {
    return { part: 'memory', name, unit: 'MB', values, target: atMost(limit) };
  };
  return [
    {
      part: 'memory',
      name: `Renderer on ${big.messages} messages: page / web UI`,
      unit: 'x',
      values: ratios(
        page.map(({ renderer }) => renderer),
        web.map(({ renderer }) => renderer),
      ),
      target: atMost(1 / 3),
      note: `${page[0]?.renderer.toFixed(0)} / ${web[0]?.renderer.toFixed(0)} MB`,
    },
    {
      part: 'memory',
      name: `Renderer on ${big.messages} messages, beyond that of an empty page: page / web UI`,
      unit: 'x',
      values: ratios(
        page.map(({ renderer }) => Math.max(0, renderer - empty)),
        web.map(({ renderer }) => renderer - empty),
      ),
      target: atMost(1 / 3),
      note: `an empty page: ${empty.toFixed(0)} MB`,
    },
    figure(
      `JS heap with ${huge.messages} messages, at the end`,
      used.map(({ heap }) => heap),
      15,
    ),
    figure(
      `JS heap with ${huge.messages} messages, scrolled to the first`,
      used.map(({ afterScroll }) => afterScroll),
      15,
    ),
    figure(
      'JS heap after half an hour of 100 tokens/s, compressed',
      used.map(({ afterStream }) => afterStream),
      15,
    ),
    figure(
      `Host with ${huge.messages} messages read through, more than idle`,
      used.map(({ hostOpen }) => hostOpen),
      40,
    ),
    {
      part: 'memory',
      name: 'Host objects after its page was closed, more than before',
      unit: 'MB',
      values: used.map(({ hostClosed }) => hostClosed),
      target: atMost(5),
    },
  ];
}

/** In a browser of its own, where no other page's process can be taken for it. */
async function measureAtEnd(bed: Bed, variant: Variant, session: SeededSession): Promise<PageMemory> {
  const browser = await bed.startBrowser();
  const page = await bed.openPage(browser);
  await page.goto(await bed.address(variant, session.id), await (await bed.server).lastWords(session));
  await page.ask('nextFrames(120)');
  const heap = (await page.heap()) / megabyte;
  const renderer = (await largestRenderer(browser)) / megabyte;
  await browser.close();
  return { heap, renderer };
}

/** Megabytes of a renderer that shows nothing: what no page can go below. */
async function measureEmpty(bed: Bed): Promise<number> {
  const browser = await bed.startBrowser();
  const page = await browser.newPage();
  await page.goto('about:blank');
  const renderer = (await largestRenderer(browser)) / megabyte;
  await browser.close();
  return renderer;
}

async function measureLongUse(bed: Bed, session: SeededSession): Promise<LongUse> {
  const browser = await bed.startBrowser();
  const host = await bed.startHost('product');
  const idle = await host.order('usage', { collect: true });
  const page = await bed.openPage(browser);
  await page.goto(host.pageUrl(session.id), await (await bed.server).lastWords(session));
  const heap = await heapOf(page);
  const renderer = (await largestRenderer(browser)) / megabyte;
  await wheelUpTo(page, beginning(session.title));
  const afterScroll = await heapOf(page);
  const open = await host.order('usage', { collect: true });
  await streamLong(page, bed.quick ? streamedTokens / 100 : streamedTokens);
  const afterStream = await heapOf(page);
  await browser.close();
  const hostClosed = await settledHeap(host);
  await host.stop();
  return {
    heap,
    renderer,
    afterScroll,
    afterStream,
    hostOpen: (open.rss - idle.rss) / megabyte,
    hostClosed: (hostClosed - idle.heap) / megabyte,
  };
}

async function heapOf(page: MeasuredPage): Promise<number> {
  await page.ask('nextFrames(120)');
  return (await page.heap()) / megabyte;
}

/** Bytes of the host's objects once it has noticed that its page is gone. */
async function settledHeap(host: HostClient): Promise<number> {
  await host.order('forget', {});
  return (await host.order('usage', { collect: true })).heap;
}

/** Answers of 3,000 tokens each, 250 tokens in a frame. */
async function streamLong(page: MeasuredPage, tokenCount: number): Promise<void> {
  const perAnswer = 3000;
  const perFrame = 250;
  const random = createRandom(23);
  await page.ask(`deliver(${JSON.stringify([emptyView])})`);
  for (let answer = 0; answer * perAnswer < tokenCount; answer += 1) {
    const tokens = splitTokens(writeAnswer(random, perAnswer * 5.5)).slice(0, perAnswer);
    const messageId = `msg_${String(answer).padStart(6, '0')}`;
    const partId = `prt_${messageId}`;
    const begin = toChanges([
      { kind: 'message', head: { id: messageId, role: 'assistant', created: answer, agent: 'build' } },
      { kind: 'part', messageId, part: { id: partId, type: 'text', text: '' } },
    ]);
    const middle = Array.from({ length: tokens.length / perFrame }, (_, frame) => {
      const text = tokens.slice(frame * perFrame, (frame + 1) * perFrame).join('');
      return toChanges([{ kind: 'append', messageId, partId, text }]);
    });
    const end = toChanges([{ kind: 'ended', messageId, partId }]);
    await page.ask(`deliver(${JSON.stringify([begin, ...middle, end])})`);
  }
}

const streamed = 'ses_streamed';

function toChanges(changes: readonly unknown[]): unknown {
  return { type: 'changes', sessionId: streamed, changes };
}

const emptyView = {
  type: 'show',
  view: {
    header: {
      sessionId: streamed,
      title: 'Streamed',
      directory: '/',
      archived: false,
      status: { type: 'busy' },
      to: [],
      cost: 0,
      costWithSubagents: 0,
      todos: [],
    },
    entries: [],
    hasOlder: false,
    permissions: [],
    questions: [],
    draft: { text: '' },
    queue: [],
  },
};
