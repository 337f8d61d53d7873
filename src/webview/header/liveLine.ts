import { activityLine } from '../../core/activity.ts';
import { l10n } from '../../core/l10n.ts';
import type { SessionHeader, Wait } from '../../protocol/page/header.ts';
import { readActivity } from '../turns/activity.ts';
import type { Message } from '../turns/entries.ts';

/** What tells what a session does. */
export interface LiveSource {
  readonly messages: readonly Message[];
  readonly waits: readonly Wait[];
}

/** What is done now, and for how long; undefined where nothing tells. */
export function liveLine(
  status: SessionHeader['status']['type'],
  { messages, waits }: LiveSource,
): string | undefined {
  const now = Date.now();
  const activity = readActivity(messages, waits, now);
  if (activity === undefined) return undefined;
  const { since, doing, awaited } = activity;
  const time = since === undefined ? undefined : now - since;
  if (status === 'compacting') return activityLine(l10n.t('Compacting'), time);
  if (awaited !== '') return activityLine(l10n.t('Waiting for {0}', awaited), time);
  return activityLine(l10n.t('Working'), time, doing);
}
