import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import type { SubagentState } from '../../protocol/page/header.ts';
import type { Highlighter } from '../code/highlighter.ts';

/** The part of one type. */
export type PartOf<Type extends PartEntry['type']> = Extract<PartEntry, { readonly type: Type }>;

/** One part of a message in the document. */
export interface PartView {
  readonly element: HTMLElement;
  update(part: PartEntry): void;
}

/** What the views of parts share. */
export interface PartSurroundings {
  readonly sessionId: string;
  /** The session's own. */
  readonly directory: string;
  readonly messageId: string;
  readonly role: 'user' | 'assistant';
  readonly highlighter: Highlighter;
  readonly expanded: Expanded;
  readonly post: (message: FromPage) => void;
  /** How a subagent of the session does. */
  readonly subagentState: (sessionId: string) => SubagentState | undefined;
}

/** Which parts the reader has opened or closed; it outlives their rows. */
export class Expanded {
  readonly #chosen = new Map<string, boolean>();

  get(partId: string, otherwise: boolean): boolean {
    return this.#chosen.get(partId) ?? otherwise;
  }

  set(partId: string, isOpen: boolean): void {
    this.#chosen.set(partId, isOpen);
  }
}
