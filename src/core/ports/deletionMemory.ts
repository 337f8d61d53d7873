/** A session that is to be deleted, as it is kept over a reload of the window. */
export interface Deletion {
  readonly sessionId: string;
  readonly name: string;
  /** Whether it stood in the archive before. */
  readonly wasArchived: boolean;
  /** The server was asked to delete it, and a person was told that it is not known whether it did. */
  readonly isUnknown?: true | undefined;
}

/** Where the sessions stand that are to be deleted, while the window may end. */
export interface DeletionMemory {
  read(): readonly Deletion[];
  write(deletions: readonly Deletion[]): void;
}
