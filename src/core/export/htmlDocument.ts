import { l10n } from '../l10n.ts';
import {
  type ContentsEntry,
  type ExportForm,
  type Frame,
  headingLevel,
  type SessionHead,
} from './exportForm.ts';
import { htmlStyle } from './htmlStyle.ts';
import { escapeHtml, renderLine, renderMarkdown } from './htmlText.ts';
import { formatDay } from './sessionMarkdown.ts';
import type { Detail, Piece, Section } from './section.ts';

/** The page loads nothing and runs nothing; a picture stands in it. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

interface OpenSession {
  readonly head: SessionHead;
  readonly level: number;
  author: string | undefined;
  /** What the next piece goes on with. */
  inside: 'prompt' | undefined;
}

/** An exported text as one page: no script, nothing loaded, light and dark, to be printed and searched by the browser. */
export class HtmlDocument implements ExportForm {
  readonly #folds: boolean;
  readonly #open: OpenSession[] = [];

  constructor({ folds }: { readonly folds: boolean }) {
    this.#folds = folds;
  }

  begin({ title, head }: Frame, contents: readonly ContentsEntry[]): string {
    return [
      '<!doctype html>',
      '<html lang="en">',
      '<head>',
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="referrer" content="no-referrer">',
      '<meta name="color-scheme" content="light dark">',
      `<title>${escapeHtml(title)}</title>`,
      `<style>\n${htmlStyle}\n</style>`,
      '</head>',
      '<body>',
      `<header>\n${renderMarkdown(head)}\n</header>`,
      ...listContents(contents),
      '<main>',
      '',
    ].join('\n');
  }

  beginSession(head: SessionHead): string {
    const level = headingLevel([...this.#open.map((one) => one.head.place), head.place]);
    const before = this.#endPrompt();
    this.#open.push({ head, level, author: undefined, inside: undefined });
    const title = escapeHtml(head.title);
    const facts = head.facts === '' ? '' : `<p class="facts">${escapeHtml(head.facts)}</p>\n`;
    switch (head.place) {
      case 'whole':
        return before;
      case 'chapter':
        return `${before}<section class="chapter"${anchor(head.id)}>\n${this.#heading(level - 1, title)}\n${facts}`;
      case 'inner':
        return `${before}<details class="inner"${anchor(head.id)}>\n<summary>${l10n.t('Subagent: {0}', title)}</summary>\n${facts}`;
    }
  }

  section({ id, author, role, heading, time, pieces }: Section): string {
    const session = this.#session;
    if (pieces.length === 0 && author !== 'compaction') return '';
    if (author === session.author) return '';
    const before = this.#endPrompt();
    session.author = author;
    const day = new Date(time).toISOString();
    const name = `<a href="#${encodeURIComponent(id)}">${renderLine(heading)}</a>`;
    const words = this.#heading(
      session.level,
      `${name} <time datetime="${day}">${formatDay(time)}</time>`,
      ` class="speaker"${anchor(id)}`,
    );
    if (role !== 'prompt') return `${before}${words}\n`;
    session.inside = 'prompt';
    return `${before}${words}\n<div class="prompt">\n`;
  }

  piece(piece: Piece): string {
    switch (piece.kind) {
      case 'text':
        return `<div class="said" dir="auto">\n${renderMarkdown(piece.text)}\n</div>\n`;
      case 'thought': {
        const text = renderMarkdown(piece.text);
        if (!this.#folds) return `<div class="thought" dir="auto">\n${text}\n</div>\n`;
        return `<details class="thought">\n<summary>${l10n.t('Reasoning')}</summary>\n${text}\n</details>\n`;
      }
      case 'aside':
        return this.#aside(renderLine(piece.text), piece.details ?? []);
      case 'picture':
        return `<p><img src="${escapeHtml(piece.url)}" alt="${escapeHtml(piece.name)}"></p>\n`;
    }
  }

  note(words: string): string {
    return `<p class="did">${escapeHtml(words)}</p>\n`;
  }

  endSession(): string {
    const before = this.#endPrompt();
    const place = this.#open.pop()?.head.place;
    const outer = this.#open.at(-1);
    if (outer !== undefined) outer.author = undefined;
    return before + (place === 'chapter' ? '</section>\n' : place === 'inner' ? '</details>\n' : '');
  }

  end({ tail }: Frame): string {
    return `</main>\n<footer>\n${renderMarkdown(tail)}\n</footer>\n</body>\n</html>\n`;
  }

  #aside(line: string, details: readonly Detail[]): string {
    if (details.length === 0) return `<p class="did">${line}</p>\n`;
    const texts = details.map(({ text }) => `<pre><code>${escapeHtml(text)}</code></pre>`);
    return `<details class="did">\n<summary>${line}</summary>\n${texts.join('\n')}\n</details>\n`;
  }

  #heading(level: number, words: string, attributes = ''): string {
    const rank = Math.min(6, level);
    return `<h${rank}${attributes}>${words}</h${rank}>`;
  }

  #endPrompt(): string {
    const session = this.#open.at(-1);
    if (session?.inside === undefined) return '';
    session.inside = undefined;
    return '</div>\n';
  }

  get #session(): OpenSession {
    const open = this.#open.at(-1);
    if (open === undefined) throw new Error('A piece of an export stands in no session.');
    return open;
  }
}

function listContents(contents: readonly ContentsEntry[]): readonly string[] {
  if (contents.length < 2) return [];
  const lines = contents.map(({ id, words, depth }) => {
    const inset = depth === 0 ? '' : ` style="margin-left: ${Math.min(depth, 6)}rem"`;
    return `<li${inset}><a href="#${encodeURIComponent(id)}">${escapeHtml(words)}</a></li>`;
  });
  return [
    `<nav class="contents" aria-label="${escapeHtml(l10n.t('Contents'))}">`,
    `<details${contents.length > 30 ? '' : ' open'}>\n<summary>${l10n.t('Contents')}</summary>\n<ol>`,
    ...lines,
    '</ol>\n</details>\n</nav>',
  ];
}

const anchor = (id: string): string => ` id="${escapeHtml(id)}"`;
