import { l10n } from '../l10n.ts';
import { inlineText } from './inlineMarkdown.ts';
import { addLeftOut, describeLeftOut, nothingLeftOut } from './leftOut.ts';
import { MarkdownForm } from './markdownForm.ts';
import type { Section } from './section.ts';

export interface SessionText {
  /** Absent: a part of a session, without a title. */
  readonly title?: string;
  /** When the session began, in milliseconds since 1970. */
  readonly created?: number;
  /** In the order of time. */
  readonly sections: readonly Section[];
  /** So many messages a revert took back: they are no part of it. */
  readonly reverted: number;
  /** Earlier messages are left out, as they would be too much. */
  readonly isPartial: boolean;
}

/** A session, or a part of one, as Markdown to be read, sent or kept; it ends with what it leaves out. */
export function buildSessionMarkdown({ title, created, sections, reverted, isPartial }: SessionText): string {
  const form = new MarkdownForm(2);
  const leftOut = sections.map((section) => section.leftOut).reduce(addLeftOut, nothingLeftOut);
  const omitted = describeLeftOut(leftOut, reverted);
  return [
    title === undefined ? '' : form.block(`# ${inlineText(title)}`),
    created === undefined ? '' : form.block(`*${l10n.t('OpenCode session, begun {0}', formatDay(created))}*`),
    isPartial ? form.block(`*${l10n.t('What came before is left out: it is too long for one text.')}*`) : '',
    ...sections.flatMap((section) => [
      form.open(section),
      ...section.pieces.map((piece) => form.piece(piece)),
    ]),
    omitted === '' ? '' : form.block(`---\n\n*${omitted}*`),
    '\n',
  ].join('');
}

/** The same everywhere, as whoever reads the text may be anywhere. */
export function formatDay(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
