export interface DiffLine {
  /** `gap`: no line of a file, but what is left out between two, or the name of the file that follows. */
  readonly kind: 'added' | 'removed' | 'same' | 'gap';
  /** Without the sign in front of it. */
  readonly text: string;
  /** From 1: of what was there before for what is gone, else of what is there now. */
  readonly number: number | undefined;
  /** Of a gap that names the file of the lines below it. */
  readonly path?: string;
}

/** What is to take the place of what, while nobody has said where that stands. */
export function replacedLines(before: string, after: string): DiffLine[] {
  const lines = (text: string, kind: DiffLine['kind']): DiffLine[] =>
    text === '' ? [] : text.split('\n').map((line) => ({ kind, text: line, number: undefined }));
  return [...lines(before, 'removed'), ...lines(after, 'added')];
}

/** The lines of a unified diff as they are shown, without its headers. */
export function parseDiff(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  const files: string[] = [];
  let old = 0;
  let current = 0;
  let [oldEnd, currentEnd] = [0, 0];
  let gap: Pick<DiffLine, 'text' | 'path'> = { text: '' };
  for (const line of diff.split('\n')) {
    const isInHunk = old < oldEnd || current < currentEnd;
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    const file = isInHunk ? null : /^\+\+\+ (?:b\/)?([^\t]+)/.exec(line);
    if (hunk) {
      if (lines.length > 0) lines.push({ kind: 'gap', ...gap, number: undefined });
      gap = { text: '⋯' };
      old = Number(hunk[1]);
      current = Number(hunk[3]);
      [oldEnd, currentEnd] = [old + Number(hunk[2] ?? 1), current + Number(hunk[4] ?? 1)];
    } else if (file) {
      const path = file[1] ?? '';
      gap = { text: path, path };
      files.push(path);
    } else if (!isInHunk || line.startsWith('\\')) continue;
    else if (line.startsWith('+')) lines.push({ kind: 'added', text: line.slice(1), number: current++ });
    else if (line.startsWith('-')) lines.push({ kind: 'removed', text: line.slice(1), number: old++ });
    else if (line.startsWith(' ')) {
      lines.push({ kind: 'same', text: line.slice(1), number: current++ });
      old += 1;
    }
  }
  // Of several files, the first one is named as well.
  const [path = '', ...others] = files;
  return others.length > 0 ? [{ kind: 'gap', text: path, path, number: undefined }, ...lines] : lines;
}
