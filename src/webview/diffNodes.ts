import { element } from './element.ts';

const lineLimit = 400;

interface DiffLine {
  readonly kind: 'added' | 'removed' | 'same' | 'gap';
  readonly text: string;
  readonly number: number | undefined;
}

/** A unified diff as a table of lines; the signs are there for those who do not see the colours. */
export function diffView(diff: string): HTMLElement {
  const lines = parseDiff(diff);
  const view = element('div', { class: 'diff', role: 'group', tabindex: '0' });
  for (const line of lines.slice(0, lineLimit)) {
    view.append(
      element('div', { class: `diff-line ${line.kind}`, 'data-line': line.number }, line.text || '\u200b'),
    );
  }
  return view;
}

function parseDiff(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let old = 0;
  let current = 0;
  let [oldEnd, currentEnd] = [0, 0];
  let gap = '';
  for (const line of diff.split('\n')) {
    const isInHunk = old < oldEnd || current < currentEnd;
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    const file = isInHunk ? null : /^\+\+\+ (?:b\/)?([^\t]+)/.exec(line);
    if (hunk) {
      if (lines.length > 0) lines.push({ kind: 'gap', text: gap, number: undefined });
      gap = '⋯';
      old = Number(hunk[1]);
      current = Number(hunk[3]);
      [oldEnd, currentEnd] = [old + Number(hunk[2] ?? 1), current + Number(hunk[4] ?? 1)];
    } else if (file) gap = file[1] ?? '';
    else if (!isInHunk || line.startsWith('\\')) continue;
    else if (line.startsWith('+')) lines.push({ kind: 'added', text: line.slice(1), number: current++ });
    else if (line.startsWith('-')) lines.push({ kind: 'removed', text: line.slice(1), number: old++ });
    else if (line.startsWith(' ')) {
      lines.push({ kind: 'same', text: line.slice(1), number: current++ });
      old += 1;
    }
  }
  return lines;
}
