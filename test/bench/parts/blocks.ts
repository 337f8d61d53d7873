import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createRandom,
  splitTokens,
  tableHead,
  tableRow,
  writeAnswer,
  writeCode,
  writeSentence,
} from '../answerText.ts';
import type { Bed } from '../bed.ts';
import { ending } from '../bigSessions.ts';
import { atMost, type Figure, median, ratios } from '../figure.ts';
import type { MeasuredPage } from '../measuredPage.ts';

/** How many tokens are appended to a text, one in each frame. */
const tokenCount = 240;
const kilobytes = (count: number): number => count * 1000;

interface Growing {
  readonly name: string;
  /** What stands there before it grows. */
  readonly start: string;
  readonly tokens: readonly string[];
}

/** Appends to texts that are long already, token by token and frame by frame, and measures what one token costs. */
export async function measureBlocks(bed: Bed): Promise<Figure[]> {
  const random = createRandom(11);
  const repeat = (length: number, make: (index: number) => string): string => {
    let text = '';
    for (let index = 0; text.length < length; index += 1) text += make(index);
    return text;
  };
  const grow = (name: string, start: string, more: string): Growing => {
    return { name, start, tokens: splitTokens(more).slice(0, tokenCount) };
  };
  const answer = writeAnswer(random, kilobytes(110));
  const item = (): string => `- ${writeSentence(random, 9)}\n`;
  const inner = (): string => `   ${item()}`;
  const block = (): string => `  ${writeSentence(random, 14)}\n\n`;
  const row = (index: number): string => `${tableRow(random, index)}\n`;
  const sentence = (): string => `${writeSentence(random, 14)} `;
  const code = (): string => writeCode(random).code;
  const [short, long, ...blocks] = [
    grow('answer of 20 kB', answer.slice(0, kilobytes(20)), answer.slice(kilobytes(20))),
    grow('answer of 100 kB', answer.slice(0, kilobytes(98)), answer.slice(kilobytes(98))),
    grow('one list of 20 kB', repeat(kilobytes(20), item), repeat(kilobytes(3), item)),
    grow(
      'one nested list of 20 kB',
      `1. ${writeSentence(random, 5)}\n${repeat(kilobytes(20), inner)}`,
      repeat(kilobytes(3), inner),
    ),
    grow(
      'one list item of 20 kB',
      `- ${writeSentence(random, 5)}\n\n${repeat(kilobytes(20), block)}`,
      repeat(kilobytes(3), block),
    ),
    grow('one table of 20 kB', `${tableHead}\n${repeat(kilobytes(20), row)}`, repeat(kilobytes(3), row)),
    grow('one paragraph of 20 kB', repeat(kilobytes(20), sentence), repeat(kilobytes(3), sentence)),
    grow('one code fence of 20 kB', `\`\`\`ts\n${repeat(kilobytes(20), code)}`, repeat(kilobytes(3), code)),
  ] as const;
  const costs = new Map<Growing | 'whole' | 'stream', number[]>();
  for (let round = 0; round < bed.rounds; round += 1) {
    for (const growing of [short, long, ...blocks]) push(costs, growing, await measureGrowth(bed, growing));
    const { whole, streamed } = await measureRenders(bed, short);
    push(costs, 'whole', whole);
    push(costs, 'stream', streamed);
  }
  const of = (growing: Growing | 'whole' | 'stream'): number[] => costs.get(growing) ?? [];
  return [
    ...[short, ...blocks].map((growing): Figure => ({
      part: 'blocks',
      name: `One token to ${growing.name}`,
      unit: 'ms',
      values: of(growing),
      target: atMost(1),
    })),
    {
      part: 'blocks',
      name: 'One token to an answer of 100 kB / of 20 kB',
      unit: 'x',
      values: ratios(of(long), of(short)),
      target: atMost(2),
      note: `${median(of(long)).toFixed(2)} / ${median(of(short)).toFixed(2)} ms`,
    },
    {
      part: 'blocks',
      name: 'One token to a stream of Markdown of 20 kB / rendering it whole',
      unit: 'x',
      values: ratios(of('stream'), of('whole')),
      target: atMost(1 / 40),
      note: `${median(of('stream')).toFixed(2)} / ${median(of('whole')).toFixed(2)} ms`,
    },
  ];
}

function push<Key>(costs: Map<Key, number[]>, key: Key, cost: number): void {
  costs.set(key, [...(costs.get(key) ?? []), cost]);
}

/** Milliseconds of script, style and layout for each token, without what empty frames cost. */
async function measureGrowth(bed: Bed, { start, tokens }: Growing): Promise<number> {
  const { small } = await bed.server;
  const page = await bed.openPage();
  await page.goto(await bed.address('product', small.id), ending(small.title));
  await page.ask(`deliver(${JSON.stringify([toShow(start)])})`);
  await page.ask('nextFrames(60)');
  const empty = await costOf(page, `probe.nextFrames(${tokens.length})`);
  const changes = tokens.map((text) => ({
    type: 'changes',
    sessionId,
    changes: [{ kind: 'append', messageId: answerId, partId, text }],
  }));
  const full = await costOf(page, `probe.deliver(${JSON.stringify(changes)})`);
  await page.close();
  return (full - empty) / tokens.length;
}

async function costOf(page: MeasuredPage, call: string): Promise<number> {
  const before = await page.busy();
  await page.page.evaluate(call);
  const after = await page.busy();
  return after.script - before.script + after.layout - before.layout;
}

/** Milliseconds for each token, in a page with nothing else: of a text rendered whole each time, and of a stream. */
async function measureRenders(
  bed: Bed,
  { start, tokens }: Growing,
): Promise<{ whole: number; streamed: number }> {
  const { pages } = await bed.extension;
  const page = await bed.openPage();
  await page.page.evaluate(await readFile(join(pages, 'wholeRender.js'), 'utf8'));
  const [from, by] = [JSON.stringify(start), JSON.stringify(tokens)];
  const whole = await costOf(page, `renderWhole(${from}, ${by})`);
  await page.page.evaluate(`startStream(${from})`);
  const streamed = await costOf(page, `renderTokens(${by})`);
  await page.close();
  return { whole: whole / tokens.length, streamed: streamed / tokens.length };
}

const sessionId = 'ses_growing';
const answerId = 'msg_2';
const partId = 'prt_2';

/** A session with one prompt and an answer on its way. */
function toShow(text: string): unknown {
  const head = { agent: 'build', model: { providerID: 'local', modelID: 'steady' } };
  return {
    type: 'show',
    view: {
      header: {
        sessionId,
        title: 'Growing',
        directory: '/',
        archived: false,
        status: { type: 'busy' },
        to: [],
        cost: 0,
        costWithSubagents: 0,
        todos: [],
      },
      entries: [
        {
          ...head,
          id: 'msg_1',
          role: 'user',
          created: 1,
          parts: [{ id: 'prt_1', type: 'text', text: 'Write.' }],
        },
        { ...head, id: answerId, role: 'assistant', created: 2, parts: [{ id: partId, type: 'text', text }] },
      ],
      hasOlder: false,
      permissions: [],
      questions: [],
      draft: { text: '' },
      queue: [],
    },
  };
}
