import { contrastOn } from '../../core/theme/contrast.ts';
import type { CodeKind, CodeStyle, CodeStyles } from '../../protocol/page/codeStyles.ts';

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

/** The lines of a diff by their class, and the colours of the theme that may lie below them. */
const lineGrounds: Readonly<Record<string, readonly string[]>> = {
  same: [],
  added: ['diffEditor-insertedLineBackground', 'diffEditor-insertedTextBackground'],
  removed: ['diffEditor-removedLineBackground', 'diffEditor-removedTextBackground'],
};

/**
 * An ordinary theme has the colours that its author wants, as in the editor, but for what could hardly be seen on the
 * ground that code has here, or a line of a diff; who needs high contrast gets it.
 */
export function buildCodeSheet(styles: CodeStyles): string {
  const root = getComputedStyle(document.documentElement);
  const read = (...names: readonly string[]): readonly string[] =>
    names.map((name) => root.getPropertyValue(`--vscode-${name}`)).filter((ground) => ground !== '');
  const leastContrast = document.body.className.includes('high-contrast') ? 4.5 : 1.5;
  /** `unreadable` is said of what could not be read on these grounds. */
  const write = (grounds: readonly string[], unreadable?: string): string =>
    (Object.keys(selectors) as CodeKind[])
      .map((kind) => {
        const { colour } = styles[kind];
        const isReadable = colour === undefined || (contrastOn(colour, grounds) ?? 0) >= leastContrast;
        const said = isReadable ? declare(styles[kind]) : unreadable;
        return said === undefined ? '' : `${selectors[kind]} { ${said} }`;
      })
      .join('\n');
  const editor = read('editor-background');
  const lines = Object.entries(lineGrounds).map(
    ([line, names]) =>
      `.diff-line.${line} { ${write([...read(...names).slice(0, 1), ...editor], 'color: inherit')} }`,
  );
  return [write([...read('textCodeBlock-background'), ...editor]), ...lines].join('\n');
}

function declare({ colour = 'var(--vscode-editor-foreground)', italic, bold }: CodeStyle): string {
  return `color: ${colour}; font-style: ${italic ? 'italic' : 'normal'}; font-weight: ${bold ? 700 : 400}`;
}
