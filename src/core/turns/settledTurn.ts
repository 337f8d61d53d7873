import type { ServerEvent } from '../../protocol/events.ts';
import type { RunError } from '../../protocol/records.ts';
import { type Cancellation, orCancelled } from '../cancellation.ts';
import { Emitter } from '../event.ts';
import { FollowedPrompt, type Refuses } from './followedPrompt.ts';
import type { DirectorySnapshot, Look, ServerSink } from '../ports/serverSink.ts';
import type { Outcome } from './outcome.ts';

export type TurnState =
  | { readonly kind: 'running' }
  /** Running, and an open permission or question of this very session keeps it. */
  | { readonly kind: 'waiting' }
  /** Nothing runs and no run was seen to end. */
  | { readonly kind: 'idle' }
  | Outcome;

interface Turn {
  isRunning: boolean;
  outcome?: Outcome;
  readonly requests: Set<string>;
}

/**
 * Knows which turns go on and how the others ended, by what the dialect makes of the server's events, and who waits for
 * that.
 */
export class SettledTurns implements ServerSink {
  readonly #didSettle = new Emitter<{ readonly sessionId: string; readonly outcome: Outcome }>();
  readonly #didCompact = new Emitter<{ readonly sessionId: string }>();
  readonly #didEndAll = new Emitter<void>();
  readonly #turns = new Map<string, Turn>();
  readonly #followed = new Map<string, Set<FollowedPrompt>>();

  /** Once for each run that ended, after `state` says so. */
  readonly onDidSettle = this.#didSettle.event;
  /** A compaction wrote its summary; prompts sent from here on are answered. */
  readonly onDidCompact = this.#didCompact.event;
  /**
   * The server ended all that ran, or was lost from sight. Before it says so it may abort the runs, as a person who
   * presses stop does.
   */
  readonly onDidEndAll = this.#didEndAll.event;

  state(sessionId: string): TurnState {
    const turn = this.#turns.get(sessionId);
    if (turn === undefined) return { kind: 'idle' };
    if (turn.isRunning) return { kind: turn.requests.size > 0 ? 'waiting' : 'running' };
    return turn.outcome ?? { kind: 'idle' };
  }

  isRunning(sessionId: string): boolean {
    return this.#turns.get(sessionId)?.isRunning === true;
  }

  /** Resolves when the session does not run: with how the last run seen ended, undefined if none was seen. */
  async whenSettled(sessionId: string, cancellation?: Cancellation): Promise<Outcome | undefined> {
    if (!this.isRunning(sessionId)) return this.#turns.get(sessionId)?.outcome;
    const settled = Promise.withResolvers<Outcome>();
    const subscription = this.onDidSettle((end) => {
      if (end.sessionId === sessionId) settled.resolve(end.outcome);
    });
    try {
      return await orCancelled(settled.promise, cancellation);
    } finally {
      subscription.dispose();
    }
  }

  /** Follows a prompt of ours; to be called before it is sent, and disposed of by the caller. */
  follow(sessionId: string, messageId: string, refuses: Refuses = refusesIdle): FollowedPrompt {
    const followers = this.#followed.get(sessionId) ?? new Set();
    const release = (): void => {
      followers.delete(followed);
      if (followers.size === 0) this.#followed.delete(sessionId);
    };
    const followed = new FollowedPrompt(messageId, release, refuses);
    this.#followed.set(sessionId, followers.add(followed));
    return followed;
  }

