import { describeCall } from '../../core/activity.ts';
import { l10n } from '../../core/l10n.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import type { Wait } from '../../protocol/page/header.ts';
import { waitedBetween } from '../../core/turns/waitedBetween.ts';
import type { Message } from './entries.ts';

/** What a session does at this moment. */
export interface Activity {
  /** When the run began, in milliseconds since 1970, plus the time in which it stood still for a person. */
  readonly since: number;
  /** In words behind others; empty where nothing more is known. */
  readonly doing: string;
  /** The model whose first word is waited for, and nothing was said yet in the turn. */
  readonly awaited: string | undefined;
}

/** What the newest messages tell of the run that goes on, at `now`. */
export function readActivity(
  messages: readonly Message[],
  waits: readonly Wait[],
  now: number,
): Activity | undefined {
  const answer = messages.findLastIndex(({ head }) => head.role === 'assistant');
  // A prompt that the running turn has not taken up is not where that began.
  const running = messages[answer]?.head.completed === undefined ? answer : messages.length - 1;
  const prompt = messages.slice(0, running + 1).findLast(({ head }) => head.role === 'user');
  if (prompt === undefined) return undefined;
  const since = prompt.head.created + waitedBetween(waits, prompt.head.created, now);
  const last = messages[answer]?.head.parentID === prompt.head.id || answer > messages.indexOf(prompt);
  const open = last ? messages[answer]?.parts.findLast(tells) : undefined;
  const hasBegun =
    last && messages.slice(messages.indexOf(prompt) + 1).some(({ parts }) => parts.some(tells));
  const { model } = messages[answer > -1 && last ? answer : messages.indexOf(prompt)]?.head ?? {};
  if (!hasBegun) return { since, doing: '', awaited: model?.modelID ?? '' };
  return {
    since,
    doing: open === undefined ? awaits(model?.modelID) : describe(open, model?.modelID),
    awaited: undefined,
  };
}

/** Whether a part shows that something is done. */
function tells(part: PartEntry): boolean {
  return part.type === 'tool' || part.type === 'reasoning' || (part.type === 'text' && part.text !== '');
}

function describe(part: PartEntry, model: string | undefined): string {
  if (part.type === 'tool') {
    return part.status === 'running' || part.status === 'pending' ? describeCall(part) : awaits(model);
  }
  if (part.type === 'reasoning') return part.end === undefined ? l10n.t('thinking') : awaits(model);
  return part.type === 'text' && part.done !== true ? l10n.t('writing') : awaits(model);
}

function awaits(model = ''): string {
  return model === '' ? '' : l10n.t('waiting for {0}', model);
}
