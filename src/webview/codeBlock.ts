import { element, icon } from './element.ts';
import { l10n } from '../core/l10n.ts';

/** What the buttons of a code block do; the page's one click listener acts on `data-code-action`. */
export type CodeAction = 'copy' | 'insert' | 'open';

/** Code with its language and buttons to copy it, insert it at the cursor and open it as a file. */
export function codeBlock(code: string, language: string): HTMLElement {
  return element(
    'div',
    { class: 'code', 'data-language': language || undefined },
    element(
      'div',
      { class: 'code-bar' },
      element('span', { class: 'code-language', text: language }),
      action('copy', 'copy', l10n.t('Copy Code')),
      action('insert', 'insert', l10n.t('Insert at Cursor')),
      action('open', 'new-file', l10n.t('Open as File')),
    ),
    element('pre', { tabindex: '0' }, element('code', {}, document.createTextNode(code))),
  );
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
