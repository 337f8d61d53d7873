import type { MeasuredPage } from './measuredPage.ts';
import type { Move } from './probeProtocol.ts';

/** Pixels of one turn of the wheel: less than a view, so that what was in it can be followed. */
const turn = 500;
/** Turns at the upper end without a message more: there is none, or none that comes. */
const patience = 600;

export interface Journey {
  readonly turns: number;
  /** Pixels; the farthest that a message stood from where the wheel should have brought it. */
  readonly jump: number;
  /** Turns after which nothing but background was in view. */
  readonly blank: number;
  /** Turns that found the upper end although there were older messages. */
  readonly waits: number;
  /** The most nodes that the document had. */
  readonly nodes: number;
}

/** Turns the wheel upwards until these words are in view, raw or formatted; throws if they do not come. */
export async function wheelUpTo(page: MeasuredPage, words: string): Promise<Journey> {
  const { x, y } = await page.ask<{ x: number; y: number }>('place()');
  await page.page.mouse.move(x, y);
  let journey: Journey = { turns: 0, jump: 0, blank: 0, waits: 0, nodes: 0 };
  let stuck = 0;
  const hasArrived = (): Promise<boolean> => page.ask(`isAtBeginning(${JSON.stringify(words)})`);
  let arrived = await hasArrived();
  while (!arrived) {
    await page.ask('follow()');
    await page.page.mouse.wheel(0, -turn);
    const { jump, blank, atTop, nodes } = await page.ask<Move>(`moved(${turn})`);
    arrived = await hasArrived();
    const waits = atTop && !arrived;
    stuck = waits ? stuck + 1 : 0;
    if (stuck > patience) throw new Error(`"${words}" did not come into view after ${journey.turns} turns.`);
    journey = {
      turns: journey.turns + 1,
      jump: Math.max(journey.jump, jump),
      blank: journey.blank + Number(blank),
      waits: journey.waits + Number(waits),
      nodes: Math.max(journey.nodes, nodes),
    };
  }
  return journey;
}
