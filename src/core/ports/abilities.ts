/**
 * What a server can do beyond what all generations of OpenCode can. What is missing is neither shown nor asked for; the
 * words of the port that need it say so.
 */
export interface Abilities {
  /** Agents keep a list of todos with their session, and the server gives it, or else the companion once it has answered. */
  readonly todos: boolean;
  /**
   * A session can be put into an archive, and taken out again. Where the server keeps none, that is a mark of ours in its
   * metadata, which other clients do not know.
   */
  readonly archive: boolean;
  /** What is sent to a session at work waits on the server, where it can be listed, changed and taken back. */
  readonly serverQueue: boolean;
  /** A text can be had from a model without a session. */
  readonly generate: boolean;
  /** The server keeps which session a fork comes from. */
  readonly forkOrigin: boolean;
}
