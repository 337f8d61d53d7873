import { element, icon } from '../dom/element.ts';
import { l10n } from '../../core/l10n.ts';

/** How many lines stand in one box: code that grows at its end is laid out again from its last box on only. */
const linesPerBox = 32;

/** What the buttons of a code block do; the page's one click listener acts on `data-code-action`. */
export type CodeAction = 'copy' | 'insert' | 'open';

/** Code with its title, its language and buttons to copy it, insert it at the cursor and open it as a file. */
export function codeBlock(code: string, language: string, title?: Node | string): HTMLElement {
  const body = element('code');
  appendCode(body, code);
  return element(
    'div',
    { class: 'code', 'data-language': language || undefined },
    title !== undefined && element('div', { class: 'code-title' }, title),
    element(
      'div',
      { class: 'code-bar' },
      element('span', { class: 'code-language', text: language }),
      action('copy', 'copy', l10n.t('Copy Code')),
      action('insert', 'insert', l10n.t('Insert at Cursor')),
      action('open', 'new-file', l10n.t('Open as File')),
    ),
    element('pre', { tabindex: '0' }, body),
  );
}

/** Appends `text` to the code of a block. What the code then holds depends on its text only, not on how it came. */
export function appendCode(code: Element, text: string): void {
  const last = code.lastElementChild?.firstChild;
  let box = last instanceof Text ? last : undefined;
  let room = box ? linesPerBox - countLines(box.data) : 0;
  let at = 0;
  while (at < text.length) {
    if (box === undefined || room === 0) {
      box = document.createTextNode('');
      code.append(element('span', { class: 'lines' }, box));
      room = linesPerBox;
    }
    const end = endOfLines(text, at, room);
    box.appendData(text.slice(at, end));
    room -= countLines(text.slice(at, end));
    at = end;
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Where the next `count` lines after `from` end. */
function endOfLines(text: string, from: number, count: number): number {
  let at = from;
  for (let line = 0; line < count; line += 1) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

function action(name: CodeAction, iconName: string, label: string): HTMLElement {
  return element(
    'button',
    { type: 'button', class: 'icon-button', 'data-code-action': name, title: label, 'aria-label': label },
    icon(iconName),
  );
}

/** The code that a block shows, and its language. */
export function readCodeBlock(block: Element): { readonly text: string; readonly language: string } {
  const language = block instanceof HTMLElement ? (block.dataset['language'] ?? '') : '';
  return { text: block.querySelector('code')?.textContent ?? '', language };
}
