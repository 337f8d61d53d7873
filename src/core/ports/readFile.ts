/** A file that a person chose. */
export interface ChosenFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Its text from the beginning on, each time anew. Throws a `Problem` where it cannot be read. */
  read(): AsyncIterable<string>;
}

/** Asks which files to open; undefined: none. */
export type AskWhatToOpen = (question: {
  readonly title: string;
  readonly directory: string;
  readonly kinds: Readonly<Record<string, readonly string[]>>;
}) => Promise<readonly ChosenFile[] | undefined>;
