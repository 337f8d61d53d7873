import type { AssistantMessage, RunError, UserMessage } from './records.ts';

/** How a run ended. Only `settled` is an end after which something may go on by itself. */
export type Outcome =
  | { readonly kind: 'settled'; readonly answer: AssistantMessage }
  /** The answer came to an end and is not whole: its `finish` is `length`, or says nothing that is known. */
  | { readonly kind: 'incomplete'; readonly answer: AssistantMessage }
  | { readonly kind: 'failed'; readonly error: RunError }
  /** Somebody pressed stop, here or in a terminal. */
  | { readonly kind: 'aborted' }
  /** A permission or a question was rejected, which ends a run without an answer. */
  | { readonly kind: 'rejected' }
  /** It ended before a message answered the last prompt: the server is gone, or would not begin. */
  | { readonly kind: 'unanswered'; readonly prompt: UserMessage }
  /** It ended within its last message, or after a step that another one should have followed: the server is gone. */
  | { readonly kind: 'interrupted'; readonly answer: AssistantMessage }
  /** It ended while nobody listened, or without a sign of how: ask the server (`judgeMessages`). */
  | { readonly kind: 'unseen' }
  | { readonly kind: 'deleted' };
