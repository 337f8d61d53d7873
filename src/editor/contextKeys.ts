import { commands } from 'vscode';

/** What `when` clauses in package.json ask for. */
export interface ContextKeys {
  /** The kind of the connection's state. */
  readonly 'opencodeSessions.connection': string;
  /** Whether the session tree is filtered. */
  readonly 'opencodeSessions.filtered': boolean;
  /** Whether the session tree is grouped by service. */
  readonly 'opencodeSessions.groupedByService': boolean;
  /** Whether a session is being looked at. */
  readonly 'opencodeSessions.hasCurrentSession': boolean;
  /** Whether that session is a fork that says of itself where it came from. */
  readonly 'opencodeSessions.hasCurrentFork': boolean;
  /** Whether any session waits for the user. */
  readonly 'opencodeSessions.hasWaiting': boolean;
  /** Whether any session works. */
  readonly 'opencodeSessions.hasBusy': boolean;
  /** Whether there is no model to answer with: no provider is connected. */
  readonly 'opencodeSessions.noModel': boolean;
  /** Whether a model is known to be there. */
  readonly 'opencodeSessions.hasModel': boolean;
  /** Whether a request was answered in this window. */
  readonly 'opencodeSessions.hasAnswered': boolean;
  /** Whether a session that was forked, or handed off to, is there, or was; whether a relay waits, or was sent. */
  readonly 'opencodeSessions.hasForked': boolean;
  readonly 'opencodeSessions.hasHandedOff': boolean;
  readonly 'opencodeSessions.hasRelayed': boolean;
  /** Whether any session is about to be deleted, and can be had back. */
  readonly 'opencodeSessions.hasDeletions': boolean;
  /** What the server is known not to have: without a word from it, all is there. */
  readonly 'opencodeSessions.lacksTodos': boolean;
  readonly 'opencodeSessions.lacksArchive': boolean;
  /** Whether Stop All holds what is sent by itself. */
  readonly 'opencodeSessions.isHeld': boolean;
  /** Whether the automations of all windows are paused. */
  readonly 'opencodeSessions.hasPausedAutomations': boolean;
  /** The verb of the draft that is edited; empty where none is. */
  readonly 'opencodeSessions.draftVerb': string;
}

export async function setContextKey<Key extends keyof ContextKeys>(
  key: Key,
  value: ContextKeys[Key],
): Promise<void> {
  await commands.executeCommand('setContext', key, value);
}
