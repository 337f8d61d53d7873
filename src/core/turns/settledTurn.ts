import type { ServerEvent } from '../../protocol/events.ts';
import type { Message, RunError } from '../../protocol/records.ts';
import { type Cancellation, orCancelled } from '../cancellation.ts';
import { Emitter } from '../event.ts';
import { FollowedPrompt, type Refuses } from './followedPrompt.ts';
import type { DirectorySnapshot, Look, ServerSink } from '../ports/serverSink.ts';
import { judgeRun, type Outcome, type Run } from './outcome.ts';
import { isFinished } from './turn.ts';

export type TurnState =
  | { readonly kind: 'running' }
  /** Running, and an open permission or question of this very session keeps it. */
  | { readonly kind: 'waiting' }
  /** Nothing runs and no run was seen to end. */
  | { readonly kind: 'idle' }
  | Outcome;

interface Turn {
  run?: Run;
  outcome?: Outcome;
  /** The newest assistant message of earlier runs; what still arrives about those concerns no later run. */
  settledUpTo: string;
  /** An abort and a provider error are told as idle twice (1.18); the second may arrive in the next run. */
  idleOwed: boolean;
  readonly requests: Set<string>;
}

/**
 * Decides when a turn is over and how it ended, from the server's events alone.
 *
 * "Idle" is not "finished well" (1.18): it is sent twice after an abort or a provider error, also for the abort
 * of an idle session, and events follow it. So a run ends at an idle for which there is evidence: a finished
 * answer, an error, an abort or a rejection of this very run; the latest evidence counts.
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
   * The server ended all that ran, or was lost from sight. Before it says so it aborts the runs (1.18), as a person who
   * presses stop does.
   */
  readonly onDidEndAll = this.#didEndAll.event;

  state(sessionId: string): TurnState {
    const turn = this.#turns.get(sessionId);
    if (turn === undefined) return { kind: 'idle' };
    if (turn.run !== undefined) return { kind: turn.requests.size > 0 ? 'waiting' : 'running' };
    return turn.outcome ?? { kind: 'idle' };
  }

  isRunning(sessionId: string): boolean {
    return this.#turns.get(sessionId)?.run !== undefined;
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
    const wasRunning = [...this.#turns].filter(([, turn]) => turn.run !== undefined);
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
      case 'session.status':
        this.#applyStatus(event.properties.sessionID, event.properties.status.type);
        break;
      case 'session.error':
        this.#applyError(event.properties.sessionID, event.properties.error);
        break;
      case 'message.updated':
        this.#applyMessage(event.properties.info);
        break;
      case 'permission.asked':
      case 'question.asked':
        this.#turn(event.properties.sessionID).requests.add(event.properties.id);
        break;
      case 'permission.replied':
        this.#applyReply(event.properties, event.properties.reply === 'reject');
        break;
      case 'question.replied':
        this.#applyReply(event.properties, false);
        break;
      case 'question.rejected':
        this.#applyReply(event.properties, true);
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

  #applyStatus(sessionId: string, status: 'idle' | 'busy' | 'retry'): void {
    if (status === 'idle') return this.#applyIdle(sessionId);
    const turn = this.#turn(sessionId);
    // `busy` is sent again at each step of a run.
    const run = turn.run ?? this.#startRun(turn);
    run.retrying = status === 'retry';
  }

  #applyIdle(sessionId: string): void {
    const turn = this.#turns.get(sessionId);
    if (turn === undefined) return;
    turn.requests.clear();
    if (turn.run === undefined) {
      turn.idleOwed = false;
      return;
    }
    const outcome = judgeRun(turn.run);
    if (outcome.kind === 'unseen' && turn.idleOwed) {
      turn.idleOwed = false;
      return;
    }
    turn.idleOwed = outcome.kind === 'aborted' || outcome.kind === 'failed';
    this.#endRun(sessionId, outcome);
  }

  #applyError(sessionId: string | undefined, error: RunError | undefined): void {
    if (sessionId === undefined || error === undefined) return;
    const run = this.#turns.get(sessionId)?.run;
    if (run !== undefined) run.error = error;
    // It may be of a prompt that was sent into the run.
    for (const followed of this.#followers(sessionId)) followed.applyError(error, run !== undefined);
  }

  #applyMessage(message: Message): void {
    for (const followed of this.#followers(message.sessionID)) followed.applyMessage(message);
    if (message.role !== 'assistant') return;
    const turn = this.#turns.get(message.sessionID);
    if (turn?.run === undefined || message.id <= turn.settledUpTo) return;
    if (turn.run.answer !== undefined && message.id < turn.run.answer.id) return;
    const wasFinished = turn.run.answer?.id === message.id && isFinished(turn.run.answer);
    turn.run.answer = message;
    // An answer that finished after an error (of a prompt that another client sent meanwhile) is the later evidence.
    if (!wasFinished && isFinished(message) && message.error === undefined) delete turn.run.error;
  }

  #applyReply(reply: { sessionID: string; requestID: string }, rejected: boolean): void {
    const turn = this.#turns.get(reply.sessionID);
    turn?.requests.delete(reply.requestID);
    if (rejected && turn?.run !== undefined) turn.run.rejected = true;
  }

  #applyDeleted(sessionId: string): void {
    const turn = this.#turns.get(sessionId);
    if (turn?.run !== undefined) this.#endRun(sessionId, { kind: 'deleted' });
    this.#turns.delete(sessionId);
    for (const followed of this.#followers(sessionId)) followed.end({ kind: 'deleted' });
  }

  #startRun(turn: Turn): Run {
    delete turn.outcome;
    turn.run = {};
    return turn.run;
  }

  #endRun(sessionId: string, outcome: Outcome): void {
    const turn = this.#turn(sessionId);
    const answer = turn.run?.answer;
    if (answer !== undefined && answer.id > turn.settledUpTo) turn.settledUpTo = answer.id;
    delete turn.run;
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
    const turn: Turn = { settledUpTo: '', idleOwed: false, requests: new Set() };
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
