/** What stands at a path: a text that can be written again byte by byte, or nothing. */
export type FileState =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly mode: number;
      /** By what the disk knows it, under whichever name; absent: it was not read from there. */
      readonly inode?: string;
    };

export interface FileReplacement {
  readonly path: string;
  /** What stands there; another one is not overwritten. */
  readonly from: FileState;
  readonly to: FileState;
}

/**
 * The files of a session's folder. Whatever lies outside of it, also by way of a link, is refused with a sentence, and so is
 * what is no text or is being edited.
 */
export interface WorkingFiles {
  read(directory: string, path: string): Promise<FileState>;
  /** All of them or none, as far as the disk allows. */
  replace(directory: string, replacements: readonly FileReplacement[]): Promise<void>;
}
