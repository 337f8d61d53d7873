import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { PartEntry, ToolEntry } from '../../protocol/page/entries.ts';
import type { SubagentState } from '../../protocol/page/header.ts';
import type { Waited } from '../../core/turns/waitedBetween.ts';
import type { Highlighter } from '../code/highlighter.ts';

/** The part of one type. */
export type PartOf<Type extends PartEntry['type']> = Extract<PartEntry, { readonly type: Type }>;

/** One part of a message in the document. */
export interface PartView {
  readonly element: HTMLElement;
  update(part: PartEntry): void;
  /** What its turn does to it is otherwise: the turn is over, or waits for a person or no longer. */
  turnChanged?(): void;
}

/** What the views of parts share. */
export interface PartSurroundings {
  readonly sessionId: string;
  /** The session's own. */
  readonly directory: string;
  readonly messageId: string;
  readonly role: 'user' | 'assistant';
  /** Whether the message is a command that the person ran. */
  readonly isOwnCommand: boolean;
  readonly highlighter: Highlighter;
  readonly expanded: Expanded;
  readonly post: (message: FromPage) => void;
  /** How a subagent of the session does. */
  readonly subagentState: (sessionId: string) => SubagentState | undefined;
  /** Whether short diffs stand open by themselves. */
  readonly opensDiffs: (messageId: string) => boolean;
  /** Whether a person is to allow a call. */
  readonly isAsked: (call: ToolEntry) => boolean;
  /** How long a call waited for a person. */
  readonly waited: (call: ToolEntry) => Waited;
}

/** Which parts the reader has opened or closed; it outlives their rows. */
export class Expanded {
  readonly #chosen = new Map<string, boolean>();

  get(partId: string, otherwise: boolean): boolean {
    return this.#chosen.get(partId) ?? otherwise;
  }

  has(partId: string): boolean {
    return this.#chosen.has(partId);
  }

  set(partId: string, isOpen: boolean): void {
    this.#chosen.set(partId, isOpen);
  }

  delete(partId: string): void {
    this.#chosen.delete(partId);
  }
}
