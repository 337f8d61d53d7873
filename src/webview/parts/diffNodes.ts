import { l10n } from '../../core/l10n.ts';
import { type DiffLine, parseDiff } from '../../core/entries/diffLines.ts';
import { element, textButton } from '../dom/element.ts';

/** So many lines are shown by themselves; the others when asked for. */
const lineLimit = 400;

/**
 * A unified diff as a table of lines; the signs are there for those who do not see the colours. Below a long one
 * stands how many lines are left out, and shows them; `isWhole`: that was done before, as `onShowAll` tells.
 */
export function diffView(diff: string, isWhole = false, onShowAll?: () => void): HTMLElement[] {
  const lines = parseDiff(diff);
  const rest = isWhole ? [] : lines.splice(lineLimit);
  const view = diffBox(lines);
  if (rest.length === 0) return [view];
  const showAll = textButton({
    label:
      rest.length === 1 ? l10n.t('Show All (1 more line)') : l10n.t('Show All ({0} more lines)', rest.length),
    class: 'link',
    testId: 'show-lines',
    run: () => {
      view.append(...rest.map(lineNode));
      view.focus();
      showAll.remove();
      onShowAll?.();
    },
  });
  return [view, showAll];
}

/** Lines of a diff, all of them. */
export function diffBox(lines: readonly DiffLine[]): HTMLElement {
  return element('div', { class: 'diff', role: 'group', tabindex: '0' }, ...lines.map(lineNode));
}

function lineNode({ kind, text, number }: DiffLine): HTMLElement {
  return element('div', { class: `diff-line ${kind}`, 'data-line': number }, text || '\u200b');
}
