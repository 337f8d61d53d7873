/** What of an attempt is written again by the next one; what a call did stays done. */
const rewritten: ReadonlySet<string> = new Set(['text', 'reasoning']);

interface Piece {
  readonly id: string;
  readonly type: string;
}

export interface Attempts {
  readonly count: number;
  /** The ids of their parts. */
  readonly parts: ReadonlySet<string>;
}

/**
 * The attempts before the last one, by all parts of a message: a step that begins anew before it has ended was cut, and is
 * tried again.
 */
export function earlierAttempts(parts: readonly Piece[]): Attempts {
  const earlier = new Set<string>();
  let count = 0;
  let begun: string[] | undefined;
  for (const { id, type } of parts) {
    if (type === 'step-start') {
      if (begun !== undefined) count += 1;
      for (const one of begun ?? []) earlier.add(one);
      begun = [];
    } else if (type === 'step-finish') begun = undefined;
    else if (rewritten.has(type)) begun?.push(id);
  }
  return { count: earlier.size === 0 ? 0 : count, parts: earlier };
}

/** The parts of a message without what its earlier attempts wrote, which its last one says again. */
export function withoutEarlierAttempts<Part extends Piece>(parts: readonly Part[]): readonly Part[] {
  const earlier = earlierAttempts(parts);
  return earlier.count === 0 ? parts : parts.filter(({ id }) => !earlier.parts.has(id));
}
