import type { ChangedFile } from './changedFile.ts';

/** Whose folder it is about. */
export interface ChangesPlace {
  readonly directory: string;
}

/** A text beside what it becomes; null: no file is there. */
export interface Becoming {
  readonly path: string;
  readonly current: string | null;
  readonly next: string | null;
}

/** Changes as the editor shows them. */
export interface ChangesEditor {
  /** In one editor; answers with those that could not be shown. */
  showAll(
    place: ChangesPlace,
    title: string,
    changes: readonly ChangedFile[],
  ): Promise<readonly ChangedFile[]>;
  showOne(place: ChangesPlace, change: ChangedFile): Promise<void>;
  openFile(place: ChangesPlace, path: string): Promise<void>;
  showBecoming(title: string, files: readonly Becoming[]): Promise<void>;
}
