import type { Bed, Variant } from '../bed.ts';
import type { SeededSession } from '../benchServer.ts';
import { beginning } from '../bigSessions.ts';
import { atMost, type Figure, median, ratios } from '../figure.ts';
import type { MeasuredPage } from '../measuredPage.ts';
import { type Journey, wheelUpTo } from '../wheel.ts';

interface Scroll {
  readonly busy: number;
  readonly journey: Journey;
}

/** Turns the wheel from the last message to the first one, then jumps about. */
export async function measureScroll(bed: Bed): Promise<Figure[]> {
  const { big, huge } = await bed.server;
  const web: Scroll[] = [];
  const page = new Map<SeededSession, Scroll[]>([
    [big, []],
    [huge, []],
  ]);
  const near: number[] = [];
  const far: number[] = [];
  for (let round = 0; round < bed.rounds; round += 1) {
    web.push(await scroll(bed, 'web', big));
    page.get(big)?.push(await scroll(bed, 'product', big));
    // When the wheel has arrived at the first message, all are loaded.
    const jumpAbout = async (open: MeasuredPage) => void near.push(await slowestJump(open, huge));
    page.get(huge)?.push(await scroll(bed, 'product', huge, jumpAbout));
    far.push(await jumpToUnloaded(bed, huge));
  }
  const ofBig = page.get(big) ?? [];
  return [
    {
      part: 'scroll',
      name: `End to first of ${big.messages}: busy, page / web UI`,
      unit: 'x',
      values: ratios(
        ofBig.map(({ busy }) => busy),
        web.map(({ busy }) => busy),
      ),
      target: atMost(0.2),
      note: `${median(ofBig.map(({ busy }) => busy)).toFixed(0)} / ${median(web.map(({ busy }) => busy)).toFixed(0)} ms`,
    },
    ...[...page].flatMap(([session, scrolls]) => toFigures(session, scrolls)),
    {
      part: 'scroll',
      name: 'Jump to a message that is loaded, slowest of ten',
      unit: 'ms',
      values: near,
      target: atMost(100),
    },
    {
      part: 'scroll',
      name: `Jump from the end to the first of ${huge.messages}, not loaded`,
      unit: 'ms',
      values: far,
      target: atMost(100),
    },
  ];
}

function toFigures({ messages }: SeededSession, scrolls: readonly Scroll[]): Figure[] {
  const of = (what: string, unit: string, value: (journey: Journey) => number, limit: number): Figure => ({
    part: 'scroll',
    name: `End to first of ${messages}: ${what}`,
    unit,
    values: scrolls.map(({ journey }) => value(journey)),
    target: atMost(limit),
  });
  return [
    of('blank frames', '', ({ blank }) => blank, 0),
    of('farthest jump', 'px', ({ jump }) => jump, 1),
    of('turns that waited for older messages', '', ({ waits }) => waits, 0),
    of('nodes in the document', '', ({ nodes }) => nodes, 1500),
  ];
}

async function scroll(
  bed: Bed,
  variant: Variant,
  session: SeededSession,
  after?: (page: MeasuredPage) => Promise<void>,
): Promise<Scroll> {
  const page = await openAtEnd(bed, variant, session);
  const { busy, result } = await page.record(() => wheelUpTo(page, beginning(session.title)));
  await after?.(page);
  await page.close();
  return { busy: busy.task, journey: result };
}

async function openAtEnd(bed: Bed, variant: Variant, session: SeededSession): Promise<MeasuredPage> {
  const page = await bed.openPage();
  if (variant !== 'web') await (await bed.host(variant)).order('forget', {});
  await page.goto(await bed.address(variant, session.id), await (await bed.server).lastWords(session));
  return page;
}

/** Milliseconds of the slowest of ten jumps, to messages that stand far apart. */
async function slowestJump(page: MeasuredPage, { id, messageIds }: SeededSession): Promise<number> {
  const times: number[] = [];
  for (let index = 1; index <= 10; index += 1) {
    const target = Math.floor(messageIds.length * ((index * 0.37) % 1));
    times.push(await jump(page, id, messageIds[target] ?? ''));
    // What the page does after a jump shall not slow the next one.
    await page.ask('nextFrames(20)');
  }
  return Math.max(...times);
}

async function jumpToUnloaded(bed: Bed, session: SeededSession): Promise<number> {
  const page = await openAtEnd(bed, 'product', session);
  await page.ask('nextFrames(30)');
  const time = await jump(page, session.id, session.messageIds[0] ?? '');
  await page.close();
  return time;
}

/** Milliseconds from asking the host for a message, as the outline and a search do, to having it in view. */
async function jump(page: MeasuredPage, sessionId: string, messageId: string): Promise<number> {
  const start = performance.timeOrigin + performance.now();
  const shown = page.ask<number>(`messageInView(${JSON.stringify(messageId)})`);
  await page.ask(`tell(${JSON.stringify({ type: 'loadUntil', sessionId, messageId })})`);
  return (await shown) - start;
}
