import { l10n } from './l10n.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, as short as a row of a tree allows: "now", "5m", "2h", "3d", then the day itself. */
export function relativeTime(time: number, now: number): string {
  const age = now - time;
  if (age < minute) return l10n.t('now');
  if (age < hour) return l10n.t('{0}m', Math.floor(age / minute));
  if (age < day) return l10n.t('{0}h', Math.floor(age / hour));
  if (age < 30 * day) return l10n.t('{0}d', Math.floor(age / day));
  return new Date(time).toISOString().slice(0, 10);
}

/** The same as people say it: "just now", "5 min ago", "2 h ago", "3 days ago", then the day itself. */
export function timeAgo(time: number, now: number): string {
  const age = now - time;
  if (age < minute) return l10n.t('just now');
  if (age < hour) return l10n.t('{0} min ago', Math.floor(age / minute));
  if (age < day) return l10n.t('{0} h ago', Math.floor(age / hour));
  if (age < 2 * day) return l10n.t('1 day ago');
  if (age < 30 * day) return l10n.t('{0} days ago', Math.floor(age / day));
  return l10n.t('on {0}', new Date(time).toISOString().slice(0, 10));
}
