import { withoutGoal } from './blanks.ts';
import type { Draft } from './draft.ts';
import type { DraftOrder } from './draftOrder.ts';
import { expandTodos } from './goingTodos.ts';

/** What is sent of a text that stands in a draft of this order: all of it, with what its lines stand for. */
export function sentText({ going, blanks }: Pick<DraftOrder, 'going' | 'blanks'>, text: string): string {
  return expandTodos(withoutGoal(text, blanks), going);
}

/** The draft as it is sent. */
export function sentDraft(order: Pick<DraftOrder, 'going' | 'blanks'>, draft: Draft): Draft {
  return { ...draft, body: sentText(order, draft.body) };
}
