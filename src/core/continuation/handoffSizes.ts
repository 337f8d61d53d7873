import type { FieldKind } from './digest/fieldWords.ts';

/** How much is said of each thing: counts, and tokens where it is a length. */
export interface HandoffSizes {
  /** Turns that have a line, of those that did something and of those that only asked. */
  readonly turns: number;
  readonly asides: number;
  readonly request: number;
  readonly main: number;
  /** Of another turn that did something. */
  readonly other: number;
  /** Of a turn that only asked something. */
  readonly aside: number;
  /** Items of each field. */
  readonly items: Readonly<Record<FieldKind, number>>;
  readonly item: number;
  readonly files: number;
  /** Whether the lines that changed are counted for each file. */
  readonly counts: boolean;
}

/** Tokens of the short form, as far as the words of the person and the todos leave room for it. */
export const shortLimit = 200;

/** What the short form says in any case. */
export const leastSizes: HandoffSizes = {
  turns: 1,
  asides: 0,
  request: 12,
  main: 26,
  other: 0,
  aside: 0,
  item: 26,
  files: 1,
  counts: false,
  items: { decided: 0, failed: 0, next: 0, careful: 0, open: 0 },
};

/** What the short form says beyond the least, what matters most first: each of it where there is still room for it. */
export const shortSteps: readonly ((sizes: HandoffSizes) => Partial<HandoffSizes>)[] = [
  withItems('next', 1),
  withItems('failed', 1),
  withItems('careful', 1),
  withItems('decided', 1),
  withItems('open', 1),
  () => ({ files: 3 }),
  () => ({ turns: 2 }),
  () => ({ main: 45 }),
  () => ({ turns: 3 }),
  withItems('next', 2),
  withItems('decided', 2),
  () => ({ turns: 4 }),
  () => ({ main: 65 }),
  () => ({ turns: 6 }),
  () => ({ asides: 1 }),
  () => ({ other: 18 }),
  withItems('open', 2),
  withItems('failed', 2),
  withItems('careful', 2),
  () => ({ item: 45 }),
  () => ({ files: 5 }),
  () => ({ request: 24 }),
  withItems('next', 4),
  withItems('decided', 4),
  withItems('open', 4),
  withItems('failed', 4),
  withItems('careful', 4),
  () => ({ main: 100 }),
  () => ({ files: 8 }),
  () => ({ other: 30 }),
  () => ({ counts: true }),
  () => ({ turns: 10, asides: 4 }),
  () => ({ files: 20 }),
  () => ({ main: 140 }),
];

function withItems(kind: FieldKind, count: number): (sizes: HandoffSizes) => Partial<HandoffSizes> {
  return ({ items }) => ({ items: { ...items, [kind]: count } });
}

export const longSizes: HandoffSizes = {
  turns: 20,
  asides: 10,
  request: 40,
  main: 80,
  other: 36,
  aside: 24,
  item: 60,
  files: 20,
  counts: true,
  items: { decided: 12, failed: 12, next: 12, careful: 12, open: 12 },
};
