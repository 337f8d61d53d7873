const fence = /^ {0,3}(?:`{3,}|~{3,}).*$/gm;
/** Where a link or a picture leads, with its title. */
const destination = /(?<=\])\((?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+"[^"\n]*")?\)/g;
const linePrefix = /^[ \t]*(?:#{1,6}|>)[ \t]+/gm;
/** Tags of HTML that are shown as what they mean, and comments, which are not shown. */
const tags =
  /<\/?(?:br|kbd|sub|sup|mark|ins|del|s|u|b|strong|i|em|small|q|var|samp|cite|details|summary)[ \t\n]{0,9}\/?>|<!--(?:(?!<!--)[\s\S]){0,10000}?-->/gi;
/** Signs that touch a word; where they stand alone they are read. */
const signs = /(?<=\S)(?:\*+|~~|`+)|(?:\*+|~~|`+)(?=\S)|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)/g;

/**
 * Roughly what a reader sees of Markdown, for a search that counts the same places as a page that shows it: without a
 * link's destination and the signs of headings, emphasis and code. A text inside a code block may lose such signs, too.
 */
export function withoutMarkup(markdown: string): string {
  return markdown
    .replaceAll(fence, '')
    .replaceAll(tags, '')
    .replaceAll(destination, '')
    .replaceAll(linePrefix, '')
    .replaceAll(signs, '');
}
