import type { Piece, Section } from './section.ts';

/** A session as it stands in an exported text. */
export interface SessionHead {
  readonly id: string;
  /** Of words. */
  readonly title: string;
  /** When it began and what it comes from, in words. */
  readonly facts: string;
  /** `whole`: the text is about this one alone. `chapter`: one of several. `inner`: a subagent, at the call that started it. */
  readonly place: 'whole' | 'chapter' | 'inner';
}

/** A prompt, or a session, to which a list at the beginning leads. */
export interface ContentsEntry {
  readonly id: string;
  readonly words: string;
  /** 0 for what stands at the margin. */
  readonly depth: number;
}

/** The words around the sessions, in Markdown. */
export interface Frame {
  readonly title: string;
  readonly head: string;
  readonly tail: string;
}

/**
 * What an exported text looks like: each call answers with what comes next in the file. Sessions may stand in each other; what
 * they say comes in the order of time.
 */
export interface ExportForm {
  begin(frame: Frame, contents: readonly ContentsEntry[]): string;
  beginSession(head: SessionHead): string;
  /** Before its pieces. */
  section(section: Section): string;
  piece(piece: Piece): string;
  /** A sentence of ours. */
  note(words: string): string;
  endSession(): string;
  end(frame: Frame): string;
}

/** How deep the headings of a session stand: those of who speaks, below one of its title where it has one. */
export function headingLevel(places: readonly SessionHead['place'][]): number {
  return places.reduce((level, place) => level + (place === 'whole' ? 0 : place === 'chapter' ? 1 : 2), 2);
}
