import { l10n } from '../../core/l10n.ts';
import { toolSummary } from '../../core/entries/toolSummary.ts';
import { messageText } from './answerFigures.ts';
import type { Message } from './entries.ts';

/** Characters of an answer that are read out. */
const length = 400;

/** What a turn came to, as it is read out: its words, else the call that it ended with, as that of a `!` command. */
export function spokenAnswer(answer: Message, directory: string): string {
  const { agent } = answer.head;
  const words = messageText(answer);
  if (words !== '') return l10n.t('{0} answered: {1}', agent, words.slice(0, length));
  const call = answer.parts.findLast((part) => part.type === 'tool');
  if (call === undefined) return l10n.t('{0} ended without an answer.', agent);
  const { verb, subject = '', detail = '' } = toolSummary(call, directory);
  return l10n.t(
    'Done: {0}',
    [verb, subject, detail]
      .filter((word) => word !== '')
      .join(' ')
      .slice(0, length),
  );
}
