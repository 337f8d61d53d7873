/** A letter that is read from the right, by the blocks that hold such letters. */
export const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Between these, words have the direction of their own letters and turn nothing around them. */
const [begin, end] = ['\u2068', '\u2069'];

/**
 * `text`, made fit to stand beside other words: without that, numbers and signs that follow words read from the right
 * are drawn on their wrong side. Most texts need nothing, and stay as they are.
 */
export function isolate(text: string): string {
  if (!rightToLeft.test(text)) return text;
  const isApart = text.startsWith(begin) && text.endsWith(end) && isolations(text).get(0) === text.length - 1;
  return isApart ? text : `${begin}${text}${end}`;
}

/** A sentence with nothing in it kept apart, for where each letter is drawn in the order in which it stands. */
export function withoutIsolation(sentence: string): string {
  return sentence.replaceAll(/[\u2068\u2069]/g, '');
}

/** Where isolated words begin, and where they end. A sign without its like is none of them. */
export function isolations(text: string): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: sign, index } of text.matchAll(/[\u2068\u2069]/g)) {
    if (sign === begin) open.push(index);
    else {
      const start = open.pop();
      if (start !== undefined) found.set(start, index);
    }
  }
  return found;
}
