import { gluedLetter } from './filePlace.ts';

/** An address of the web in running text. */
interface FoundAddress {
  readonly start: number;
  readonly end: number;
}

const beginning = /https?:\/\//gi;
const blank = /[\s<>"'`|\\^]/;
/** Punctuation of other scripts than Latin, quotation marks, arrows and the long dash: none of it is typed into an address. */
const foreignPunctuation = /(?!\p{ASCII})[\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{Sm}\u2014]/u;
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
    if (end > from && isGlued(text, end)) break;
    const opener = openerOf[character];
    if (opener === undefined) open[character] = (open[character] ?? 0) + 1;
    else if ((open[opener] ?? 0) > 0) open[opener] = (open[opener] ?? 0) - 1;
    // What it closes was opened before the address.
    else break;
  }
  while (end > from && '.,;:!?*_~([{'.includes(text.charAt(end - 1))) end -= 1;
  return end;
}

/** Whether words of a script without spaces, perhaps in a bracket, stand there right behind Latin letters. */
function isGlued(text: string, at: number): boolean {
  const words = /[([]/.test(text.charAt(at)) ? at + 1 : at;
  return /[A-Za-z0-9]/.test(text.charAt(at - 1)) && gluedLetter.test(text.slice(words, words + 2));
}
