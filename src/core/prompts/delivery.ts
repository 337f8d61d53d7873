import type { DeliveryCause, DeliverySource, Sender } from '../../protocol/ledger.ts';
import type { Relayed } from '../../protocol/relayed.ts';
import type { FollowedPrompt, PromptEnding } from '../turns/followedPrompt.ts';

export type { PromptEnding };

/** By what a prompt comes to be sent. */
export type PromptCause = DeliveryCause;

/** Why a prompt is sent, as whoever sends it says. */
export interface Causation {
  readonly cause: PromptCause;
  /** Who wanted it; absent: the person before the editor. */
  readonly by?: Sender | undefined;
  /** The session, and the message there, that it goes back to. */
  readonly source?: DeliverySource | undefined;
  /** Whether a person presses Send for it at this moment, where that is not so by its cause. */
  readonly isPressed?: boolean;
}

/** Whether nobody presses Send for it at this moment: Stop All holds it. */
export function isSentByItself({ cause, by, isPressed }: Causation): boolean {
  if (isPressed !== undefined) return !isPressed;
  return by !== undefined || byThemselves.has(cause);
}

/** Who wanted what goes on from one agent to another, or what an automation sends; undefined: a person. */
export function senderOf(relayed: Relayed | undefined): Sender | undefined {
  if (relayed?.automation !== undefined) return { kind: 'automation', name: relayed.automation.name };
  const from = relayed?.from;
  return from && { kind: 'agent', session: from.session, agent: from.agent };
}

const byThemselves: ReadonlySet<PromptCause> = new Set(['queue', 'relay', 'automation']);

/** What is known of a prompt, in the order in which it comes to be known. */
export type DeliveryState =
  /** It waits for what holds the session; `reason` is a sentence. */
  | { readonly kind: 'waiting'; readonly reason: string }
  /** Its request is on its way, or was answered without proof that the prompt is kept. */
  | { readonly kind: 'sending' }
  | { readonly kind: 'accepted' }
  /**
   * Whether it arrived is not known: it is looked for as soon as the server can be asked. `isAccepted`: the server said
   * yes to its request, so that it may come late. `refusal`: it said later that it does not come, in a sentence.
   */
  | {
      readonly kind: 'unknown';
      readonly isAccepted?: true | undefined;
      readonly refusal?: string | undefined;
    }
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
  /** Who wanted it; absent: the person before the editor. */
  readonly by?: Sender | undefined;
  readonly source?: DeliverySource | undefined;
  readonly agent: string;
  /** The beginning of what is sent. */
  readonly text: string;
  /** Files are sent with it. */
  readonly hasFiles?: true | undefined;
  /** When it began to be sent, in milliseconds since 1970. */
  readonly time: number;
  readonly state: DeliveryState;
}

/** A prompt that the server is known to hold. */
export interface Delivery extends Pick<FollowedPrompt, 'messageId' | 'answering'> {
  /** Resolves when the run that took it is over, also across a broken stream and a server that cannot be asked for a while. */
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

/** The same prompt, of which nobody sees any more what becomes of it. */
export function withoutWord(state: DeliveryState): DeliveryState {
  if (state.kind === 'unknown') return state;
  return isAccepted(state) ? { kind: 'unknown', isAccepted: true } : { kind: 'unknown' };
}

function isAccepted(state: DeliveryState): boolean {
  return state.kind === 'accepted' || (state.kind === 'unknown' && state.isAccepted === true);
}

/**
 * How long a prompt that the server accepted may come late, in milliseconds: a plugin's hook is run before it is stored
 * and may ask a model or a person. After that it counts as absent, so that what nobody knows is not so for ever;
 * sent again, it is stored under the same id, so that one which comes later still is there once.
 */
const lateLimit = 5 * 60_000;

/** Whether the server may yet store a prompt that it does not hold. `now`: milliseconds since 1970. */
export function mayComeLate({ state, time }: DeliveryEntry, now: number): boolean {
  return isAccepted(state) && now < time + lateLimit;
}
