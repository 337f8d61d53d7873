import { l10n } from '../../core/l10n.ts';
import { withoutEarlierAttempts } from '../../core/turns/earlierAttempts.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import type { Message } from './entries.ts';
import { ownText } from './answerFigures.ts';

/** A session as a document in Markdown: who said what, and the calls by their titles. */
export function transcriptText(title: string, messages: readonly Message[], isPartial: boolean): string {
  const missing = isPartial ? [l10n.t('Not all of its messages were loaded when it was deleted.')] : [];
  const turns = messages.map(messageSection).filter((section) => section !== '');
  return `${[`# ${title}`, ...missing, ...turns].join('\n\n')}\n`;
}

function messageSection({ head, parts }: Message): string {
  const lines = withoutEarlierAttempts(parts)
    .map(partText)
    .filter((text) => text !== '');
  if (head.error !== undefined) lines.push(head.error.message);
  const speaker = head.role === 'user' ? l10n.t('Prompt to {0}', head.agent) : head.agent;
  return lines.length === 0 ? '' : [`## ${speaker}`, ...lines].join('\n\n');
}

function partText(part: PartEntry): string {
  if (part.type === 'text') {
    const text = ownText(part).trim();
    return part.clamped === undefined || text === '' ? text : `${text}…`;
  }
  if (part.type === 'tool') return `- ${[part.tool, part.title].filter((word) => word !== '').join(': ')}`;
  return part.type === 'file' ? `- ${part.filename}` : '';
}
