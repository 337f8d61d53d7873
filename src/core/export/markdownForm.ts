import { fenceOf } from '../backticks.ts';
import { inlineText } from './inlineMarkdown.ts';
import type { Detail, Piece, Section } from './section.ts';

/** Where a piece of a text stands: what came last in it, and who said that. */
interface Place {
  author: string | undefined;
  last: 'aside' | 'block' | undefined;
}

/** Raw HTML that closes it would end the fold of the page that shows it. */
const folded = /<(?=\/?(?:details|summary)\b)/gi;

/**
 * Sections as Markdown, piece by piece: a heading for each who speaks, what was written, and quoted lists of what was done.
 * Each call answers with what is to be put behind all before.
 */
export class MarkdownForm {
  readonly #level: number;
  readonly #folds: { readonly thought: string } | undefined;
  readonly #place: Place = { author: undefined, last: undefined };

  /** `level`: the rank of the headings of those who speak. `folds`: thoughts are folded, under that word. */
  constructor(level: number, folds?: { readonly thought: string }) {
    this.#level = level;
    this.#folds = folds;
  }

  /** The heading of a section, unless the same one goes on speaking. */
  open({ author, heading, pieces }: Section): string {
    if (pieces.length === 0 && author !== 'compaction') return '';
    if (author === this.#place.author) return '';
    this.#place.author = author;
    return this.block(`${'#'.repeat(Math.min(6, this.#level))} ${heading}`);
  }

  piece(piece: Piece): string {
    switch (piece.kind) {
      case 'aside':
        return this.#aside(piece.text, piece.details ?? []);
      case 'thought':
        return this.block(this.#thought(piece.text));
      case 'text':
        return this.block(piece.text);
      case 'picture':
        return this.block(`![${inlineText(piece.name)}](${piece.url})`);
    }
  }

  /** A block by itself. */
  block(text: string): string {
    const { last } = this.#place;
    this.#place.last = 'block';
    return last === undefined ? text : `\n\n${text}`;
  }

  /** What comes next is under a heading, whoever said what came before. */
  breakOff(): void {
    this.#place.author = undefined;
  }

  #aside(text: string, details: readonly Detail[]): string {
    const { last } = this.#place;
    this.#place.last = 'aside';
    const before = last === undefined ? '' : last === 'aside' ? '\n' : '\n\n';
    const lines = details.flatMap(({ language, text: detail }) => {
      const marks = fenceOf(detail);
      return ['', `${marks}${language}`, ...detail.split('\n'), marks];
    });
    return [`${before}> - ${text}`, ...lines.map((line) => `>   ${line}`.trimEnd())].join('\n');
  }

  #thought(text: string): string {
    if (this.#folds === undefined) return text.replaceAll(/^/gm, '> ').replaceAll(/^> $/gm, '>');
    const safe = text.replaceAll(folded, String.raw`\<`);
    return `<details>\n<summary>${this.#folds.thought}</summary>\n\n${safe}\n\n</details>`;
  }
}
