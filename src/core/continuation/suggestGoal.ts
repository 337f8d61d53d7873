import { cutText } from './digest/sentences.ts';
import { readableText } from './digest/readableText.ts';
import type { Gathered } from './gathered.ts';
import { digestTurns } from './sessionDigest.ts';
import { openTodos } from './todoDigest.ts';

/** Tokens of a goal that is put into a field of one line. */
const goalLength = 60;

/** What the next session is probably to reach: the first open todo, else what the answer itself calls next; else empty. */
export function suggestGoal({ todos, turns }: Pick<Gathered, 'todos' | 'turns'>): string {
  const goal = openTodos(todos)[0]?.content ?? digestTurns(turns).fields.next[0] ?? '';
  return cutText(readableText(goal).replaceAll(/\s+/g, ' ').trim(), goalLength);
}
