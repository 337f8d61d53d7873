import { pairTags } from './htmlTags.ts';
import { lineAround } from './lines.ts';
import { parseInline, type References } from './markdown.ts';

/**
 * Where a paragraph can be cut so that nothing after the cut can change how the text before it reads; the last
 * `keptOpen` characters stay behind the cut.
 */
export function settledLength(text: string, references: References, keptOpen: number): number | undefined {
  for (const share of [1, 0.6, 0.3]) {
    const at = wordStart(text, Math.floor((text.length - keptOpen) * share));
    if (at !== undefined && isSettled(text.slice(0, at), references)) return at;
  }
  return undefined;
}

/** The last start of a word before `limit`, in a line that cannot become the head of a table. */
function wordStart(text: string, limit: number): number | undefined {
  for (let at = limit; at > 1 && limit - at < 200; at -= 1) {
    const isWord = text[at - 1] === ' ' && text[at - 2]?.trim() !== '' && /[A-Za-z]/.test(text[at] ?? '');
    if (isWord) return lineAround(text, at).includes('|') ? undefined : at;
  }
  return undefined;
}

const opener = /<!--|[*~](?!\s)|(?<![A-Za-z0-9])_(?!\s)|`|\]\(/;

/** Whether `text` holds nothing that waits for its other half: emphasis, code, a bracket. */
function isSettled(text: string, references: References): boolean {
  let open = 0;
  const tokens = parseInline(text, references);
  const pairs = pairTags(tokens);
  for (const [index, token] of tokens.entries()) {
    // A tag without its other half.
    if (token.type === 'html_tag' && token.tag !== 'br' && !pairs.has(index)) return false;
    if (token.type !== 'text') continue;
    if (opener.test(token.content)) return false;
    for (const character of token.content) {
      if (character === '[') open += 1;
      else if (character === ']') open -= 1;
    }
  }
  return open <= 0;
}
