/**
 * Tells what the editors of this user wrote from what came in some other way. A session's metadata travels: with
 * `opencode import`, by any client of the server, into every fork. So what is acted on without a person's
 * word carries a proof, and without one it is shown at most.
 */
export interface Proof {
  /** What only an editor of this user can make of these words, which are JSON. */
  make(words: readonly unknown[]): string;
  holds(words: readonly unknown[], proof: string | undefined): boolean;
}
