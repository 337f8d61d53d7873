import type { MessageWithParts } from '../../protocol/records.ts';

/** What sessions said after the last message that all of them have. */
export interface SharedSplit {
  /** The last message that all have, as the first of them has it; undefined: none, as far as their messages were read. */
  readonly last: MessageWithParts | undefined;
  /** Of each, in the order in which they were given, what comes after that. */
  readonly own: readonly (readonly MessageWithParts[])[];
}

/**
 * Splits sessions where they part. `lists` are the messages of each in the order of time. A fork has copies of what stands
 * in its source, under other ids and with the times of the originals.
 */
export function splitShared(lists: readonly (readonly MessageWithParts[])[]): SharedSplit {
  const [first = [], ...others] = lists;
  const placesOf = (messages: readonly MessageWithParts[]) =>
    new Map(messages.map((message, index) => [keyOf(message), index]));
  const places = others.map(placesOf);
  const last = first.findLastIndex((message) => places.every((known) => known.has(keyOf(message))));
  const shared = first[last];
  if (shared === undefined) return { last: undefined, own: lists };
  const ends = [last, ...places.map((known) => known.get(keyOf(shared)) ?? -1)];
  return { last: shared, own: lists.map((messages, index) => messages.slice((ends[index] ?? -1) + 1)) };
}

function keyOf({ info }: MessageWithParts): string {
  return `${info.time.created} ${info.role}`;
}
