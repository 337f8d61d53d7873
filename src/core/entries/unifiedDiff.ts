/** Two versions of a text. */
export interface BeforeAndAfter {
  readonly before: string;
  readonly after: string;
}

interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Both sides of a unified diff. If `current` holds the new side of each hunk where the diff says, the sides are
 * the whole text; otherwise (it was changed since) they are the hunks alone, at their own line numbers.
 */
export function reconstructSides(patch: string, current: string | undefined): BeforeAndAfter {
  const hunks = parseHunks(patch);
  return (current === undefined ? undefined : takeBack(hunks, current)) ?? padHunks(hunks);
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

function padHunks(hunks: readonly Hunk[]): BeforeAndAfter {
  return {
    before: atTheirLines(hunks.map(({ oldStart, before }) => ({ start: oldStart, lines: before }))),
    after: atTheirLines(hunks.map(({ newStart, after }) => ({ start: newStart, lines: after }))),
  };
}

/** A diff may come from anyone: a line beyond this is no line of a text that one reads. */
const lastLine = 1_000_000;

/** The lines with empty ones before them, so that each stands where it belongs. */
function atTheirLines(
  pieces: readonly { readonly start: number; readonly lines: readonly string[] }[],
): string {
  const all: (readonly string[])[] = [];
  let count = 0;
  for (const { start, lines } of pieces) {
    const missing = start > lastLine ? 0 : Math.max(0, start - 1 - count);
    all.push(
      Array.from({ length: missing }, () => ''),
      lines,
    );
    count += missing + lines.length;
  }
  return all.flat().join('\n');
}

function parseHunks(patch: string): Hunk[] {
  const hunks: { oldStart: number; newStart: number; before: string[]; after: string[] }[] = [];
  for (const line of patch.replace(/\n$/, '').split('\n')) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (header !== null) {
      hunks.push({ oldStart: Number(header[1]), newStart: Number(header[2]), before: [], after: [] });
    }
    const hunk = hunks.at(-1);
    if (header !== null || hunk === undefined || line.startsWith('\\')) continue;
    if (!line.startsWith('+')) hunk.before.push(line.slice(1));
    if (!line.startsWith('-')) hunk.after.push(line.slice(1));
  }
  return hunks;
}
