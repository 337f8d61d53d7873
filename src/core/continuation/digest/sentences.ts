import { estimateTokens } from './tokenEstimate.ts';

// Both know the borders of every script; the language of a text is not known, and matters little to them.
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A full stop of an abbreviation, an initial or a number at the beginning, after which no sentence begins. */
const unended =
  /(?:^|[\s(„“"])(?:\p{L}|\d{1,2}|\p{L}\.\s?\p{L}|e\.g|i\.e|etc|vs|cf|approx|no|fig|resp|bzw|ca|evtl|ggf|inkl|nr|vgl|usw|ex|env|ej|pág|aprox|núm|es|pag|напр|см|стр|рис)\.$/iu;

/** Where a sentence begins with code, of which the rules of no language know. */
const beforeCode = /(?<=[.!?…]\s)(?=`)/u;

/** The sentences of a line of words, none of them ending within a span of code; `joinWords` makes the line of them again. */
export function splitSentences(text: string): readonly string[] {
  const found: string[] = [];
  let begun = '';
  for (const { segment } of sentences.segment(text)) {
    for (const piece of segment.split(beforeCode)) {
      begun += piece;
      if (hasOpenCode(begun) || unended.test(begun.trimEnd().slice(-24))) continue;
      // An opening bracket belongs to what follows it.
      const opened = /(?<=[.!?。！？]\s?)[「『（«“„([]+$/u.exec(begun)?.[0] ?? '';
      found.push(begun.slice(0, begun.length - opened.length).trim());
      begun = opened;
    }
  }
  return [...found, begun.trim()].filter((sentence) => sentence !== '');
}

/** Sentences, or lines, as one line: scripts without spaces have none between them. */
export function joinWords(words: readonly string[]): string {
  return words
    .filter((word) => word !== '')
    .join('\n')
    .replaceAll(
      /(?<=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])\n(?=[`\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])/g,
      '',
    )
    .replaceAll('\n', ' ');
}

/** `text` in at most about so many tokens: whole, or cut where a clause or a word ends, and never within a character. */
export function cutText(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  const room = takeTokens(text, Math.max(1, tokens) - 0.5);
  const clause = room.search(/[,;:，、；：—–][^,;:，、；：—–]{0,60}$/u);
  const space = room.lastIndexOf(' ');
  const at = clause > room.length * 0.6 ? clause : space > room.length / 2 ? space : room.length;
  const kept = withoutOpenCode(room.slice(0, at)).trimEnd();
  return `${kept.replace(/(?<![,;:，、；：—–.…])[,;:，、；：—–.…]+$/u, '')}…`;
}

/** The beginning of a text that takes no more tokens, in whole characters. */
function takeTokens(text: string, tokens: number): string {
  let [taken, weight] = ['', 0];
  for (const { segment } of graphemes.segment(text.slice(0, tokens * 4 + 64))) {
    weight += isDense(segment) ? 1 : segment.length / 4;
    if (weight > tokens) break;
    taken += segment;
  }
  return taken;
}

function isDense(character: string): boolean {
  return estimateTokens(character.repeat(4)) > character.length;
}

function hasOpenCode(text: string): boolean {
  return text.split('`').length % 2 === 0;
}

function withoutOpenCode(text: string): string {
  return hasOpenCode(text) ? text.slice(0, text.lastIndexOf('`')) : text;
}
