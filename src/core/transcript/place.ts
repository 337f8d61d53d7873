import type { MessageHead } from '../../protocol/page/entries.ts';

/** Where a message stands in its session. */
export type Place = Pick<MessageHead, 'created' | 'id'>;

/** Whether `a` stands before `b`: by time, then by id, as the server's own clients order them. */
export function isBefore(a: Place, b: Place): boolean {
  return a.created < b.created || (a.created === b.created && a.id < b.id);
}
