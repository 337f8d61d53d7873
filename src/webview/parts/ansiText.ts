import { sequence, withoutControls } from '../../core/entries/terminalText.ts';
import { element } from '../dom/element.ts';

interface Style {
  readonly classes: ReadonlySet<string>;
  readonly colour?: string;
  readonly background?: string;
}

const plain: Style = { classes: new Set() };
const attributes: Readonly<Record<number, string>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline' };

/** What a terminal program left on its lines, with its escape sequences, as nodes in the colours of the terminal's theme. */
export function ansiNodes(text: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let style = plain;
  let end = 0;
  const push = (upTo: number): void => {
    const piece = withoutControls(text.slice(end, upTo));
    if (piece !== '') nodes.push(styled(piece, style));
  };
  for (const match of text.matchAll(sequence)) {
    push(match.index);
    end = match.index + match[0].length;
    if (match[2] === 'm') style = applyCodes(style, (match[1] ?? '').split(/[;:]/).map(Number));
  }
  push(text.length);
  return nodes;
}

function styled(text: string, style: Style): Node | string {
  if (style.classes.size === 0 && !style.colour && !style.background) return text;
  const span = element('span', { class: [...style.classes].join(' ') || undefined, text });
  if (style.colour) span.style.color = style.colour;
  if (style.background) span.style.backgroundColor = style.background;
  return span;
}

function applyCodes(style: Style, codes: readonly number[]): Style {
  let next = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes.slice(at + 1));
      next =
        code === 38
          ? { ...without(next, 'ansi-fg'), colour }
          : { ...without(next, 'ansi-bg'), background: colour };
      at += used;
    } else next = applyCode(next, code);
  }
  return next;
}

function applyCode(style: Style, code: number): Style {
  const attribute = attributes[code];
  if (code === 0) return plain;
  if (attribute) return withClass(style, `ansi-${attribute}`);
  if (code === 22) return without(without(style, 'ansi-bold'), 'ansi-dim');
  if (code === 23) return without(style, 'ansi-italic');
  if (code === 24) return without(style, 'ansi-underline');
  if (isBetween(code, 30, 37)) return withClass(without(style, 'ansi-fg'), `ansi-fg-${code - 30}`);
  if (isBetween(code, 90, 97)) return withClass(without(style, 'ansi-fg'), `ansi-fg-${code - 82}`);
  if (isBetween(code, 40, 47)) return withClass(without(style, 'ansi-bg'), `ansi-bg-${code - 40}`);
  if (isBetween(code, 100, 107)) return withClass(without(style, 'ansi-bg'), `ansi-bg-${code - 92}`);
  if (code === 39) return without(style, 'ansi-fg');
  return code === 49 ? without(style, 'ansi-bg') : style;
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

/** The colour of `38;5;n` or `38;2;r;g;b`, and how many codes it took. */
function extendedColour(codes: readonly number[]): [string, number] {
  const byte = (at: number): number => Math.min(255, Math.max(0, Math.trunc(codes[at] ?? 0)));
  if (codes[0] === 2) return [`rgb(${byte(1)}, ${byte(2)}, ${byte(3)})`, 4];
  return [paletteColour(byte(1)), 2];
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
