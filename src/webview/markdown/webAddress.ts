import { glued } from './filePlace.ts';

/** An address of the web in running text. */
export interface FoundAddress {
  readonly start: number;
  readonly end: number;
}

const beginning = /https?:\/\//gi;
const blank = /[\s<>"'`|\\^]/;
/** Punctuation of other scripts than Latin, quotation marks, arrows and the long dash: none of it is typed into an address. */
const foreignPunctuation = /[[\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{Sm}]--[\x00-\x7f]]|\u2014/v;
/** Words of a script without spaces, perhaps in a bracket, which the one that wrote them put behind Latin letters. */
const gluedWords = new RegExp(String.raw`^[A-Za-z0-9][([]?[${glued}]`, 'u');
const openerOf: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Where the addresses of `text` stand, without what the sentence around them puts behind them. */
export function findAddresses(text: string): readonly FoundAddress[] {
  const found: FoundAddress[] = [];
  beginning.lastIndex = 0;
  for (let match = beginning.exec(text); match; match = beginning.exec(text)) {
    const from = beginning.lastIndex;
    const end = endOfAddress(text, from);
    if (end > from) found.push({ start: match.index, end });
    beginning.lastIndex = end;
  }
  return found;
}

function endOfAddress(text: string, from: number): number {
  const open: Record<string, number> = {};
  let end = from;
  for (; end < text.length; end += 1) {
    const character = text.charAt(end);
    if (blank.test(character) || foreignPunctuation.test(character)) break;
    if (end > from && gluedWords.test(text.slice(end - 1, end + 3))) break;
    const opener = openerOf[character];
    if (opener === undefined) open[character] = (open[character] ?? 0) + 1;
    else if ((open[opener] ?? 0) > 0) open[opener] = (open[opener] ?? 0) - 1;
    // What it closes was opened before the address.
    else break;
  }
  while (end > from && '.,;:!?*_~([{'.includes(text.charAt(end - 1))) end -= 1;
  return end;
}
