import { isSameTexts, type Unit } from './sessionDocument.ts';

/** A stretch that is otherwise: from one index up to another, in what is shown and in what is wanted. */
interface Region {
  readonly shown: readonly [start: number, end: number];
  readonly wanted: readonly [start: number, end: number];
}

/**
 * The next document to show after `shown` on the way to `wanted`. The editor replaces all between the first and the last
 * line that differ, and would move a reader who is in the middle of that. So what changed in several places comes one
 * place after the other, the last one first. Undefined: nothing is otherwise.
 */
export function nextStage(shown: readonly Unit[], wanted: readonly Unit[]): readonly Unit[] | undefined {
  const regions = findRegions(shown, wanted, isSameUnit, ({ id }) => id);
  const last = regions.at(-1);
  if (last === undefined) return undefined;
  return replace(shown, last, nextUnits(shown.slice(...last.shown), wanted.slice(...last.wanted)));
}

/** Of one message, its parts come one after the other as well. */
function nextUnits(shown: readonly Unit[], wanted: readonly Unit[]): readonly Unit[] {
  const [one, other] = [shown[0], wanted[0]];
  const isOne = shown.length === 1 && wanted.length === 1 && one?.id === other?.id;
  if (!isOne || one === undefined || other === undefined) return wanted;
  const regions = findRegions(
    one.texts,
    other.texts,
    (a, b) => a === b,
    (_text, index) => index,
  );
  const last = regions.at(-1);
  if (last === undefined) return wanted;
  return [{ id: one.id, texts: replace(one.texts, last, other.texts.slice(...last.wanted)) }];
}

function isSameUnit(one: Unit, other: Unit): boolean {
  return isSameTexts(one.texts, other.texts);
}

function replace<Item>(shown: readonly Item[], region: Region, by: readonly Item[]): readonly Item[] {
  return [...shown.slice(0, region.shown[0]), ...by, ...shown.slice(region.shown[1])];
}

/** What has the same id in both stands in the same order in both. */
function findRegions<Item>(
  shown: readonly Item[],
  wanted: readonly Item[],
  isSame: (one: Item, other: Item) => boolean,
  idOf: (item: Item, index: number) => string | number,
): readonly Region[] {
  const known = new Set(shown.map(idOf));
  const regions: Region[] = [];
  let [at, begun]: [number, readonly [number, number] | undefined] = [0, undefined];
  const close = (index: number): void => {
    if (begun !== undefined) regions.push({ shown: [begun[0], at], wanted: [begun[1], index] });
    begun = undefined;
  };
  for (const [index, item] of wanted.entries()) {
    const id = idOf(item, index);
    if (!known.has(id)) {
      begun ??= [at, index];
      continue;
    }
    const start = at;
    while (at < shown.length && idOf(shown[at] as Item, at) !== id) at += 1;
    if (at > start) begun ??= [start, index];
    const other = shown[at];
    if (other !== undefined && isSame(other, item)) close(index);
    else begun ??= [at, index];
    at += 1;
  }
  if (at < shown.length) begun ??= [at, wanted.length];
  at = shown.length;
  close(wanted.length);
  return regions;
}

/** The whole text of a document. */
export function toText(units: readonly Unit[]): string {
  return `${units.map(({ texts }) => texts.join('\n\n')).join('\n\n')}\n`;
}
