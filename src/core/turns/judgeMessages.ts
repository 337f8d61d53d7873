import type { MessageWithParts } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';
import { judgeRun, type Outcome } from './outcome.ts';

/**
 * How the last run of an idle session ended, from its messages (at least those of that run, in the order of
 * time); undefined when nothing ever answered.
 */
export function judgeMessages(messages: readonly MessageWithParts[]): Outcome | undefined {
  const last = messages.findLast(({ info }) => info.role === 'assistant');
  if (last === undefined || last.info.role !== 'assistant') return undefined;
  // Completed with nothing in it and no end named: it was stopped while it waited to try again.
  const outcome = judgeRun({ answer: last.info, retrying: last.parts.length === 0 });
  if (outcome.kind !== 'unseen') return outcome;
  if (last.info.time.completed !== undefined) return { kind: 'rejected' };
  const message = l10n.t('The run was cut off in the middle, because its server ended.');
  return { kind: 'failed', error: { name: 'RunCutOff', data: { message } } };
}
