import type { Bed, Variant } from '../bed.ts';
import type { StreamPlan } from '../benchServer.ts';
import { EventTap } from '../eventTap.ts';
import { atLeast, atMost, type Figure, median, ratios, type Target } from '../figure.ts';
import type { FrameRecord, MeasuredPage } from '../measuredPage.ts';

interface Load {
  readonly name: string;
  readonly plan: StreamPlan;
  /** How many times busier the web UI must be at least. */
  readonly lead: number;
  /** It is short: what counts is the middle one of so many. */
  readonly tries?: number;
  /** How many times more bytes the events must have than what the page is told, at least. */
  readonly folding?: number;
}

const loads: readonly Load[] = [
  { name: '100 tokens/s', plan: { tokens: 800, tokensPerSecond: 100 }, lead: 3.5, folding: 4 },
  { name: '400 tokens/s', plan: { tokens: 3200, tokensPerSecond: 400 }, lead: 3.5 },
  { name: 'burst of 2,000 tokens', plan: { tokens: 2000 }, tries: 5, lead: 5, folding: 40 },
];

const variants: readonly Variant[] = ['web', 'product', 'floor'];

interface Run {
  /** Milliseconds of the main thread, without what the page costs when nothing happens. */
  readonly busy: number;
  /** Milliseconds from the prompt to the last token in view. */
  readonly time: number;
  readonly frames: FrameRecord;
  /** Bytes of events for each byte that the page was told; NaN for the web UI, which reads the events itself. */
  readonly folding: number;
}

/** Streams answers into a long session that is open, one page at a time, and measures the page's main thread. */
export async function measureStream(bed: Bed): Promise<Figure[]> {
  const runs = new Map<string, Run[]>();
  const tap = new EventTap((await bed.server).url);
  for (let round = 0; round < bed.rounds; round += 1) {
    for (const variant of variants) {
      for (const [name, run] of await streamInto(bed, variant, tap)) {
        const key = `${name} ${variant}`;
        runs.set(key, [...(runs.get(key) ?? []), run]);
      }
    }
  }
  tap.close();
  return loads.flatMap((load) => {
    return toFigures(load, (variant) => runs.get(`${load.name} ${variant}`) ?? []);
  });
}

async function streamInto(bed: Bed, variant: Variant, tap: EventTap): Promise<[string, Run][]> {
  const server = await bed.server;
  const page = await bed.openPage();
  await page.goto(await bed.address(variant, server.big.id), await server.lastWords(server.big));
  const idle = await measureIdle(page);
  const results: [string, Run][] = [];
  for (const { name, plan, tries = 1 } of loads) {
    const runs: Run[] = [];
    for (let time = 0; time < (bed.quick ? 1 : tries); time += 1) {
      runs.push(await streamOnce(bed, { variant, page, plan, idle, tap }));
      // What an answer leaves to do is over before the next one.
      await page.ask('nextFrames(60)');
    }
    results.push([name, middle(runs)]);
  }
  await page.close();
  return results;
}

/** The run with the middle cost. */
function middle(runs: readonly Run[]): Run {
  const run = runs.toSorted((a, b) => a.busy - b.busy)[runs.length >> 1];
  if (run === undefined) throw new Error('Nothing was measured.');
  return run;
}

interface StreamOnce {
  readonly variant: Variant;
  readonly page: MeasuredPage;
  readonly plan: StreamPlan;
  /** Milliseconds of the main thread in each millisecond in which nothing happens. */
  readonly idle: number;
  readonly tap: EventTap;
}

async function streamOnce(bed: Bed, { variant, page, plan, idle, tap }: StreamOnce): Promise<Run> {
  const server = await bed.server;
  const host = variant === 'web' ? undefined : await bed.host(variant);
  const traffic = async () => (await host?.order('usage', { collect: false }))?.traffic.bytes ?? Number.NaN;
  const [bytesBefore, eventsBefore] = [await traffic(), tap.bytes];
  const { busy, time, frames } = await page.record(async () => {
    const tokens = bed.quick ? plan.tokens / 8 : plan.tokens;
    const words = await server.prompt(server.big.id, { ...plan, tokens });
    await page.inView(words);
  });
  return {
    busy: busy.task - idle * time,
    time,
    frames,
    folding: (tap.bytes - eventsBefore) / ((await traffic()) - bytesBefore),
  };
}

async function measureIdle(page: MeasuredPage): Promise<number> {
  // What the page still does after it was opened is over by then.
  await page.ask('nextFrames(120)');
  const { busy, time } = await page.record(() => page.ask('nextFrames(120)'));
  return busy.task / time;
}

function toFigures({ name, lead, folding, plan }: Load, of: (variant: Variant) => Run[]): Figure[] {
  const busy = (variant: Variant) => of(variant).map((run) => run.busy);
  const figure = (what: string, unit: string, values: number[], target?: Target, note?: string): Figure => {
    const optional = { ...(target && { target }), ...(note !== undefined && { note }) };
    return { part: 'stream', name: `${name}: ${what}`, unit, values, ...optional };
  };
  const beyond = (count: (frames: FrameRecord) => number): number[] => {
    return of('product').map(
      (run, round) => count(run.frames) - count(of('floor')[round]?.frames ?? run.frames),
    );
  };
  const counts = (count: (frames: FrameRecord) => number): string => {
    return variants
      .map((variant) => median(of(variant).map(({ frames }) => count(frames))).toFixed(0))
      .join(' / ');
  };
  const costs = variants.map((variant) => median(busy(variant)).toFixed(0)).join(' / ');
  const times = (variant: Variant) => of(variant).map((run) => run.time);
  return [
    figure('busy, web UI / page', 'x', ratios(busy('web'), busy('product')), atLeast(lead), `${costs} ms`),
    figure('busy, page / floor', 'x', ratios(busy('product'), busy('floor')), atMost(1.3)),
    figure(
      'long tasks beyond the floor',
      'ms',
      beyond(({ longTasks }) => longTasks),
      atMost(0),
      `${counts(({ longTasks }) => longTasks)} ms`,
    ),
    figure(
      'dropped frames beyond the floor',
      '',
      beyond(({ dropped }) => dropped),
      atMost(0),
      counts(({ dropped }) => dropped),
    ),
    ...(folding === undefined
      ? []
      : [
          figure(
            'bytes of events / to the page',
            'x',
            of('product').map((run) => run.folding),
            atLeast(folding),
          ),
        ]),
    ...(plan.tokensPerSecond === undefined
      ? [
          figure(
            'prompt to last token, page / web UI',
            'x',
            ratios(times('product'), times('web')),
            atMost(1.05),
          ),
        ]
      : []),
  ];
}
