import type { Attachment, ComposerDraft, PickedTarget, QueuedPrompt } from '../../protocol/page/composer.ts';
import type { Event } from '../event.ts';
import type { PromptTarget } from '../turns/promptTarget.ts';

/** A prompt that did not arrive and stands in its composer again. */
export interface GivenBack {
  readonly sessionId: string;
  readonly draft: ComposerDraft;
  /** A sentence that says why. */
  readonly problem: string;
}

/** What is picked for the next prompt of a session from here on. */
export interface KeptTarget {
  readonly sessionId: string;
  /** What it takes the place of: whatever else a person picked stays picked. */
  readonly picked: PickedTarget;
  readonly kept: PickedTarget;
}

/** A prompt that was taken. */
export interface SentPrompt {
  readonly kind: 'sent';
  /** What the next prompt is to go on with, where the session itself will not. */
  readonly kept: PromptTarget | undefined;
}

/** What became of what was sent from a composer. */
export type Typed =
  | SentPrompt
  /** A verb of ours was done; what was attached and did not go along is for the next prompt. */
  | { readonly kind: 'done'; readonly left: readonly Attachment[] }
  /** The person thought better of it, or left the question: it stands in the composer again. `why`: a sentence, if one is due. */
  | { readonly kind: 'givenBack'; readonly why?: string };

/** What stands in the composers, by session. */
export interface ComposerTexts {
  get(sessionId: string): ComposerDraft;
  /** Takes what a page tells while somebody types: without attachments, those that it told last stay. */
  update(sessionId: string, told: ComposerDraft): void;
  /** Puts text and files behind what stands in a composer. */
  add(sessionId: string, added: ComposerDraft): void;
  /** Something was not taken: it stands before what was typed since. */
  putBack(sessionId: string, sent: ComposerDraft): void;
  /** Writes all down that is still to be written. */
  keepNow(): void;
}

/** Prompts that are written in documents of the editor; their composers are locked meanwhile. */
export interface Lending {
  readonly onDidChange: Event<{ readonly sessionId: string }>;
  has(sessionId: string): boolean;
  /** Moves what stands in the composer of a session into a document, or shows the one in which it is. */
  lend(sessionId: string): Promise<void>;
  /** The session whose prompt stands in a document; without one, in the document that is being edited. */
  find(document: unknown): string | undefined;
  /** Moves the text back as it stands, and closes its document. */
  takeBack(sessionId: string): Promise<void>;
  /** Sends the draft with the text of its document, which is closed. */
  send(sessionId: string, send: (draft: ComposerDraft) => Promise<unknown>): Promise<void>;
}

/** The prompts that wait in the sessions, in the order in which they will be sent. */
export interface WaitingPrompts {
  readonly onDidChange: Event<{ readonly sessionId: string }>;
  of(sessionId: string): readonly QueuedPrompt[];
  /** Throws a `Problem` if it is gone or being sent. */
  edit(sessionId: string, id: string, text: string): Promise<void>;
  remove(sessionId: string, id: string): Promise<void>;
  /** Sends one before the others, also where the last turn did not end well; into the turn that runs, where one does. */
  sendNow(sessionId: string, id: string): Promise<void>;
}

/** All that views know of how prompts are sent. */
export interface Prompting {
  readonly drafts: ComposerTexts;
  readonly lent: Pick<Lending, 'has' | 'lend' | 'onDidChange'>;
  readonly waiting: WaitingPrompts;
  /** What was typed of commands, by the messages that they became. */
  readonly typed: { of(sessionId: string): Readonly<Record<string, string>> };
  /** Of prompts that were found not to have arrived after their sending was over, e.g. by another window. */
  readonly onDidGiveBack: Event<GivenBack>;
  /** After a command that was sent from no composer, or what was picked outside of it. */
  readonly onDidKeepTarget: Event<KeptTarget>;
  /**
   * Sends what was typed, or lets it wait where the session works; a verb of ours is done at once. Throws what says why
   * it was not taken; the text then stands in the composer again.
   */
  send(sessionId: string, draft: ComposerDraft, mode: 'queue' | 'steer'): Promise<Typed>;
}

/** Whether a prompt is written for the session and not sent, in its composer or in a document. */
export function isWritten(
  { drafts, lent }: { readonly drafts: Pick<ComposerTexts, 'get'>; readonly lent: Pick<Lending, 'has'> },
  sessionId: string,
): boolean {
  return lent.has(sessionId) || drafts.get(sessionId).text.trim() !== '';
}
