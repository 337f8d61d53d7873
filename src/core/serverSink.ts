import type { ServerEvent } from '../protocol/events.ts';
import type { PermissionRequest, QuestionRequest, Session, SessionStatus } from '../protocol/records.ts';

/** What one directory of the server holds, as loaded after a (re)connect. */
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

/** Where the server's word goes: a store, a detector. Called in the order of the stream and from nowhere else. */
export interface ServerSink {
  /** The stream has no replay: after each (re)connect all that was known is replaced by this. */
  reset(snapshot: readonly DirectorySnapshot[]): void;
  apply(event: ServerEvent): void;
}
