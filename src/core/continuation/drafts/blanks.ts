import { goalField } from '../request.ts';
import type { DraftRange } from './draft.ts';

// A blank says in a draft what is to be written in its place, as a question. The order of the draft names its blanks as
// they were written, so that they are known in whatever language they are; a text of a person's own is none.

/** The blanks that nobody has filled in, in the order of the document, from a line on. */
export function findBlanks(
  document: string,
  blanks: readonly string[] | undefined,
  fromLine: number,
): readonly DraftRange[] {
  const texts = [...new Set(blanks)].filter((text) => text !== '');
  return document.split(/\r?\n/).flatMap((words, line) => {
    if (line < fromLine) return [];
    return texts
      .flatMap((text) => placesIn(words, text))
      .toSorted((a, b) => a.start - b.start)
      .map((place) => ({ line, ...place }));
  });
}

/** Whether the line may stay as it is: a goal is asked for, but nobody needs one. */
export function isWithoutGoal(line: string, blanks: readonly string[] | undefined): boolean {
  return line.startsWith(goalField) && blanks?.includes(line.slice(goalField.length).trimEnd()) === true;
}

/** The goal that stands in a text; undefined where there is none. */
export function readGoal(text: string, blanks: readonly string[] | undefined): string | undefined {
  const line = text.split('\n').find((words) => words.startsWith(goalField));
  return line === undefined || isWithoutGoal(line, blanks) ? undefined : line.slice(goalField.length).trim();
}

/** On which line of a text the goal stands, from 0; -1: on none. */
export function goalLineIn(text: string): number {
  return text.split('\n').findIndex((line) => line.startsWith(goalField));
}

/** The text without the line of a goal that nobody has filled in. */
export function withoutGoal(text: string, blanks: readonly string[] | undefined): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => isWithoutGoal(line, blanks));
  if (at === -1) return text;
  // One of the two empty lines around it goes, too.
  const count = lines[at + 1]?.trim() === '' ? 2 : 1;
  return lines.toSpliced(at, count).join('\n').trim();
}

function placesIn(words: string, text: string): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (let start = words.indexOf(text); start !== -1; start = words.indexOf(text, start + text.length)) {
    places.push({ start, end: start + text.length });
  }
  return places;
}
