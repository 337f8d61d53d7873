import type { Token } from './markdown.ts';

/**
 * One container around the text that still grows: an item of a list (`item`), a list of which whole items are parsed
 * again (`items`), a quote.
 */
type Level =
  | { readonly kind: 'quote' }
  | {
      readonly kind: 'item' | 'items';
      /** What its first line begins with, e.g. `10. `. */
      readonly marker: string;
      /** Whether its items hold paragraphs. */
      readonly isLoose: boolean;
    };

/**
 * The containers around the text that still grows. To parse that text alone, `prefix` goes before it and makes the
 * containers anew: each list begins with an item that tells whether the list is loose, each container that goes on
 * begins with a heading, after which any block may begin.
 */
export class ContainerPath {
  static readonly none = new ContainerPath([], '', '');
  readonly #levels: readonly Level[];
  readonly prefix: string;
  /** What each line inside begins with. */
  readonly lead: string;

  private constructor(levels: readonly Level[], prefix: string, lead: string) {
    this.#levels = levels;
    this.prefix = prefix;
    this.lead = lead;
  }

  get last(): Level | undefined {
    return this.#levels.at(-1);
  }

  /** Without the innermost container. */
  get outside(): ContainerPath {
    return this.#levels.slice(0, -1).reduce((path, level) => path.enter(level), ContainerPath.none);
  }

  enter(level: Level): ContainerPath {
    const { prefix, lead } = this;
    const levels = [...this.#levels, level];
    if (level.kind === 'quote') return new ContainerPath(levels, `${prefix}${lead}> # h\n`, `${lead}> `);
    const probe = `${prefix}${lead}${level.marker}p\n`;
    if (level.kind === 'items') return new ContainerPath(levels, probe, lead);
    const begun = `${probe}${lead}${level.marker}# h\n`;
    return new ContainerPath(levels, begun, lead + ' '.repeat(level.marker.length));
  }

  /** The tokens inside, of the block that `prefix` and the text behind it made; undefined if that is not this any more. */
  content(block: readonly Token[]): readonly Token[] | undefined {
    let from = 0;
    let to = block.length;
    for (const level of this.#levels) {
      if (closing(block, from) !== to - 1) return undefined;
      const begin =
        level.kind === 'quote'
          ? afterHeading(block, from, 'blockquote_open')
          : this.#item(block, from, level);
      if (begin === undefined) return undefined;
      to -= 1;
      if (level.kind === 'item') {
        if (closing(block, begin) !== to - 1) return undefined;
        const inside = afterHeading(block, begin, 'list_item_open');
        if (inside === undefined) return undefined;
        from = inside;
        to -= 1;
      } else from = begin;
    }
    return block.slice(from, to);
  }

  /** Where the items after the first one begin, which tells whether the list is loose. */
  #item(block: readonly Token[], list: number, level: Exclude<Level, { kind: 'quote' }>): number | undefined {
    const [opening, , probe] = block.slice(list, list + 3);
    if (!opening?.type.endsWith('list_open') || probe?.type !== 'paragraph_open') return undefined;
    // A blank line makes the whole list loose, also the items that are settled.
    if (!probe.hidden && !level.isLoose) return undefined;
    if (probe.hidden) {
      const end = closing(block, list);
      for (const token of block.slice(list, end)) {
        const isOwn = token.level === opening.level + 2 && token.type.startsWith('paragraph_');
        if (isOwn && level.isLoose) token.hidden = false;
      }
    }
    const behind = list + 6;
    return block[behind - 1]?.type === 'list_item_close' ? behind : undefined;
  }
}

function afterHeading(block: readonly Token[], at: number, type: string): number | undefined {
  const isIt = block[at]?.type === type && block[at + 1]?.type === 'heading_open';
  return isIt ? at + 4 : undefined;
}

/** The index of the token that closes the one at `at`; of one that needs no closing its own. */
export function closing(tokens: readonly Token[], at: number): number {
  const opening = tokens[at];
  if (opening === undefined || opening.nesting !== 1) return at;
  return tokens.findIndex(
    (token, index) => index > at && token.level === opening.level && token.nesting === -1,
  );
}
