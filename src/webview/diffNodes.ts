import { l10n } from '../core/l10n.ts';
import { element, textButton } from './element.ts';

/** So many lines are shown by themselves; the others when asked for. */
const lineLimit = 400;

interface DiffLine {
  readonly kind: 'added' | 'removed' | 'same' | 'gap';
  readonly text: string;
  readonly number: number | undefined;
}

/**
 * A unified diff as a table of lines; the signs are there for those who do not see the colours. Below a long one
 * stands how many lines are left out, and shows them; `isWhole`: that was done before, as `onShowAll` tells.
 */
export function diffView(diff: string, isWhole = false, onShowAll?: () => void): HTMLElement[] {
  const lines = parseDiff(diff).map(lineNode);
  const rest = isWhole ? [] : lines.splice(lineLimit);
  const view = element('div', { class: 'diff', role: 'group', tabindex: '0' }, ...lines);
  if (rest.length === 0) return [view];
  const showAll = textButton({
    label:
      rest.length === 1 ? l10n.t('Show All (1 more line)') : l10n.t('Show All ({0} more lines)', rest.length),
    class: 'link',
    testId: 'show-lines',
    run: () => {
      view.append(...rest);
      view.focus();
      showAll.remove();
      onShowAll?.();
    },
  });
  return [view, showAll];
}

function lineNode({ kind, text, number }: DiffLine): HTMLElement {
  return element('div', { class: `diff-line ${kind}`, 'data-line': number }, text || '\u200b');
}

function parseDiff(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  const files: string[] = [];
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
    } else if (file) {
      gap = file[1] ?? '';
      files.push(gap);
    } else if (!isInHunk || line.startsWith('\\')) continue;
    else if (line.startsWith('+')) lines.push({ kind: 'added', text: line.slice(1), number: current++ });
    else if (line.startsWith('-')) lines.push({ kind: 'removed', text: line.slice(1), number: old++ });
    else if (line.startsWith(' ')) {
      lines.push({ kind: 'same', text: line.slice(1), number: current++ });
      old += 1;
    }
  }
  // Of several files, the first one is named as well.
  return files.length > 1 ? [{ kind: 'gap', text: files[0] ?? '', number: undefined }, ...lines] : lines;
}
