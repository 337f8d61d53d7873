import { contrastOn } from '../core/theme/contrast.ts';
import type { CodeKind, CodeStyle, CodeStyles, FromPage } from '../protocol/page.ts';

/** Where each kind of code stands: the classes are highlight.js' words. Of equal selectors the later one counts. */
const selectors: Readonly<Record<CodeKind, string>> = {
  comment: '.hl-comment',
  keyword: '.hl-keyword',
  control: '.hl-keyword.hl-control',
  storage: '.hl-keyword.hl-storage',
  operator: '.hl-operator',
  literal: '.hl-literal',
  number: '.hl-number',
  string: '.hl-string',
  regexp: '.hl-regexp',
  escape: '.hl-char',
  symbol: '.hl-symbol',
  function: '.hl-title',
  builtin: '.hl-builtin',
  type: '.hl-type, .hl-class, .hl-title.hl-class',
  variable: '.hl-variable, .hl-template-variable',
  constant: '.hl-variable.hl-constant',
  self: '.hl-variable.hl-language',
  parameter: '.hl-params',
  property: '.hl-property',
  key: '.hl-attr',
  jsonKey: '.hl-attr.hl-json',
  cssProperty: '.hl-attribute',
  selector: '.hl-selector-class, .hl-selector-id, .hl-selector-pseudo, .hl-selector-attr',
  tag: '.hl-name, .hl-selector-tag, .hl-attr.hl-yaml',
  tagMark: '.hl-tag',
  attribute: '.hl-attr.hl-xml',
  meta: '.hl-meta',
  heading: '.hl-section',
  quote: '.hl-quote',
  bullet: '.hl-bullet',
  inserted: '.hl-addition',
  deleted: '.hl-deletion',
};

/**
 * Shows code in the colours of the colour theme. A page is told the theme's name and its workbench colours only, so the
 * host is asked for the others; what it does not know, or what could not be read here, looks as `highlight.css` says.
 */
export class CodeColours {
  readonly #post: (message: FromPage) => void;
  readonly #sheet = new CSSStyleSheet();
  #theme = '';

  constructor(post: (message: FromPage) => void) {
    this.#post = post;
    document.adoptedStyleSheets.push(this.#sheet);
    const changes = new MutationObserver(() => this.ask());
    changes.observe(document.body, { attributeFilter: ['data-vscode-theme-id'] });
  }

  ask(): void {
    const theme = document.body.dataset['vscodeThemeId'] ?? '';
    if (theme !== this.#theme) this.#sheet.replaceSync('');
    this.#theme = theme;
    if (theme !== '') this.#post({ type: 'theme', theme });
  }

  /** What was asked for a theme that is gone is not shown. */
  show(theme: string, styles: CodeStyles | undefined): void {
    if (theme === this.#theme) this.#sheet.replaceSync(styles === undefined ? '' : buildSheet(styles));
  }
}

/**
 * An ordinary theme has the colours that its author wants, as in the editor, but for what could hardly be seen on the
 * ground that code has here; who needs high contrast gets it.
 */
function buildSheet(styles: CodeStyles): string {
  const root = getComputedStyle(document.documentElement);
  const grounds = ['textCodeBlock-background', 'editor-background']
    .map((name) => root.getPropertyValue(`--vscode-${name}`))
    .filter((ground) => ground !== '');
  const leastContrast = document.body.className.includes('high-contrast') ? 4.5 : 1.5;
  const isReadable = ({ colour }: CodeStyle): boolean =>
    colour === undefined || (contrastOn(colour, grounds) ?? 0) >= leastContrast;
  const kinds = Object.keys(selectors) as CodeKind[];
  return kinds
    .filter((kind) => isReadable(styles[kind]))
    .map((kind) => `${selectors[kind]} { ${declare(styles[kind])} }`)
    .join('\n');
}

function declare({ colour = 'var(--vscode-editor-foreground)', italic, bold }: CodeStyle): string {
  return `color: ${colour}; font-style: ${italic ? 'italic' : 'normal'}; font-weight: ${bold ? 700 : 400}`;
}
