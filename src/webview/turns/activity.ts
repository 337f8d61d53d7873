import { describeCall } from '../../core/activity.ts';
import { l10n } from '../../core/l10n.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import type { Wait } from '../../protocol/page/header.ts';
import { waitedBetween } from '../../core/turns/waitedBetween.ts';
import { waitsOf } from './answerFigures.ts';
import type { Message } from './entries.ts';

/** What a session does at this moment. */
export interface Activity {
  /** When the run began, in milliseconds since 1970, plus the time in which it stood still for a person; undefined: nobody knows for how long it did. */
  readonly since: number | undefined;
  /** In words behind others; empty where nothing more is known. */
  readonly doing: string;
  /** The model whose first word is waited for; empty once something was said, or where nobody knows it. */
  readonly awaited: string;
}

/** What the newest messages tell of the run that goes on, at `now`. */
export function readActivity(
  messages: readonly Message[],
  waits: readonly Wait[],
  now: number,
): Activity | undefined {
  const answer = messages.findLastIndex(({ head }) => head.role === 'assistant');
  // A prompt that the running turn has not taken up is not where that began.
  const isOpen = answer !== -1 && messages[answer]?.head.completed === undefined;
  const upTo = isOpen ? answer : messages.length - 1;
  const begin = messages.findLastIndex(({ head }, index) => index <= upTo && head.role === 'user');
  const prompt = messages[begin]?.head;
  if (prompt === undefined) return undefined;
  const waited = waitedBetween(waitsOf(messages.slice(begin), waits), prompt.created, now);
  const since = waited.isLeast ? undefined : prompt.created + waited.milliseconds;
  const answers = messages.slice(begin + 1).filter(({ head }) => head.role === 'assistant');
  const model = (answers.at(-1)?.head ?? prompt).model?.modelID ?? '';
  if (!answers.some(({ parts }) => parts.some(tells))) return { since, doing: '', awaited: model };
  const newest = answers.at(-1)?.parts.findLast(tells);
  return { since, doing: newest === undefined ? awaits(model) : describe(newest, model), awaited: '' };
}

/** Whether a part shows that something is done. */
function tells(part: PartEntry): boolean {
  return part.type === 'tool' || part.type === 'reasoning' || (part.type === 'text' && part.text !== '');
}

function describe(part: PartEntry, model: string): string {
  if (part.type === 'tool') {
    return part.status === 'running' || part.status === 'pending' ? describeCall(part) : awaits(model);
  }
  if (part.type === 'reasoning') return part.end === undefined ? l10n.t('thinking') : awaits(model);
  return part.type === 'text' && part.done !== true ? l10n.t('writing') : awaits(model);
}

function awaits(model: string): string {
  return model === '' ? '' : l10n.t('waiting for {0}', model);
}
