/** A message in the server's own form, with all that the server keeps of it. */
export interface StoredMessage {
  readonly info: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly parts: readonly Readonly<Record<string, unknown>>[];
}

/** `before` is where the page before this one ends, absent at the beginning. */
export interface StoredPage {
  readonly messages: readonly StoredMessage[];
  readonly before?: string;
}

/** Sessions in the server's own form, also what nobody here reads of them: what is written down to be taken in again. */
export interface StoredSessions {
  getStored(sessionId: string): Promise<Readonly<Record<string, unknown>>>;
  /** The last messages of the session, or the last before that place, in the order of time. */
  listStored(
    sessionId: string,
    page: { readonly limit: number; readonly before?: string },
  ): Promise<StoredPage>;
}
