import { cutMiddle, plainLine } from '../plainText.ts';

/** Characters of a question that stand in a line at most. */
const lineLength = 400;

/** A question, or an answer to choose, as a plain line; its Markdown stays as it was written. */
export function questionLine(text: string): string {
  return cutMiddle(plainLine(text), lineLength);
}