  /** Whether somebody follows this prompt. */
  isFollowed(sessionId: string, messageId: string): boolean {
    return this.#followers(sessionId).some((followed) => followed.messageId === messageId);
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    this.#didEndAll.fire();
    const running = runningOf(snapshot);
    this.#takeOverRequests(snapshot, new Set());
    const wasRunning = [...this.#turns].filter(([, { isRunning }]) => isRunning);
    for (const sessionId of running) this.#startRun(this.#turn(sessionId));
    for (const [sessionId] of wasRunning) {
      if (!running.has(sessionId)) this.#endRun(sessionId, { kind: 'unseen' });
    }
    for (const followers of this.#followed.values()) {
      for (const followed of followers) followed.lose();
    }
  }

  compare({ snapshot, told }: Look): void {
    const running = runningOf(snapshot);
    this.#takeOverRequests(snapshot, told.requests);
    const began = [...running].filter((id) => !told.statuses.has(id) && !this.isRunning(id));
    const ended = [...this.#turns.keys()].filter(
      (id) => !told.statuses.has(id) && !running.has(id) && this.isRunning(id),
    );
    for (const sessionId of began) this.#startRun(this.#turn(sessionId));
    for (const sessionId of ended) this.#endRun(sessionId, { kind: 'unseen' });
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'turn.started':
        if (!this.isRunning(event.properties.sessionID))
          this.#startRun(this.#turn(event.properties.sessionID));
        break;
      case 'turn.ended':
        // Of an idle session that was not heard of before, an end is told, too.
        if (this.isRunning(event.properties.sessionID))
          this.#endRun(event.properties.sessionID, event.properties.outcome);
        break;
      case 'session.status':
        if (event.properties.status.type === 'idle')
          this.#turns.get(event.properties.sessionID)?.requests.clear();
        break;
      case 'session.error':
        this.#applyError(event.properties.sessionID, event.properties.error);
        break;
      case 'message.updated':
        for (const followed of this.#followers(event.properties.info.sessionID))
          followed.applyMessage(event.properties.info);
        break;
      case 'message.admitted':
        for (const followed of this.#followers(event.properties.sessionID)) {
          if (followed.messageId === event.properties.messageID) followed.admit(event.properties.as);
        }
        break;
      case 'permission.asked':
      case 'question.asked':
        this.#turn(event.properties.sessionID).requests.add(event.properties.id);
        break;
      case 'permission.replied':
      case 'question.replied':
      case 'question.rejected':
        this.#turns.get(event.properties.sessionID)?.requests.delete(event.properties.requestID);
        break;
      case 'session.compacted':
        this.#didCompact.fire({ sessionId: event.properties.sessionID });
        break;
      case 'server.instance.disposed':
        this.#didEndAll.fire();
        break;
      case 'session.deleted':
        this.#applyDeleted(event.properties.info.id);
        break;
      default:
        break;
    }
  }

  #applyError(sessionId: string | undefined, error: RunError | undefined): void {
    if (sessionId === undefined || error === undefined) return;
    // It may be of a prompt that was sent into a run.
    const isRunning = this.isRunning(sessionId);
    for (const followed of this.#followers(sessionId)) followed.applyError(error, isRunning);
  }

  #applyDeleted(sessionId: string): void {
    if (this.isRunning(sessionId)) this.#endRun(sessionId, { kind: 'deleted' });
    this.#turns.delete(sessionId);
    for (const followed of this.#followers(sessionId)) followed.end({ kind: 'deleted' });
  }

  #startRun(turn: Turn): void {
    delete turn.outcome;
    turn.isRunning = true;
  }

  #endRun(sessionId: string, outcome: Outcome): void {
    const turn = this.#turn(sessionId);
    turn.isRunning = false;
    turn.outcome = outcome;
    for (const followed of this.#followers(sessionId)) followed.applyOutcome(outcome);
    this.#didSettle.fire({ sessionId, outcome });
  }

  #takeOverRequests(snapshot: readonly DirectorySnapshot[], told: ReadonlySet<string>): void {
    for (const [sessionId, turn] of this.#turns) if (!told.has(sessionId)) turn.requests.clear();
    for (const { permissions, questions } of snapshot) {
      for (const { id, sessionID } of [...permissions, ...questions]) {
        if (!told.has(sessionID)) this.#turn(sessionID).requests.add(id);
      }
    }
  }

  #followers(sessionId: string): readonly FollowedPrompt[] {
    return [...(this.#followed.get(sessionId) ?? [])];
  }

  #turn(sessionId: string): Turn {
    const known = this.#turns.get(sessionId);
    if (known !== undefined) return known;
    const turn: Turn = { isRunning: false, requests: new Set() };
    this.#turns.set(sessionId, turn);
    return turn;
  }
}

/** An error of a session in which nothing runs is of a prompt that cannot be begun with. */
function refusesIdle(_error: RunError, isRunning: boolean): boolean {
  return !isRunning;
}

function runningOf(snapshot: readonly DirectorySnapshot[]): ReadonlySet<string> {
  const statuses = snapshot.flatMap((directory) => Object.entries(directory.statuses));
  return new Set(statuses.filter(([, { type }]) => type !== 'idle').map(([sessionId]) => sessionId));
}
