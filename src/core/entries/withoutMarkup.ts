const fence = /^ {0,3}(?:`{3,}|~{3,}).*$/gm;
/** Where a link or a picture leads, with its title. */
const destination = /(?<=\])\((?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+"[^"\n]*")?\)/g;
const linePrefix = /^[ \t]*(?:#{1,6}|>)[ \t]+/gm;
/** Signs that touch a word; where they stand alone they are read. */
const signs = /(?<=\S)(?:\*+|~~|`+)|(?:\*+|~~|`+)(?=\S)|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)/g;

/**
 * Roughly what a reader sees of Markdown, for a search that counts the same places as a page that shows it: without a
 * link's destination and the signs of headings, emphasis and code. A text inside a code block may lose such signs, too.
 */
export function withoutMarkup(markdown: string): string {
  return markdown
    .replaceAll(fence, '')
    .replaceAll(destination, '')
    .replaceAll(linePrefix, '')
    .replaceAll(signs, '');
}
