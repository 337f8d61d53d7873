import type { Bed, Variant } from '../bed.ts';
import type { StreamPlan } from '../benchServer.ts';
import { ending } from '../bigSessions.ts';
import { atLeast, atMost, type Figure, median, ratios, type Target } from '../figure.ts';
import type { FrameRecord, MeasuredPage } from '../measuredPage.ts';
import type { Load } from '../replay/replay.ts';

interface Stream {
  readonly name: string;
  readonly plan: StreamPlan;
  /** How many times busier the web UI must be at least. */
  readonly lead: number;
  /** How many times busier than the floor the page may be. */
  readonly overFloor: number;
  /** It is short: what counts is the middle one of so many. */
  readonly tries?: number;
  /** How many times more bytes the events must have than what the page is told, at least. */
  readonly folding?: number;
}

const streams: readonly Stream[] = [
  {
    name: '100 tokens/s',
    plan: { tokens: 800, tokensPerSecond: 100 },
    lead: 3.5,
    overFloor: 1.3,
    folding: 4,
  },
  { name: '400 tokens/s', plan: { tokens: 3200, tokensPerSecond: 400 }, lead: 3.5, overFloor: 1.3 },
  { name: 'burst of 2,000 tokens', plan: { tokens: 2000 }, tries: 7, lead: 5, overFloor: 1.1, folding: 40 },
];

/** The page and its floor right after one another: what else the machine does is most alike for them. */
const variants: readonly Variant[] = ['floor', 'product', 'web'];

interface Run {
  /** Milliseconds of the main thread, without what the page costs when nothing happens. */
  readonly busy: number;
  /** Milliseconds from the first event to the last token in view. */
  readonly time: number;
  readonly frames: FrameRecord;
  /** Bytes of events for each byte that the page was told; NaN for the web UI, which reads the events itself. */
  readonly folding: number;
  readonly load: Load;
}

/** Streams answers into a long session that is open, one page at a time, and measures the page's main thread. */
export async function measureStream(bed: Bed): Promise<Figure[]> {
  const runs = new Map<string, Run[]>();
  for (let round = 0; round < bed.rounds; round += 1) {
    for (const variant of variants) {
      for (const [name, run] of await streamInto(bed, variant)) {
        const key = `${name} ${variant}`;
        runs.set(key, [...(runs.get(key) ?? []), run]);
      }
    }
  }
  return streams.flatMap((stream) => {
    return toFigures(stream, (variant) => runs.get(`${stream.name} ${variant}`) ?? []);
  });
}

/** Every page opens the same session and is told the same events: what is replayed is not on the server afterwards. */
async function streamInto(bed: Bed, variant: Variant): Promise<[string, Run][]> {
  const { big } = await bed.server;
  const page = await bed.openPage();
  if (variant !== 'web') await (await bed.host(variant, 'replay')).order('forget', {});
  await page.goto(await bed.address(variant, big.id, 'replay'), ending(big.title));
  const idle = await measureIdle(page);
  const results: [string, Run][] = [];
  for (const { name, plan, tries = 1 } of streams) {
    const runs: Run[] = [];
    for (let time = 0; time < (bed.quick ? 1 : tries); time += 1) {
      runs.push(await streamOnce(bed, { variant, page, plan, idle }));
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
}

async function streamOnce(bed: Bed, { variant, page, plan, idle }: StreamOnce): Promise<Run> {
  const [{ big }, replay] = await Promise.all([bed.server, bed.replay]);
  const host = variant === 'web' ? undefined : await bed.host(variant, 'replay');
  const traffic = async () => (await host?.order('usage', { collect: false }))?.traffic.bytes ?? Number.NaN;
  const tell = await replay.prepare(big, { ...plan, tokens: bed.quick ? plan.tokens / 8 : plan.tokens });
  const bytesBefore = await traffic();
  const { busy, time, frames, result } = await page.record(async () => {
    const shown = page.inView(tell.words);
    const load = await tell();
    await shown;
    return load;
  });
  return {
    busy: busy.task - idle * time,
    time,
    frames,
    folding: result.bytes / ((await traffic()) - bytesBefore),
    load: result,
  };
}

async function measureIdle(page: MeasuredPage): Promise<number> {
  // What the page still does after it was opened is over by then.
  await page.ask('nextFrames(120)');
  const { busy, time } = await page.record(() => page.ask('nextFrames(120)'));
  return busy.task / time;
}

function toFigures(
  { name, lead, overFloor, folding, plan }: Stream,
  of: (variant: Variant) => Run[],
): Figure[] {
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
      .toReversed()
      .map((variant) => median(of(variant).map(({ frames }) => count(frames))).toFixed(0))
      .join(' / ');
  };
  // In the order in which ratios name them.
  const costs = variants
    .toReversed()
    .map((variant) => median(busy(variant)).toFixed(0))
    .join(' / ');
  const times = (variant: Variant) => of(variant).map((run) => run.time);
  return [
    figure(
      'busy, page / floor',
      'x',
      ratios(busy('product'), busy('floor')),
      atMost(overFloor),
      describeLoad(of('product')[0]?.load),
    ),
    figure('busy, web UI / page', 'x', ratios(busy('web'), busy('product')), atLeast(lead), `${costs} ms`),
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
            'first event to last token in view, page / web UI',
            'x',
            ratios(times('product'), times('web')),
            atMost(1.05),
          ),
        ]
      : []),
  ];
}

function describeLoad({ events, bytes, writes }: Load = { events: 0, bytes: 0, writes: 0 }): string {
  return `${events} events, ${(bytes / 1000).toFixed(0)} kB, in ${writes} pieces`;
}
