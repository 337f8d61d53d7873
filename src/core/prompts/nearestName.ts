import { sameLetters } from '../sameLetters.ts';

/** A word of so many letters, and a longer one, may have so many wrong ones and still be meant. */
const shortWord = 3;
const longWord = 6;

/** Which of the names was probably meant by what was typed, in any letters; undefined: it is near to none. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const wanted = sameLetters(typed);
  const allowed = wanted.length < shortWord ? 0 : wanted.length < longWord ? 1 : 2;
  let nearest: string | undefined;
  let least = allowed + 1;
  for (const name of names) {
    const distance = distanceTo(wanted, sameLetters(name), allowed);
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

/** What was begun and not written to its end counts as one wrong letter at most. */
function distanceTo(typed: string, name: string, allowed: number): number {
  if (typed.length >= shortWord - 1 && name.startsWith(typed)) return typed === name ? 0 : 0.5;
  // A long text is compared with no name letter by letter.
  if (Math.abs(typed.length - name.length) > allowed) return Infinity;
  return countEdits(typed, name);
}

/** How many letters are to be put in, taken out, replaced, or swapped with their neighbour. */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const edits = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      edits.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (edits[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (beforeLast[column - 2] ?? Infinity) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = edits;
  }
  return last[to.length] ?? 0;
}
