import { itemText } from './answer.ts';
import type { Block, ListItem, Table } from './markdown.ts';
import { cutText, joinWords, splitSentences } from './sentences.ts';
import { estimateTokens } from './tokenEstimate.ts';

/** Something that an answer says in one go: a sentence, or a sentence with the list that it announces. */
interface Phrase {
  readonly text: string;
  readonly items: readonly string[];
  readonly ordered?: boolean;
  /** Whether it only names what is not said: code, a table. */
  readonly isNamed: boolean;
}

/** Said out of courtesy, in some languages. */
const courtesies =
  /^(?:done|all done|found it|fixed it|great|perfect|sure|okay|ok|fertig|erledigt|alles klar|perfekt|voilà|c'est fait|parfait|listo|hecho|perfecto|pronto|feito|fatto|perfetto|ecco fatto|готово|сделано|完了です|完了しました|できました|完成了?|已完成|已经完成|完成しました|好的|搞定了?|완료했습니다|완료|let me know if .*|feel free to .*|i hope this helps|hope this helps|sag (?:einfach )?bescheid.*|n'hésitez pas .*|avísame si .*|avisa se .*|fammi sapere .*|дай(?:те)? знать.*|如有(?:任何)?问题.*|何かあれば.*)[.!。！\s]*$/iu;

/**
 * Blocks in one line of about so many tokens at most: as many whole sentences from the beginning as fit, and the last
 * one, which often asks or decides. What is no prose is named. Only a first sentence that is too long by itself is cut.
 */
export function sayShort(blocks: readonly Block[], tokens: number): string {
  const phrases = phrasesOf(blocks);
  const said = phrases.filter(({ isNamed }) => !isNamed);
  const [first, ...others] = said.length > 0 ? said : phrases;
  if (first === undefined) return '';
  const last = others.pop();
  const beginning = print(first, tokens);
  const end =
    last === undefined ? '' : print(last, Math.max(tokens / 2, tokens - estimateTokens(beginning) - 1));
  if (last === undefined || estimateTokens(beginning) + estimateTokens(end) + 1 > tokens) return beginning;
  let room = tokens - estimateTokens(beginning) - estimateTokens(end) - 1;
  const kept = [beginning];
  for (const phrase of others) {
    const next = print(phrase, Math.max(room, 0));
    room -= estimateTokens(` ${next}`);
    if (room < 0 || next.endsWith('…')) break;
    kept.push(next);
  }
  const isGap = kept.length <= others.length;
  // A gap with a cut sentence behind it tells less than the gap is worth.
  if (end.endsWith('…') && !last.text.endsWith('…')) return joinPhrases(kept);
  return joinPhrases([...kept, ...(isGap ? ['…'] : []), end]);
}

/** Blocks as Markdown of about so many tokens at most, whole ones only; headings are bold, what is no prose is named. */
export function sayLong(blocks: readonly Block[], tokens: number): string {
  const printed = blocks.map((block) => printBlock(block)).filter((text) => text !== '');
  const last = printed.at(-1) ?? '';
  let room = tokens - (printed.length > 1 ? estimateTokens(last) : 0);
  if (room < tokens / 2) room = tokens;
  const kept: string[] = [];
  for (const text of printed) {
    const cost = estimateTokens(text);
    if (cost > room) break;
    room -= cost;
    kept.push(text);
  }
  if (kept.length === printed.length) return kept.join('\n\n');
  if (kept.length === 0) return plainStart(sayShort(blocks, tokens));
  // A heading without what it is of says nothing.
  if (/^\*\*.*\*\*$/.test(kept.at(-1) ?? '')) kept.pop();
  const isEndSaid = estimateTokens(last) <= tokens / 2;
  return [...kept, '…', ...(isEndSaid ? [last] : [])].join('\n\n');
}

/** Words at the beginning of a line that Markdown takes for words there. */
export function plainStart(text: string): string {
  return /^(?:#{1,6}(?:\s|$)|[-+*](?:\s|$)|>|~~~|(?:[-=_*]\s*){3,}$|\|)/.test(text)
    ? `\\${text}`
    : text.replace(/^(\d{1,9})([.)])(?=\s|$)/, String.raw`$1\$2`);
}

