import type { Bed } from '../bed.ts';
import { ending } from '../bigSessions.ts';
import { atMost, type Figure } from '../figure.ts';
import type { EventCost } from '../hostOrders.ts';
import type { MeasuredPage } from '../measuredPage.ts';
import type { Told } from '../replay/replayServer.ts';

/** Tokens for each session, and how many come a second in all. */
const tokens = 400;
const tokensPerSecond = 400;

/** Ten sessions stream at once and two of them are looked at: what that costs the host's process. */
export async function measureHost(bed: Bed): Promise<Figure[]> {
  const shares: number[] = [];
  const costs: EventCost[] = [];
  const loads: Told[] = [];
  for (let round = 0; round < bed.rounds; round += 1) {
    const { share, load } = await measureShare(bed);
    shares.push(share);
    loads.push(load);
    const { medium } = await bed.server;
    const { answer } = await (await bed.replay).write(medium[0] ?? { id: '' }, { tokens });
    const host = await bed.host('product', 'replay');
    costs.push(await host.order('eventCost', { events: repeat(answer, 20_000), rounds: 7 }));
  }
  return [
    {
      part: 'host',
      name: `Ten sessions at ${tokensPerSecond} tokens/s in all, two in view: share of a core`,
      unit: '%',
      values: shares.map((share) => share * 100),
      target: atMost(25),
      note: loads.map(({ events, bytes }) => `${events} events, ${(bytes / 1000).toFixed(0)} kB`)[0] ?? '',
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

async function measureShare(bed: Bed): Promise<{ share: number; load: Told }> {
  const [{ medium }, replay] = await Promise.all([bed.server, bed.replay]);
  const host = await bed.host('product', 'replay');
  const pages: MeasuredPage[] = [];
  for (const session of medium.slice(0, 2)) {
    const page = await bed.openPage();
    await page.goto(await bed.address('product', session.id, 'replay'), ending(session.title));
    pages.push(page);
  }
  const plan = {
    tokens: bed.quick ? tokens / 8 : tokens,
    tokensPerSecond: tokensPerSecond / medium.length,
  };
  const tellings = await Promise.all(medium.map((session) => replay.prepare(session, plan)));
  const before = await host.order('usage', { collect: false });
  const shown = pages.map((page, index) => page.inView(tellings[index]?.words ?? ''));
  const loads = await Promise.all(tellings.map((tell) => tell()));
  await Promise.all(shown);
  const after = await host.order('usage', { collect: false });
  for (const page of pages) await page.close();
  await host.order('forget', {});
  // On a machine that is too slow for the rate the same work only takes longer.
  const time = (plan.tokens / plan.tokensPerSecond) * 1000;
  const sum = (of: (told: Told) => number): number => loads.reduce((all, told) => all + of(told), 0);
  return {
    share: (after.cpu - before.cpu) / time,
    load: { events: sum(({ events }) => events), bytes: sum(({ bytes }) => bytes) },
  };
}

/** As many of them, over and over: the first thousands are slow until the program is compiled. */
function repeat(events: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, index) => events[index % events.length] ?? '');
}
