import { l10n } from '../l10n.ts';
import { type ExportForm, type Frame, headingLevel, type SessionHead } from './exportForm.ts';
import { inlineText } from './inlineMarkdown.ts';
import { MarkdownForm } from './markdownForm.ts';
import type { Piece, Section } from './section.ts';

/** An exported text in Markdown. */
export class MarkdownDocument implements ExportForm {
  readonly #folds: boolean;
  readonly #open: { readonly head: SessionHead; readonly form: MarkdownForm }[] = [];

  constructor({ folds }: { readonly folds: boolean }) {
    this.#folds = folds;
  }

  begin({ head }: Frame): string {
    return head === '' ? '' : `${head}\n\n`;
  }

  beginSession(head: SessionHead): string {
    const around = this.#open.map((one) => one.head.place);
    const level = headingLevel([...around, head.place]);
    const folds = this.#folds ? { thought: l10n.t('Reasoning') } : undefined;
    const outer = this.#open.at(-1)?.form;
    const form = new MarkdownForm(level, folds);
    this.#open.push({ head, form });
    if (head.place === 'whole') return '';
    const title = head.place === 'inner' ? l10n.t('Subagent: {0}', head.title) : head.title;
    const marks = '#'.repeat(Math.min(6, level - 1));
    const said = [
      `${marks} ${inlineText(title)}`,
      ...(head.facts === '' ? [] : [`*${inlineText(head.facts)}*`]),
    ];
    const [first = '', ...rest] = said.map((text) => form.block(text));
    // It goes on in a text that has begun, and in which something stood already or not.
    return (outer === undefined ? first : outer.block(first)) + rest.join('');
  }

  section(section: Section): string {
    return this.#form.open(section);
  }

  piece(piece: Piece): string {
    return this.#form.piece(piece);
  }

  note(words: string): string {
    return this.#form.block(`*${inlineText(words)}*`);
  }

  endSession(): string {
    const { head } = this.#open.pop() ?? {};
    const outer = this.#open.at(-1)?.form;
    if (outer === undefined) return '\n\n';
    outer.breakOff();
    return outer.block(`*${inlineText(l10n.t('End of the subagent “{0}”.', head?.title ?? ''))}*`);
  }

  end({ tail }: Frame): string {
    return tail === '' ? '' : `${tail}\n`;
  }

  get #form(): MarkdownForm {
    const open = this.#open.at(-1);
    if (open === undefined) throw new Error('A piece of an export stands in no session.');
    return open.form;
  }
}
