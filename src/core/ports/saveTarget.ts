import type { Remedy } from '../errors.ts';

/** A file that a person chose to have something written to. */
export interface SaveTarget {
  /** What it is called. */
  readonly name: string;
  /** Throws a `Problem` where it cannot be written. */
  write(text: string): Promise<void>;
  /** The button that opens it. */
  readonly open: Remedy;
}

/** Asks where to save a file of that name, beginning in the folder; undefined: nowhere. */
export type AskWhereToSave = (question: {
  readonly title: string;
  readonly directory: string;
  /** With its ending. */
  readonly name: string;
  /** The kinds of file, by what they are called: their endings. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
}) => Promise<SaveTarget | undefined>;
