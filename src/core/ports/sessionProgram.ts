import type { Cancellation } from '../cancellation.ts';

/**
 * OpenCode's own program, where it works on the same sessions as the server: what it writes there, no event tells. Everything
 * throws a `Problem` in its words where it fails, and `CancelledError` where it was ended.
 */
export interface SessionProgram {
  /** Why it cannot be used, as a sentence; undefined: it can. */
  obstacle(): string | undefined;
  /** Takes a session in from a file of OpenCode's own form, into the project of that folder. */
  importFile(file: string, directory: string, cancellation?: Cancellation): Promise<void>;
  /** Writes a session into that file with every text in it replaced. */
  exportSanitized(sessionId: string, file: string, cancellation?: Cancellation): Promise<void>;
}
