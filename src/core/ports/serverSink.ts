import type { ServerEvent } from '../../protocol/events.ts';
import type { PermissionRequest, QuestionRequest, Session, SessionStatus } from '../../protocol/records.ts';

/** What one directory of the server holds. */
export interface DirectorySnapshot {
  readonly directory: string;
  readonly sessions: readonly Session[];
  /** The sessions of the same project in other directories; what these do is not told with them. Absent: none. */
  readonly elsewhere?: readonly Session[];
  /** By session id; absent means idle. */
  readonly statuses: Readonly<Record<string, SessionStatus>>;
  readonly permissions: readonly PermissionRequest[];
  readonly questions: readonly QuestionRequest[];
}

/** Of which sessions events told something while the server was asked: what they told is newer than the answer. */
export interface ToldMeanwhile {
  readonly records: ReadonlySet<string>;
  readonly statuses: ReadonlySet<string>;
  readonly requests: ReadonlySet<string>;
}

/** What the server holds in the directories of the window, asked for while the stream flows. */
export interface Look {
  readonly snapshot: readonly DirectorySnapshot[];
  /** False: of the sessions, only those that changed lately are in it. */
  readonly complete: boolean;
  readonly told: ToldMeanwhile;
}

/** Where the server's word goes: a store, a detector. Called in the order of the stream and from nowhere else. */
export interface ServerSink {
  /** The stream has no replay: after each (re)connect all that was known is replaced by this. */
  reset(snapshot: readonly DirectorySnapshot[]): void;
  /** Takes over what the stream did not tell, e.g. what another OpenCode process did with the same data. */
  compare?(look: Look): void;
  apply(event: ServerEvent): void;
}
