import type { FollowedPrompt, PromptEnding } from '../turns/followedPrompt.ts';

export type { PromptEnding };

/** Who or what sends a prompt. */
export type PromptCause =
  | 'typed'
  | 'queue'
  | 'relay'
  | 'handOff'
  | 'fork'
  | 'compaction'
  | 'extraction'
  | 'tell';

/** What is known of a prompt, in the order in which it comes to be known. */
export type DeliveryState =
  /** It waits for what holds the session; `reason` is a sentence. */
  | { readonly kind: 'waiting'; readonly reason: string }
  /** Its request is on its way, or was answered without proof that the prompt is kept. */
  | { readonly kind: 'sending' }
  | { readonly kind: 'accepted' }
  /** Whether it arrived is not known: it is looked for as soon as the server can be asked. */
  | { readonly kind: 'unknown' }
  /** It is known not to have arrived; `reason` is a sentence. */
  | { readonly kind: 'absent'; readonly reason: string }
  /** The server was seen to hold it. */
  | { readonly kind: 'stored' }
  /** Somebody answers it. */
  | { readonly kind: 'started' }
  | { readonly kind: 'ended'; readonly how: PromptEnding['kind'] };

/** One prompt of this window, from before it is sent to its end. */
export interface DeliveryEntry {
  /** Ours, under which the server keeps it. */
  readonly messageId: string;
  readonly sessionId: string;
  readonly directory: string;
  readonly cause: PromptCause;
  readonly agent: string;
  /** The beginning of what is sent. */
  readonly text: string;
  /** When it was written, in milliseconds since 1970. */
  readonly time: number;
  readonly state: DeliveryState;
}

/** A prompt that the server is known to hold. */
export interface Delivery extends Pick<FollowedPrompt, 'messageId' | 'answering'> {
  /** Resolves when the run that took it is over, also across a broken stream; throws when the server is gone. */
  readonly ended: Promise<PromptEnding>;
}

/** Whether a turn of its session is on its way to begin, or goes on, because of it. */
export function isAtWork({ cause, state }: DeliveryEntry): boolean {
  // What is told begins no turn.
  return cause !== 'tell' && atWork.has(state.kind);
}

const atWork: ReadonlySet<DeliveryState['kind']> = new Set([
  'waiting',
  'sending',
  'accepted',
  'stored',
  'started',
]);

/** Whether the server is known to hold the prompt. */
export function hasArrived({ state }: Pick<DeliveryEntry, 'state'>): boolean {
  return state.kind === 'stored' || state.kind === 'started' || state.kind === 'ended';
}

/** Whether it is still to be found out if the server holds the prompt. */
export function isOpen({ state }: DeliveryEntry): boolean {
  return state.kind === 'sending' || state.kind === 'accepted' || state.kind === 'unknown';
}
