/** A session that is to be deleted, as it is kept over a reload of the window. */
export interface Deletion {
  readonly sessionId: string;
  readonly name: string;
  /** Whether it stood in the archive before. */
  readonly wasArchived: boolean;
}

/** Where the sessions stand that are to be deleted, while the window may end. */
export interface DeletionMemory {
  read(): readonly Deletion[];
  write(deletions: readonly Deletion[]): void;
}
