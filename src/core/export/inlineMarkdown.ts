import { cutMiddle, showUnseen } from '../plainText.ts';
import { longestRun } from '../backticks.ts';

/** Characters of a word of a line at most. */
const wordLength = 200;

/** Signs that mean something to Markdown within a line; one between letters does not begin anything. */
const signs = /[\\`*[\]<>~|#$]|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** `text` as words of a line that say what they say. */
export function inlineText(text: string): string {
  return inlineSentence(cutMiddle(text.trim(), wordLength));
}

/** The same without an end: a sentence of ours, of which nothing may be missing. */
export function inlineSentence(text: string): string {
  return oneLine(text).replaceAll(signs, String.raw`\$&`);
}

/** `text` as code in a line. */
export function inlineCode(text: string): string {
  const line = oneLine(cutMiddle(text.trim(), wordLength));
  if (line === '') return '';
  const marks = '`'.repeat(longestRun(line) + 1);
  return marks.length === 1 ? `${marks}${line}${marks}` : `${marks} ${line} ${marks}`;
}

function oneLine(text: string): string {
  return showUnseen(text.trim().replaceAll(/\s+/g, ' '));
}
