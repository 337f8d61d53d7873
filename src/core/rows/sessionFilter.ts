import type { Session } from '../../protocol/records.ts';

/** The words of a filter, in lower case; none for a blank filter. */
export function parseFilter(filter: string): readonly string[] {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Whether each of the words is found in the session's title, agent or id. */
export function matchesFilter(session: Session, words: readonly string[]): boolean {
  const text = `${session.title} ${session.agent ?? ''} ${session.id}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
