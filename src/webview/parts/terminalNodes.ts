import { plainTerminalText } from '../../core/entries/terminalText.ts';
import { ansiNodes } from './ansiText.ts';

/** The output of a terminal program as nodes, in the colours of the terminal's theme. */
export function terminalNodes(output: string): (Node | string)[] {
  const isColoured = output.includes('\u001b') || output.includes('\u009b');
  return isColoured ? ansiNodes(output) : [plainTerminalText(output)];
}
