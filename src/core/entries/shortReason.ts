import { plainTerminalText } from './terminalText.ts';

/** So many characters of a reason stand in a line; the whole error is told below it. */
const longest = 160;

/** Why something failed, in a line: the first one in which its error says something; '' where it says nothing. */
export function shortReason(error: string): string {
  const lines = plainTerminalText(error.slice(0, 4000)).split('\n');
  const said =
    lines.map((line) => line.trim().replace(/^(?:\w*Error: )+/, '')).find((line) => line !== '') ?? '';
  return said.length > longest ? `${said.slice(0, longest)}…` : said;
}