/** A phrase without a full stop gets one before the next. */
function joinPhrases(phrases: readonly string[]): string {
  const ended = phrases.map((phrase, index) =>
    index < phrases.length - 1 && /[\p{L}\p{N}`'")]$/u.test(phrase) ? `${phrase}.` : phrase,
  );
  return joinWords(ended);
}

/** Pictures before a sentence. */
const ornaments = /^(?:\p{Extended_Pictographic}\ufe0f?\s+)+(?=\S)/u;

/** The phrases of blocks that are said in several lengths, until one of them fits. */
const known = new WeakMap<readonly Block[], readonly Phrase[]>();

function phrasesOf(blocks: readonly Block[]): readonly Phrase[] {
  const phrases = known.get(blocks) ?? toPhrases(blocks);
  known.set(blocks, phrases);
  return phrases;
}

function toPhrases(blocks: readonly Block[]): readonly Phrase[] {
  const phrases: Phrase[] = [];
  let heading = '';
  const announced = (): Phrase | undefined => {
    const last = phrases.at(-1);
    return last?.items.length === 0 && /[:：]$/.test(last.text) ? phrases.pop() : undefined;
  };
  for (const block of blocks) {
    const title = heading;
    heading = '';
    switch (block.kind) {
      case 'heading':
        heading = /\p{L}/u.test(block.text) ? `${block.text.replace(/[:：]$/, '')}:` : '';
        break;
      case 'paragraph':
        for (const text of splitSentences(joinWords(block.lines.map((line) => line.text)))) {
          phrases.push({ text: text.replace(ornaments, ''), items: [], isNamed: false });
        }
        break;
      case 'list': {
        const items = block.items.map((item) => itemText(item)).filter((text) => text !== '');
        const text = announced()?.text ?? title;
        phrases.push({ text, items, ordered: block.ordered, isNamed: false });
        break;
      }
      case 'quote':
        phrases.push(...toPhrases(block.blocks));
        break;
      case 'table':
      case 'code': {
        const intro = announced();
        const name = nameBlock(block);
        phrases.push(
          intro === undefined
            ? { text: name, items: [], isNamed: true }
            : { text: `${intro.text.replace(/[:：]$/, '').trimEnd()} ${name}.`, items: [], isNamed: false },
        );
        break;
      }
    }
  }
  const telling = phrases.filter(({ text, items }) => items.length > 0 || !courtesies.test(text));
  return telling.length > 0 ? telling : phrases.slice(0, 1);
}

/** A phrase in about so many tokens at most; of a list as many items as fit. */
function print({ text, items, ordered = false }: Phrase, tokens: number): string {
  if (items.length === 0) return cutText(text, tokens);
  const intro = text === '' ? '' : `${text} `;
  const words = items.map((item, index) => {
    const mark = ordered && items.length > 1 ? `${index + 1}. ` : '';
    return `${mark}${item.replace(/[.;。；]$/u, '')}`;
  });
  for (let count = words.length; count > 0; count--) {
    const more = words.length - count;
    const list = [...words.slice(0, count), ...(more > 0 ? [`${more} more`] : [])].join('; ');
    const printed = `${intro}${list}${/[.!?。！？…]$/u.test(list) ? '' : '.'}`;
    if (estimateTokens(printed) <= tokens) return printed;
  }
  return cutText(`${intro}${words[0] ?? ''}`, tokens);
}

function printBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `**${block.text}**`;
    case 'paragraph':
      return plainStart(joinWords(block.lines.map(({ text }) => text)));
    case 'list':
      return printList(block.items, block.ordered, '');
    case 'quote':
      return block.blocks.map(printBlock).join('\n\n');
    case 'table':
    case 'code':
      return nameBlock(block);
  }
}

/** Items of a list that are said at most. */
const itemLimit = 12;

function printList(items: readonly ListItem[], ordered: boolean, indent: string): string {
  const more = items.length - itemLimit;
  return [
    ...items.slice(0, itemLimit).map(({ blocks, ticked }, index) => {
      const box = ticked === undefined ? '' : ticked ? '[x] ' : '[ ] ';
      const mark = `${indent}${ordered ? `${index + 1}.` : '-'} ${box}`;
      const own = blocks.filter((block) => block.kind !== 'list');
      const below = blocks.flatMap((block) =>
        block.kind === 'list' && indent.length < 6
          ? [printList(block.items, block.ordered, `${indent}${ordered ? '   ' : '  '}`)]
          : [],
      );
      const words = own.map((block) => printBlock(block).replaceAll('\n', ' ')).join(' ');
      return [`${mark}${words}`, ...below].join('\n');
    }),
    ...(more > 0 ? [`${indent}- ${more} more`] : []),
  ].join('\n');
}

/** What is not quoted, in brackets. */
function nameBlock(block: Table | (Block & { kind: 'code' })): string {
  if (block.kind === 'code') {
    const lines = block.lines === 1 ? '1 line' : `${block.lines} lines`;
    return block.language === '' ? `[${lines} of text]` : `[${lines} of ${block.language}]`;
  }
  const columns = block.columns.filter((name) => name !== '').map((name) => cutText(name, 8));
  const shown = [...columns.slice(0, 4), ...(columns.length > 4 ? ['…'] : [])].join(', ');
  return `[table: ${shown === '' ? '' : `${shown}; `}${block.rowCount === 1 ? '1 row' : `${block.rowCount} rows`}]`;
}
