import { plainTerminalText } from '../../core/entries/terminalText.ts';
import { element } from '../dom/element.ts';
import { Late } from '../dom/late.ts';

const colours = new Late(() => import('./ansiText.ts'));

/**
 * The output of a terminal program as nodes, in the colours of the terminal's theme. What colours it is no part of the
 * first paint: until it is there, the words stand where they will stand, without colours.
 */
export function terminalNodes(output: string): (Node | string)[] {
  const text = plainTerminalText(output);
  if (!output.includes('\u001b') && !output.includes('\u009b')) return [text];
  const { piece } = colours;
  if (piece !== undefined) return piece.ansiNodes(output);
  const words = element('span', { text });
  colours.onceThere(({ ansiNodes }) => words.replaceWith(...ansiNodes(output)));
  return [words];
}
