const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** `text` in one line of at most `length` characters, cut at a word and never within a character. For titles and labels. */
export function shorten(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  // What is written of several characters, e.g. a flag, stays whole or goes.
  const last = graphemes.segment(line.slice(0, length + 40)).containing(length - 1);
  const cut = line.slice(0, last?.index ?? length - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
