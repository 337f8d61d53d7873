import { l10n } from './l10n.ts';

/** A span of time in words as short as they can be: "0.4 s", "12 s", "3 min 5 s", "1 h 2 min", "2 days 3 h". */
export function formatDuration(milliseconds: number): string {
  const tenths = Math.round(milliseconds / 100);
  if (tenths < 100) return l10n.t('{0} s', (tenths / 10).toFixed(1));
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return l10n.t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return l10n.t('{0} min {1} s', minutes, seconds % 60);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return l10n.t('{0} h {1} min', hours, minutes % 60);
  return hours < 48
    ? l10n.t('1 day {0} h', hours - 24)
    : l10n.t('{0} days {1} h', Math.floor(hours / 24), hours % 24);
}

/** How long it is until `time`, in whole seconds; what is hours away has its time of day: "12 s", "5 h 2 min (17:05)". */
export function formatWait(time: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((time - now) / 1000));
  if (seconds < 60) return l10n.t('{0} s', seconds);
  const wait = formatDuration(seconds * 1000);
  return seconds < 3600 ? wait : `${wait} (${formatTime(time, now)})`;
}

/** A span of time as a clock counts it: "4 s", "1:12", "1:02:05". */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return l10n.t('{0} s', seconds);
  const [minutes, hours] = [Math.floor(seconds / 60) % 60, Math.floor(seconds / 3600)];
  const padded = (count: number): string => String(count).padStart(2, '0');
  if (hours === 0) return `${minutes}:${padded(seconds % 60)}`;
  return `${hours}:${padded(minutes)}:${padded(seconds % 60)}`;
}

/** A count of tokens: "950", "12.3k", "1.2M". */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  // What would be rounded to 1000k is a million.
  if (tokens < 999_950) return `${trimZero((tokens / 1000).toFixed(1))}k`;
  return `${trimZero((tokens / 1_000_000).toFixed(1))}M`;
}

/** The same as words: "1 token", "12.3k tokens". */
export function countTokens(tokens: number): string {
  return tokens === 1 ? l10n.t('1 token') : l10n.t('{0} tokens', formatTokens(tokens));
}

export function countFiles(files: number): string {
  return files === 1 ? l10n.t('1 file') : l10n.t('{0} files', files);
}

export function countMessages(messages: number): string {
  return messages === 1 ? l10n.t('1 message') : l10n.t('{0} messages', messages);
}

/** A count of bytes: "950 B", "12 kB", "2.1 MB". */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return l10n.t('{0} B', bytes);
  // What would be rounded to 1000 kB is a megabyte.
  if (bytes < 999_500) return l10n.t('{0} kB', Math.round(bytes / 1000));
  return l10n.t('{0} MB', (bytes / 1_000_000).toFixed(1));
}

/** A cost in USD; small ones keep their digits. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return '$0';
  return dollars < 0.01 ? `$${dollars.toFixed(4)}` : `$${dollars.toFixed(2)}`;
}

// Made once: to make one takes longer than all else that a row says.
let clock: Intl.DateTimeFormat | undefined;
let calendar: Intl.DateTimeFormat | undefined;

/** A time of day, with the date unless it is of the same day as `now`. */
export function formatTime(time: number, now: number): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date(now).toDateString();
  const format = isToday
    ? (clock ??= new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }))
    : (calendar ??= new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }));
  return format.format(date);
}

const trimZero = (number: string): string => number.replace(/\.0$/, '');
