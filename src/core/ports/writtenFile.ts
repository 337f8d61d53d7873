import type { Remedy } from '../errors.ts';

/** A text that was put aside while a file is written. */
export interface KeptText {
  /** Where it begins, and how long it is, in bytes. */
  readonly start: number;
  readonly length: number;
}

/**
 * A file that is written under another name until it is whole: whoever looks for it finds what was there before, or all of it.
 * Everything throws a `Problem` where the disk has no room or does not let it be written; then it is discarded.
 */
export interface WrittenFile {
  /** Where it is written, as an absolute path, for a program that does so. */
  readonly path: string;
  write(text: string): Promise<void>;
  /** Puts a text aside, to be had again until the file is whole or discarded. */
  keep(text: string): Promise<KeptText>;
  read(kept: KeptText): Promise<string>;
  /** All that was written stands in it, under its other name, for a program that reads it there. */
  flush(): Promise<void>;
  /** Gives it its name, over what was called so. */
  finish(): Promise<void>;
  /** Leaves nothing of it; after `finish` it does nothing. */
  discard(): Promise<void>;
}

/** A folder of such files, which is there with all of them or not at all. */
export interface WrittenFolder extends Pick<WrittenFile, 'finish' | 'discard'> {
  add(name: string): Promise<WrittenFile>;
}

/** Where a person wants something written to. */
export interface SaveTarget<Written> {
  /** What it is called. */
  readonly name: string;
  begin(): Promise<Written>;
  /** The buttons that open it, and that show where it is. */
  readonly open: Remedy;
  readonly reveal: Remedy;
}

interface SaveQuestion {
  readonly title: string;
  /** Where the dialog begins. */
  readonly directory: string;
  /** With its ending. */
  readonly name: string;
}

/** Asks where to save something; undefined: nowhere. */
export interface AskWhereToSave {
  file(
    question: SaveQuestion & {
      /** The kinds of file, by what they are called: their endings. */
      readonly kinds: Readonly<Record<string, readonly string[]>>;
    },
  ): Promise<SaveTarget<WrittenFile> | undefined>;
  /** A folder that is not there yet. */
  folder(question: SaveQuestion): Promise<SaveTarget<WrittenFolder> | undefined>;
}
