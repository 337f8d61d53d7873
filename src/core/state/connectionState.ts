import type { Remedy } from '../errors.ts';

/** A workspace folder whose sessions the server could not list, and why, in a sentence for people. */
export interface UnreadableFolder {
  readonly directory: string;
  readonly message: string;
  readonly remedy?: Remedy;
}

/** Where the connection to the server stands; times are milliseconds since 1970. */
export type ConnectionState =
  /** No server is wanted yet, or it was stopped on purpose. */
  | { readonly kind: 'stopped' }
  /** The window is not trusted: nothing is started and nothing is connected to. */
  | { readonly kind: 'untrusted' }
  /** For the first time, or because a person asked; `url` is that of a server that is not ours. */
  | { readonly kind: 'starting'; readonly url?: string; readonly isService?: true }
  | {
      readonly kind: 'live';
      readonly url: string;
      readonly version: string;
      readonly managed: boolean;
      /** It is the one that the person's own OpenCode runs in the background. */
      readonly isService?: true;
      /** It is ours, and the person's own service runs beside it on the same sessions. */
      readonly meetsService?: true;
      /** The version is later than this one, which is the newest that the extension was tried with. */
      readonly newerThan?: string;
      /** Absent: all folders are there. */
      readonly unreadable?: readonly UnreadableFolder[];
    }
  /** The stream broke at `since`; `attempt` counts from 1. What is shown is as of `since`. */
  | {
      readonly kind: 'reconnecting';
      readonly since: number;
      readonly attempt: number;
      readonly reason: string;
    }
  /** It was not there when it was asked for at `since`, and is asked again and again; nothing is shown. */
  | {
      readonly kind: 'unreachable';
      readonly since: number;
      readonly attempt: number;
      readonly reason: string;
    }
  /** It is there and says that it is still starting; it is asked again as it wants to be. Nothing is shown. */
  | {
      readonly kind: 'awaited';
      readonly since: number;
      readonly attempt: number;
      readonly reason: string;
    }
  /** The stream is open but silent since `since`; what is shown may be old. */
  | { readonly kind: 'stale'; readonly since: number }
  /** It wants a password, or another one. It is not asked again before a person says so. */
  | { readonly kind: 'unauthorised'; readonly url: string; readonly message: string }
  | {
      readonly kind: 'incompatible';
      readonly version: string;
      /** What it is, and what to do, in a sentence for people. */
      readonly message: string;
      readonly managed: boolean;
    }
  /** No `opencode` was found; `searched` says where. */
  | { readonly kind: 'notInstalled'; readonly searched: readonly string[] }
  /** It could not be started or is no OpenCode server; `message` is a sentence for people. */
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly remedy?: Remedy;
      /** Asking the server again is of no use, but another one may do better. */
      readonly needsRestart?: boolean;
    };

/** Whether requests can be made and the stores are kept up to date. */
export function isLive(state: ConnectionState): boolean {
  return state.kind === 'live';
}
