import { l10n } from '../../core/l10n.ts';
import { type DiffLine, parseDiff } from '../../core/entries/diffLines.ts';
import { fileName } from '../../core/filePath.ts';
import { element, textButton } from '../dom/element.ts';

/** So many lines are shown by themselves; the others when asked for. */
const lineLimit = 400;

export interface DiffOptions {
  /** The file that it is of, or the first one, where its lines are to have the colours of its language. */
  readonly path?: string | undefined;
  /** All lines were shown before, as `onShowAll` tells. */
  readonly isWhole?: boolean;
  readonly onShowAll?: (view: HTMLElement) => void;
}

/**
 * A unified diff as a table of lines; the signs are there for those who do not see the colours. Below a long one
 * stands how many lines are left out, and shows them.
 */
export function diffView(diff: string, { path, isWhole = false, onShowAll }: DiffOptions): HTMLElement[] {
  const lines = parseDiff(diff);
  const rest = isWhole ? [] : lines.splice(lineLimit);
  const view = diffBox(lines, path);
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
      view.removeAttribute('data-highlighted');
      onShowAll?.(view);
    },
  });
  return [view, showAll];
}

/** Lines of a diff, all of them. */
export function diffBox(lines: readonly DiffLine[], path?: string): HTMLElement {
  const language = path === undefined ? undefined : languageOf(path);
  const box = { class: 'diff', role: 'group', tabindex: '0', 'data-language': language };
  return element('div', box, ...lines.map(lineNode));
}

function lineNode({ kind, text, number, path }: DiffLine): HTMLElement {
  const language = path === undefined ? undefined : languageOf(path);
  const line = { class: `diff-line ${kind}`, 'data-line': number, 'data-language': language };
  return element('div', line, text || '\u200b');
}

/** What a file may be written in, as its name ends; most of such words are the name of a language. */
function languageOf(path: string): string {
  const name = fileName(path).toLowerCase();
  return name.slice(name.lastIndexOf('.') + 1);
}
