import { setTimeout as delay } from 'node:timers/promises';
import type { Bed, Variant } from '../bed.ts';
import { ending } from '../bigSessions.ts';
import { atLeast, atMost, type Figure, median, ratios } from '../figure.ts';

/** Milliseconds in which browser and server come to rest after a page was opened. */
const rest = 1000;
const variants: readonly Variant[] = ['web', 'product', 'floor'];

/** Opens sessions of three lengths by their address until the last message stands there formatted. */
export async function measureOpen(bed: Bed): Promise<Figure[]> {
  const { small, big, huge } = await bed.server;
  const sessions = [small, big, huge];
  const times = new Map<string, number[]>();
  const series = (variant: Variant, title: string): number[] => {
    const key = `${variant} ${title}`;
    const known = times.get(key) ?? [];
    times.set(key, known);
    return known;
  };
  // What is measured is the page, not the start of the benchmark's own worker beside it.
  const address = async (variant: Variant, sessionId: string): Promise<string> =>
    `${await bed.address(variant, sessionId)}${variant === 'web' ? '' : '&alone'}`;
  for (let round = 0; round < bed.rounds; round += 1) {
    for (const variant of variants) {
      const page = await bed.openPage();
      // The scripts and their compiled form come from the browser's cache, as they do for everybody but at first.
      for (let time = 0; time < 2; time += 1) {
        await page.goto(await address(variant, small.id), ending(small.title));
        await delay(rest);
      }
      for (const { id, title } of sessions) {
        // A page that still stood there would have its session loaded again while the next one is measured.
        await page.page.goto('about:blank');
        await delay(rest);
        if (variant !== 'web') await (await bed.host(variant)).order('forget', {});
        series(variant, title).push(await page.goto(await address(variant, id), ending(title)));
      }
      await page.close();
    }
  }
  const of = (variant: Variant, title: string): number[] => series(variant, title);
  return [
    ...sessions.flatMap(({ title, messages }): Figure[] => [
      {
        part: 'open',
        name: `Open ${messages} messages, last one formatted: web UI / page`,
        unit: 'x',
        values: ratios(of('web', title), of('product', title)),
        target: atLeast(10),
        note: `${ms(of('web', title))} / ${ms(of('product', title))}`,
      },
      {
        part: 'open',
        name: `Open ${messages} messages: page / floor`,
        unit: 'x',
        values: ratios(of('product', title), of('floor', title)),
        note: `${ms(of('product', title))} / ${ms(of('floor', title))}`,
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

function ms(values: readonly number[]): string {
  return `${median(values).toFixed(0)} ms`;
}
