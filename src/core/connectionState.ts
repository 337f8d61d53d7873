/** Where the connection to the server stands; times are milliseconds since 1970. */
export type ConnectionState =
  /** No server is wanted yet, or it was stopped on purpose. */
  | { readonly kind: 'stopped' }
  /** The window is not trusted: nothing is started and nothing is connected to. */
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'live'; readonly url: string; readonly version: string; readonly managed: boolean }
  /** The stream broke at `since`; `attempt` counts from 1. What is shown is as of `since`. */
  | {
      readonly kind: 'reconnecting';
      readonly since: number;
      readonly attempt: number;
      readonly reason: string;
    }
  /** The stream is open but silent since `since`; what is shown may be old. */
  | { readonly kind: 'stale'; readonly since: number }
  | { readonly kind: 'unauthorised'; readonly url: string }
  | { readonly kind: 'incompatible'; readonly version: string; readonly wanted: string }
  /** No `opencode` was found; `searched` says where. */
  | { readonly kind: 'notInstalled'; readonly searched: readonly string[] }
  /** It could not be started or is no OpenCode server; `message` is a sentence for people. */
  | { readonly kind: 'failed'; readonly message: string };

/** Whether requests can be made and the stores are kept up to date. */
export function isLive(state: ConnectionState): boolean {
  return state.kind === 'live';
}
