/** Escape sequences of a terminal program; the first group has the numbers of one, the second its letter. */
export const sequence =
  // oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
  /\u001b\[([0-9;:]*)([A-Za-z])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]/g;
// oxlint-disable-next-line no-control-regex -- control characters other than tab and line feed are left out
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** What a reader sees of the output of a terminal program. */
export function plainTerminalText(output: string): string {
  const text = overwritten(output);
  return withoutControls(text.includes('\u001b') ? text.replaceAll(sequence, '') : text);
}

export function withoutControls(text: string): string {
  return text.replaceAll(controls, '');
}

/** A return without a line feed writes over its line. */
export function overwritten(output: string): string {
  if (!output.includes('\r')) return output;
  return output
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.split('\r').findLast((piece) => piece !== '') ?? '')
    .join('\n');
}
