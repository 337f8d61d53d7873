import { createRandom, splitTokens, writeAnswer } from '../answerText.ts';
import type { Bed, Variant } from '../bed.ts';
import type { SeededSession } from '../benchServer.ts';
import { beginning } from '../bigSessions.ts';
import { atMost, type Figure, median, ratios, type Target } from '../figure.ts';
import type { HostClient } from '../hostClient.ts';
import type { MeasuredPage } from '../measuredPage.ts';
import { largestRenderer, type ProcessSize } from '../processMemory.ts';
import { wheelUpTo } from '../wheel.ts';

const megabyte = 1e6;
/** Half an hour at 100 tokens a second. */
const streamedTokens = 180_000;
/** In how many rounds that is done. */
const longRounds = 3;
/** How many other sessions a person has looked at, in the same page, before it is measured once more. */
const visits = 8;

/** What a renderer process takes. */
interface RendererUse {
  /** On its first session. */
  readonly first: ProcessSize;
  /** On the same one after it has shown others. */
  readonly visited: ProcessSize;
}

interface LongUse {
  /** Megabytes of JavaScript objects: at first, after reading all messages, after a long stream. */
  readonly heap: number;
  readonly afterScroll: number;
  readonly afterStream: number;
  /** Megabytes that the host process grew by, while the session was open and after its page was closed. */
  readonly hostOpen: number;
  /** Of that, objects after a garbage collection: the rest depends on when the machine collects. */
  readonly hostObjects: number;
  readonly hostClosed: number;
}

/** What a long session costs the page and its host, at first, after use, and after the page was closed. */
export async function measureMemory(bed: Bed): Promise<Figure[]> {
  const { big, huge } = await bed.server;
  const web: RendererUse[] = [];
  const page: RendererUse[] = [];
  const used: LongUse[] = [];
  for (let round = 0; round < bed.rounds; round += 1) {
    web.push(await measureRenderer(bed, 'web', big));
    page.push(await measureRenderer(bed, 'product', big));
    // Takes long and hardly varies.
    if (round < longRounds) used.push(await measureLongUse(bed, huge));
  }
  const figure = (name: string, values: number[], limit: number): Figure => {
    return { part: 'memory', name, unit: 'MB', values, target: atMost(limit) };
  };
  const compare = (what: string, of: (use: RendererUse) => number, target?: Target): Figure => ({
    part: 'memory',
    name: `Renderer on ${big.messages} messages, ${what}: page / web UI`,
    unit: 'x',
    values: ratios(page.map(of), web.map(of)),
    ...(target && { target }),
    note: `${(median(page.map(of)) / megabyte).toFixed(0)} / ${(median(web.map(of)) / megabyte).toFixed(0)} MB`,
  });
  const third = atMost(1 / 3);
  return [
    compare('its first session', ({ first }) => first.own, third),
    compare(`after ${visits} other sessions`, ({ visited }) => visited.own, third),
    compare('its first session, with the browser’s program', ({ first }) => first.all),
    compare(`after ${visits} other sessions, with the browser’s program`, ({ visited }) => visited.all),
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
    figure(
      `Host objects with ${huge.messages} messages read through, more than idle`,
      used.map(({ hostObjects }) => hostObjects),
      15,
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

/** In a browser of its own, where no other page's process can be taken for it. Nothing asks it to collect its garbage. */
async function measureRenderer(bed: Bed, variant: Variant, session: SeededSession): Promise<RendererUse> {
  const server = await bed.server;
  const browser = await bed.startBrowser();
  const page = await bed.openPage(browser);
  const measure = async (): Promise<ProcessSize> => {
    await page.ask('nextFrames(120)');
    return largestRenderer(browser);
  };
  await page.goto(await bed.address(variant, session.id), await server.lastWords(session));
  const first = await measure();
  for (const next of [...server.medium.slice(0, visits), session]) {
    await turnTo(page, variant, await bed.address(variant, next.id), next.id);
    await page.inView(await server.lastWords(next));
    await measure();
  }
  const visited = await measure();
  await browser.close();
  return { first, visited };
}

/** Turns the page that is open to another session, as a click in its list of sessions does. */
async function turnTo(
  { page }: MeasuredPage,
  variant: Variant,
  address: string,
  sessionId: string,
): Promise<void> {
  const ask = { type: 'openSession', sessionId };
  await page.evaluate(
    variant === 'web'
      ? `document.body.appendChild(Object.assign(document.createElement('a'), { href: ${JSON.stringify(address)} })).click()`
      : `probe.tell(${JSON.stringify(ask)})`,
  );
}

async function measureLongUse(bed: Bed, session: SeededSession): Promise<LongUse> {
  const browser = await bed.startBrowser();
  const host = await bed.startHost('product');
  const idle = await host.order('usage', { collect: true });
  const page = await bed.openPage(browser);
  await page.goto(host.pageUrl(session.id), await (await bed.server).lastWords(session));
  const heap = await heapOf(page);
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
    afterScroll,
    afterStream,
    hostOpen: (open.rss - idle.rss) / megabyte,
    hostObjects: (open.heap - idle.heap) / megabyte,
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
