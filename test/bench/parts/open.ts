import { setTimeout as delay } from 'node:timers/promises';
import type { Bed, Variant } from '../bed.ts';
import type { SeededSession } from '../benchServer.ts';
import { ending } from '../bigSessions.ts';
import { atLeast, atMost, type Figure, median, ratios } from '../figure.ts';
import type { MeasuredPage } from '../measuredPage.ts';

/** Milliseconds in which browser and server come to rest after a page was opened. */
const rest = 1000;
const variants: readonly Variant[] = ['web', 'product', 'floor'];
/** Each round's figure is the middle one of so many: a machine that is shared pauses in some of them. */
const tries = 5;

const keyOf = (variant: Variant, title: string): string => `${variant} ${title}`;

/** Opens sessions of three lengths by their address until the last message stands there formatted. */
export async function measureOpen(bed: Bed): Promise<Figure[]> {
  const { small, big, huge } = await bed.server;
  const sessions = [small, big, huge];
  const times = new Map<string, number[]>();
  for (let round = 0; round < bed.rounds; round += 1) {
    for (const [key, samples] of await openAll(bed, [small, big, huge])) {
      times.set(key, [...(times.get(key) ?? []), median(samples)]);
    }
  }
  const of = (variant: Variant, title: string): number[] => times.get(keyOf(variant, title)) ?? [];
  return [
    ...sessions.flatMap(({ title, messages }): Figure[] => [
      {
        part: 'open',
        name: `Open ${messages} messages: page / floor`,
        unit: 'x',
        values: ratios(of('product', title), of('floor', title)),
        target: atMost(1.3),
        note: `${ms(of('product', title))} / ${ms(of('floor', title))}`,
      },
      {
        part: 'open',
        name: `Open ${messages} messages, last one formatted: web UI / page`,
        unit: 'x',
        values: ratios(of('web', title), of('product', title)),
        target: atLeast(10),
        note: `${ms(of('web', title))} / ${ms(of('product', title))}`,
      },
    ]),
    {
      part: 'open',
      name: `Open ${huge.messages} messages / ${small.messages} messages`,
      unit: 'x',
      values: ratios(of('product', huge.title), of('product', small.title)),
      target: atMost(1.3),
    },
  ];
}

/** Milliseconds of each try, by variant and session; the variants take turns, so that a slow minute is slow for all. */
async function openAll(bed: Bed, sessions: readonly SeededSession[]): Promise<Map<string, number[]>> {
  const pages = new Map<Variant, MeasuredPage>();
  for (const variant of variants) {
    const page = await bed.openPage();
    // The scripts and their compiled form come from the browser's cache, as they do for everybody but at first.
    for (const session of sessions) await openOnce(bed, variant, page, session);
    pages.set(variant, page);
  }
  const times = new Map<string, number[]>();
  for (let round = 0; round < (bed.quick ? 1 : tries); round += 1) {
    for (const [variant, page] of pages) {
      await page.page.bringToFront();
      for (const session of sessions) {
        const key = keyOf(variant, session.title);
        times.set(key, [...(times.get(key) ?? []), await openOnce(bed, variant, page, session)]);
      }
    }
  }
  for (const page of pages.values()) await page.close();
  return times;
}

async function openOnce(
  bed: Bed,
  variant: Variant,
  page: MeasuredPage,
  session: SeededSession,
): Promise<number> {
  if (variant !== 'web') await (await bed.host(variant)).order('forget', {});
  // What is measured is the page, not the start of the benchmark's own worker beside it.
  const address = `${await bed.address(variant, session.id)}${variant === 'web' ? '' : '&alone'}`;
  const time = await page.goto(address, ending(session.title));
  await delay(rest);
  // A page that still stood there would have its session loaded again while the next one is measured.
  await page.page.goto('about:blank');
  await delay(rest);
  return time;
}

function ms(values: readonly number[]): string {
  return `${median(values).toFixed(0)} ms`;
}
