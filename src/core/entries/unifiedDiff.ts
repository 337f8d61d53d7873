import type { Padding } from './padding.ts';

/** Two versions of a text. */
export interface BeforeAndAfter {
  readonly before: string;
  readonly after: string;
}

interface Hunk {
  /** What the diff says of its lines. */
  readonly head: string;
  readonly oldStart: number;
  readonly newStart: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Both sides of a unified diff. If `current` holds the new side of each hunk where the diff says, the sides are
 * the whole text; otherwise (it was changed since) they are the hunks alone, at their own line numbers as far as
 * `padding` reaches, which is shared by all that is opened at once.
 */
export function reconstructSides(
  patch: string,
  current: string | undefined,
  padding: Padding,
): BeforeAndAfter {
  const hunks = parseHunks(patch);
  return (current === undefined ? undefined : takeBack(hunks, current)) ?? placeHunks(hunks, padding);
}

function takeBack(hunks: readonly Hunk[], current: string): BeforeAndAfter | undefined {
  const lines = current.split('\n');
  const before: (readonly string[])[] = [];
  let next = 0;
  for (const hunk of hunks) {
    const start = Math.max(hunk.newStart - 1, 0);
    if (start < next || !hunk.after.every((line, index) => lines[start + index] === line)) return undefined;
    before.push(lines.slice(next, start), hunk.before);
    next = start + hunk.after.length;
  }
  before.push(lines.slice(next));
  return { before: before.flat().join('\n'), after: current };
}

/** The hunks at their own lines; where these are too far down, with the diff's own word for the lines above each. */
function placeHunks(hunks: readonly Hunk[], padding: Padding): BeforeAndAfter {
  const before = hunks.map((hunk) => ({ head: hunk.head, start: hunk.oldStart, lines: hunk.before }));
  const after = hunks.map((hunk) => ({ head: hunk.head, start: hunk.newStart, lines: hunk.after }));
  const place = padding.take([before, after].map(lastStart)) ? atTheirLines : belowTheirHeads;
  return { before: place(before), after: place(after) };
}

interface Piece {
  readonly head: string;
  readonly start: number;
  readonly lines: readonly string[];
}

function lastStart(pieces: readonly Piece[]): number {
  return pieces.reduce((last, { start }) => Math.max(last, start), 0);
}

function belowTheirHeads(pieces: readonly Piece[]): string {
  return pieces.flatMap(({ head, lines }) => [head, ...lines]).join('\n');
}

/** The lines with empty ones before them, so that each stands where it belongs. */
function atTheirLines(pieces: readonly Piece[]): string {
  const all: (readonly string[])[] = [];
  let count = 0;
  for (const { start, lines } of pieces) {
    const missing = Math.max(0, start - 1 - count);
    all.push(
      Array.from({ length: missing }, () => ''),
      lines,
    );
    count += missing + lines.length;
  }
  return all.flat().join('\n');
}

function parseHunks(patch: string): Hunk[] {
  const hunks: (Hunk & { readonly before: string[]; readonly after: string[] })[] = [];
  for (const line of patch.replace(/\n$/, '').split('\n')) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (header !== null) {
      const [head, oldStart, newStart] = header;
      hunks.push({ head, oldStart: Number(oldStart), newStart: Number(newStart), before: [], after: [] });
    }
    const hunk = hunks.at(-1);
    if (header !== null || hunk === undefined || line.startsWith('\\')) continue;
    if (!line.startsWith('+')) hunk.before.push(line.slice(1));
    if (!line.startsWith('-')) hunk.after.push(line.slice(1));
  }
  return hunks;
}
