import { TerminalScreen } from './terminalScreen.ts';

/**
 * Controls and sequences by ECMA-48, also such that end too early: a control sequence with its numbers, what stands
 * between and its last letter; a string for the terminal, at most to the end of its line; a short escape; a single control.
 */
const controls =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /(?:\u001b\[|\u009b)(?<numbers>[0-?]*)(?<between>[ -/]*)(?<final>[@-~])?|(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0000-\u001f\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b(?<set>[ -/]*)(?<short>[0-~])?|(?<single>[\u0000-\u0008\u000b-\u001f\u007f-\u009f])/g;
/** What makes a text more than lines of words. */
// oxlint-disable-next-line no-control-regex -- the same
const hasControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** Longer sequences are cut through where an output is. */
const longestSequence = 100;

/** The lines that a terminal program left, each cell of them with the style that `restyle` makes of its numbers. */
export function drawTerminal<Style>(
  output: string,
  plain: Style,
  restyle: (style: Style, numbers: string) => Style,
): TerminalScreen<Style> {
  const screen = new TerminalScreen(plain);
  let at = 0;
  for (const match of output.matchAll(controls)) {
    screen.write(output.slice(at, match.index));
    at = match.index + match[0].length;
    const { numbers = '', between, final, set, short, single } = match.groups ?? {};
    if (single !== undefined) screen.control(single);
    else if (short !== undefined && set === '') screen.escape(short);
    else if (final === undefined || between !== '' || /^[<-?]/.test(numbers)) continue;
    else if (final === 'm') screen.style = restyle(screen.style, numbers);
    else screen.act(final, numbers.split(';').map(Number));
  }
  screen.write(output.slice(at));
  return screen;
}

/** What a reader sees of the output of a terminal program. */
export function plainTerminalText(output: string): string {
  if (!hasControls.test(output)) return output;
  return drawTerminal(output, undefined, () => undefined).text;
}

/** A text that no terminal wrote, without what only one understands: a file that is read keeps all of its words. */
export function withoutSequences(text: string): string {
  if (!hasControls.test(text)) return text;
  return text.replaceAll(controls, (sequence) => (sequence === '\r' ? sequence : ''));
}

/** Where to cut an output near `at` so that what follows does not begin inside of a sequence. */
export function behindSequence(output: string, at: number): number {
  const start = output.lastIndexOf('\u001b', at - 1);
  if (start < 0 || start < at - longestSequence) return at;
  const [match] = output.slice(start, at + longestSequence).matchAll(controls);
  return match === undefined ? at : Math.max(at, start + match[0].length);
}
