import type { QuestionRequest } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';
import { withoutMarkup } from '../entries/withoutMarkup.ts';
import { cutMiddle, plainLine } from '../plainText.ts';

/** Characters of a question that stand in a line at most. */
const lineLength = 400;

/** An answer to choose, or what a question is called, as a plain line, letter by letter. */
export function questionLine(text: string): string {
  return cutMiddle(plainLine(text), lineLength);
}

/** A link; where it leads is read on the page. */
const link = /\[([^[\]\n]*)\]\([^()\s]*\)/g;

/** A question, or what is said of an answer, as a plain line: its words without the marks of Markdown. */
export function questionWords(text: string): string {
  return questionLine(withoutMarkup(text.replaceAll(link, '$1')));
}

/** What is asked, in a line: the first question, and how many others there are. */
export function nameQuestions({ questions: [first, ...others] }: QuestionRequest): string {
  const question = first === undefined ? l10n.t('has a question') : questionWords(first.question);
  return others.length === 0 ? question : l10n.t('{0} (and {1} more)', question, others.length);
}
