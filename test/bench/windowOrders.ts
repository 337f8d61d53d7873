/** What the suite in the extension host is told to do, one order after the other. */
export type WindowOrder =
  /** Opens a webview with nothing in it but a script that says that it runs. */
  | { readonly order: 'emptyWebview' }
  /** Runs the extension's command that shows a session. */
  | { readonly order: 'openSession'; readonly sessionId: string }
  /** Runs the extension's command that shows a session as a document, until its newest turn is there. */
  | { readonly order: 'openDocument'; readonly sessionId: string }
  /** Opens the view of the sessions in a window in which the extension was not asked for yet. */
  | { readonly order: 'openTree'; readonly serverUrl: string; readonly directory: string }
  /** Builds the session tree from the server's answer. */
  | { readonly order: 'tree'; readonly serverUrl: string; readonly directory: string }
  /** Runs the extension's command that drafts a hand off. */
  | {
      readonly order: 'handOff';
      readonly sessionId: string;
      readonly serverUrl: string;
      readonly directory: string;
    }
  /** Discards the draft that is shown. */
  | { readonly order: 'discardDraft' }
  | { readonly order: 'end' };

/** Milliseconds. */
export interface TreeTimes {
  /** From the server's answer to the items of the first rows. */
  readonly firstRows: number;
  readonly sessions: number;
  /** Of one change of status, with the item of the row. */
  readonly statusEvent: number;
  /** How many rows that draws again; NaN where it draws the whole tree. */
  readonly rowsDrawn: number;
}

export interface TimedStart {
  /** When the command was called, in milliseconds since 1970. */
  readonly start: number;
  /** The milliseconds that the server needs to answer the same requests, asked for by nothing but `fetch`. */
  readonly answers: number;
}

/**
 * By `emptyWebview` and `openDocument` their milliseconds; by `openSession` the time at which it began, in milliseconds since 1970; by
 * `discardDraft` nothing.
 */
export type WindowAnswer = number | TreeTimes | TimedStart | null;

/** Names the environment variable that holds the address at which orders are to be had. */
export const ordersVariable = 'OPENCODE_SESSIONS_BENCH_ORDERS';
