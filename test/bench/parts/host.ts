import type { Bed } from '../bed.ts';
import { ending } from '../bigSessions.ts';
import { EventTap } from '../eventTap.ts';
import { atMost, type Figure } from '../figure.ts';
import type { EventCost } from '../hostOrders.ts';
import type { MeasuredPage } from '../measuredPage.ts';

/** Tokens for each session, and how many come a second in all. */
const tokens = 400;
const tokensPerSecond = 400;

/** Ten sessions stream at once and two of them are looked at: what that costs the host's process. */
export async function measureHost(bed: Bed): Promise<Figure[]> {
  const shares: number[] = [];
  const costs: EventCost[] = [];
  for (let round = 0; round < bed.rounds; round += 1) {
    const tap = new EventTap((await bed.server).url);
    tap.record();
    shares.push(await measureShare(bed));
    const deltas = tap.recorded().filter((data) => data.includes('"message.part.delta"'));
    tap.close();
    const host = await bed.host('product');
    costs.push(await host.order('eventCost', { events: repeat(deltas, 20_000), rounds: 7 }));
  }
  return [
    {
      part: 'host',
      name: `Ten sessions at ${tokensPerSecond} tokens/s in all, two in view: share of a core`,
      unit: '%',
      values: shares.map((share) => share * 100),
      target: atMost(25),
    },
    {
      part: 'host',
      name: 'An event read and told to the stores / JSON.parse of it',
      unit: 'x',
      values: costs.map(({ handle, parse }) => handle / parse),
      target: atMost(2.5),
      note: costs.map(({ handle, parse }) => `${handle.toFixed(2)} / ${parse.toFixed(2)} µs`)[0] ?? '',
    },
  ];
}

async function measureShare(bed: Bed): Promise<number> {
  const server = await bed.server;
  const host = await bed.host('product');
  const looked = server.medium.slice(0, 2);
  const pages: MeasuredPage[] = [];
  for (const session of looked) {
    const page = await bed.openPage();
    await page.goto(await bed.address('product', session.id), await server.lastWords(session));
    pages.push(page);
  }
  const before = await host.order('usage', { collect: false });
  const plan = {
    tokens: bed.quick ? tokens / 8 : tokens,
    tokensPerSecond: tokensPerSecond / server.medium.length,
  };
  const words = await Promise.all(server.medium.map(({ id }) => server.prompt(id, plan)));
  await Promise.all(pages.map((page, index) => page.inView(words[index] ?? ending(''))));
  const after = await host.order('usage', { collect: false });
  for (const page of pages) await page.close();
  // On a machine that is too slow for the rate the same work only takes longer.
  const time = (plan.tokens / plan.tokensPerSecond) * 1000;
  return (after.cpu - before.cpu) / time;
}

/** As many of them, over and over: the first thousands are slow until the program is compiled. */
function repeat(events: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, index) => events[index % events.length] ?? '');
}
