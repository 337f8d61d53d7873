import { drawTerminal } from '../../core/entries/terminalText.ts';
import { element } from '../dom/element.ts';

interface Style {
  readonly classes: ReadonlySet<string>;
  readonly colour?: string;
  readonly background?: string;
}

const plain: Style = { classes: new Set() };
const attributes: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strike',
};
/** What takes an attribute back. */
const ends: Readonly<Record<number, readonly string[]>> = {
  22: ['ansi-bold', 'ansi-dim'],
  23: ['ansi-italic'],
  24: ['ansi-underline'],
  27: ['ansi-inverse'],
  29: ['ansi-strike'],
  39: ['ansi-fg'],
  49: ['ansi-bg'],
};

/** What a terminal program left on its lines, with its escape sequences, as nodes in the colours of the terminal's theme. */
export function ansiNodes(output: string): (Node | string)[] {
  return drawTerminal(output, plain, (style, numbers) => applyCodes(style, numbers.split(';'))).stretches.map(
    ({ text, style }) => styled(text, style),
  );
}

function styled(text: string, style: Style): Node | string {
  if (style.classes.size === 0 && !style.colour && !style.background) return text;
  const { classes, colour, background } = style.classes.has('ansi-inverse') ? inverted(style) : style;
  const span = element('span', { class: [...classes].join(' ') || undefined, text });
  if (colour) span.style.color = colour;
  if (background) span.style.backgroundColor = background;
  return span;
}

/** The two colours change places; what has none of its own has those of the terminal. */
function inverted({ classes, colour, background }: Style): Style {
  const swapped = [...classes].map((name) =>
    name.replace(/^ansi-(fg|bg)/, (_, which: string) => (which === 'fg' ? 'ansi-bg' : 'ansi-fg')),
  );
  return {
    classes: new Set(swapped),
    ...(background && { colour: background }),
    ...(colour && { background: colour }),
  };
}

function applyCodes(style: Style, codes: readonly string[]): Style {
  let next = style;
  for (let at = 0; at < codes.length; at += 1) {
    const [code = 0, ...own] = (codes[at] ?? '').split(':').map(Number);
    if (code === 38 || code === 48 || code === 58) {
      // The numbers of a colour stand behind colons, perhaps with a place for the kind of its space, or come as further ones.
      const isWhole = own.length > 0;
      const [kind = 0, ...values] = isWhole ? own : codes.slice(at + 1, at + 5).map(Number);
      next = withColour(next, code, toColour(kind, isWhole && values.length > 3 ? values.slice(1) : values));
      if (!isWhole) at += kind === 2 ? 4 : 2;
    } else next = applyCode(next, code === 4 && own[0] === 0 ? 24 : code);
  }
  return next;
}

/** Lines below words have the colour of the words. */
function withColour(style: Style, code: number, colour: string): Style {
  if (code === 58) return style;
  return code === 38
    ? { ...without(style, 'ansi-fg'), colour }
    : { ...without(style, 'ansi-bg'), background: colour };
}

function applyCode(style: Style, code: number): Style {
  const attribute = attributes[code];
  if (code === 0) return plain;
  if (attribute) return withClass(style, `ansi-${attribute}`);
  if (isBetween(code, 30, 37)) return withClass(without(style, 'ansi-fg'), `ansi-fg-${code - 30}`);
  if (isBetween(code, 90, 97)) return withClass(without(style, 'ansi-fg'), `ansi-fg-${code - 82}`);
  if (isBetween(code, 40, 47)) return withClass(without(style, 'ansi-bg'), `ansi-bg-${code - 40}`);
  if (isBetween(code, 100, 107)) return withClass(without(style, 'ansi-bg'), `ansi-bg-${code - 92}`);
  return (ends[code] ?? []).reduce(without, style);
}

const isBetween = (code: number, low: number, high: number): boolean => code >= low && code <= high;

function withClass(style: Style, name: string): Style {
  return { ...style, classes: new Set([...style.classes, name]) };
}

/** Without the classes that begin with `prefix`, and without the colour that it stands for. */
function without(style: Style, prefix: string): Style {
  const { colour, background, classes } = style;
  return {
    classes: new Set([...classes].filter((name) => !name.startsWith(prefix))),
    ...(colour && prefix !== 'ansi-fg' ? { colour } : {}),
    ...(background && prefix !== 'ansi-bg' ? { background } : {}),
  };
}

/** The colour of `2;r;g;b` or `5;n`. */
function toColour(kind: number, values: readonly number[]): string {
  const byte = (at: number): number => Math.min(255, Math.max(0, Math.trunc(values[at] || 0)));
  return kind === 2 ? `rgb(${byte(0)}, ${byte(1)}, ${byte(2)})` : paletteColour(byte(0));
}

const themeNames = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];

function paletteColour(index: number): string {
  if (index < 16) {
    const bright = index < 8 ? '' : 'Bright';
    return `var(--vscode-terminal-ansi${bright}${themeNames[index % 8] ?? 'White'})`;
  }
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const level = (part: number): number => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))}, ${level(Math.floor(cube / 6) % 6)}, ${level(cube % 6)})`;
}
