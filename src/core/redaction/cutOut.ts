import type { FoundSecret } from '../ports/secretFinder.ts';

/** How many stretches each rule took out. */
export type RedactionCounts = ReadonlyMap<string, number>;

export interface Redacted {
  readonly text: string;
  /** What was taken out; where stretches overlap, they are one, by the rule of the first. */
  readonly taken: readonly FoundSecret[];
}

/** What stands there instead of a secret. */
export function wordsFor(rule: string): string {
  return `[redacted: ${rule}]`;
}

/** A text with what was found replaced by words that say what stood there. */
export function cutOut(text: string, found: readonly FoundSecret[]): Redacted {
  if (found.length === 0) return { text, taken: [] };
  const taken = join(found);
  let [rest, at] = ['', 0];
  for (const { start, end, rule, stand = wordsFor(rule) } of taken) {
    rest += text.slice(at, start) + stand;
    at = end;
  }
  return { text: rest + text.slice(at), taken };
}

/** What reaches further takes what lies in it with it, and a secret all that it touches. */
function join(found: readonly FoundSecret[]): readonly FoundSecret[] {
  const joined: FoundSecret[] = [];
  for (const next of found.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    const last = joined.at(-1);
    if (last === undefined || next.start >= last.end) {
      joined.push(next);
      continue;
    }
    const isNext = last.stand !== undefined && next.stand === undefined;
    const { rule, stand } = isNext ? next : last;
    joined[joined.length - 1] = {
      start: last.start,
      end: Math.max(last.end, next.end),
      rule,
      ...(stand === undefined ? {} : { stand }),
    };
  }
  return joined;
}
