import { cutMiddle, plainLine } from '../plainText.ts';

/** Characters of a name at most: it heads a column. */
const nameLength = 28;

/**
 * What tells sessions from each other by their titles: without what the session that they came from is called, where all
 * begin with it. Two of one name are counted.
 */
export function nameApart(titles: readonly string[], source: string): readonly string[] {
  const prefix = `${source}: `;
  const isOurs = titles.every((title) => title.startsWith(prefix) && title.length > prefix.length);
  const short = titles.map((title) =>
    cutMiddle(plainLine(isOurs ? title.slice(prefix.length) : title), nameLength),
  );
  return short.map((name, index) => {
    const before = short.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}
