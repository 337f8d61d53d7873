import type { Draft } from './draft.ts';
import type { DraftWorld } from './draftCheck.ts';
import type { DraftOrder } from './draftOrder.ts';
import type { Disposable } from '../../event.ts';

/** What a server offers in a directory, to check drafts against. */
export type DraftOffer = Pick<DraftWorld, 'agents' | 'providers'>;

/** A continuation prompt as it stands in an editor; `id` names it in every window of the workspace. */
export interface WrittenDraft {
  readonly id: string;
  readonly order: DraftOrder;
  /** The whole document, what is not saved included. */
  readonly text: string;
  /** Whether there are words of a person in it: it was changed, or drafted with what they had written before. */
  readonly edited: boolean;
  /** When it was begun to be sent, in milliseconds since 1970, if nobody saw what became of that. */
  readonly cutOff?: number | undefined;
}

export interface OpenHow {
  /** The line of that text is shown. */
  readonly line?: string | undefined;
  /** What a person wrote stands in it, perhaps nowhere else: it counts as edited from the first. */
  readonly hasOwnWords?: boolean;
}

/** A draft that is being sent. */
export interface HeldDraft extends Disposable {
  /** Lets go of it although nobody knows what became of it: it counts as cut off until somebody does. */
  leaveOpen(): void;
}

/** Continuation prompts as documents that people edit. */
export interface Drafts {
  /**
   * Writes a draft and shows it beside what is open. One that a person edited is left; the draft gets another name.
   */
  open(order: DraftOrder, draft: Draft, how?: OpenHow): Promise<string>;
  /** Writes over a draft, or beside it if a person changed it meanwhile. Does not take the focus. */
  revise(id: string, order: DraftOrder, draft: Draft): Promise<string>;
  /** The draft that a command's argument names, else the one that is being looked at. */
  find(argument: unknown): Promise<WrittenDraft | undefined>;
  all(): Promise<readonly WrittenDraft[]>;
  show(id: string): Promise<void>;
  /** Keeps a draft from being sent a second time until disposed of; undefined if somebody else holds it. */
  hold(id: string): HeldDraft | undefined;
  /** Shows in the draft why it could not be sent, until it is edited. */
  mark(id: string, problem: string): void;
  /**
   * Closes and deletes a draft, if it still says `text` (absent: whatever it says). False: a person wrote in it
   * meanwhile, and it stays.
   */
  remove(id: string, text?: string): Promise<boolean>;
}
