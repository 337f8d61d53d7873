import { judgeEnd, judgeError } from '../../core/turns/outcome.ts';
import { isFinished } from '../../core/turns/turn.ts';
import type { SentEvent, TurnEvent } from '../../protocol/events.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { AssistantMessage, Message, RunError } from '../../protocol/records.ts';

/** What was heard of a run. */
interface Run {
  /** The newest assistant message of this run. */
  answer?: AssistantMessage;
  error?: RunError;
  rejected?: true;
  /** It waits to try again, or did so when it ended: an abort then is told by no error (1.18). */
  retrying?: boolean;
}

function judgeRun({ answer, error, rejected, retrying }: Run): Outcome {
  if (error !== undefined) return judgeError(error);
  const outcome = judgeEnd(answer);
  if (outcome.kind === 'unseen') return rejected === true ? { kind: 'rejected' } : outcome;
  const isToldByNoError = retrying === true && answer?.error === undefined && answer?.finish === undefined;
  return isToldByNoError ? { kind: 'aborted' } : outcome;
}

interface Turn {
  run?: Run;
  /** Whether its run was heard to begin, or it was heard to be idle, since the stream began. */
  isHeard: boolean;
  /** The newest assistant message of earlier runs; what still arrives about those concerns no later run. */
  settledUpTo: string;
  /** An abort and a provider error are told as idle twice (1.18); the second may arrive in the next run. */
  idleOwed: boolean;
}

/**
 * Tells when a turn begins, and when it is over and how it ended, from what the server sends.
 *
 * "Idle" is not "finished well" (1.18): it is sent twice after an abort or a provider error, also for the abort
 * of an idle session, and events follow it. So a run ends at an idle for which there is evidence: a finished
 * answer, an error, an abort or a rejection of this very run; the latest evidence counts.
 */
export class TurnEvents {
  readonly #turns = new Map<string, Turn>();

  /** A stream begins: what ran before it may have ended unheard, and what runs may have begun unheard. */
  begin(): void {
    for (const turn of this.#turns.values()) {
      turn.isHeard = false;
      delete turn.run;
    }
  }

  /** What an event says of turns; it is told after the event itself. */
  follow(event: SentEvent): TurnEvent | undefined {
    switch (event.type) {
      case 'session.status':
        return this.#applyStatus(event.properties.sessionID, event.properties.status.type);
      case 'session.error':
        this.#applyError(event.properties.sessionID, event.properties.error);
        return undefined;
      case 'message.updated':
        this.#applyMessage(event.properties.info);
        return undefined;
      case 'permission.replied':
        if (event.properties.reply === 'reject') this.#applyRejection(event.properties.sessionID);
        return undefined;
      case 'question.rejected':
        this.#applyRejection(event.properties.sessionID);
        return undefined;
      case 'session.deleted':
        this.#turns.delete(event.properties.info.id);
        return undefined;
      default:
        return undefined;
    }
  }

  #applyStatus(sessionID: string, status: 'idle' | 'busy' | 'retry'): TurnEvent | undefined {
    const turn = this.#turn(sessionID);
    if (status === 'idle') return this.#applyIdle(sessionID, turn);
    // `busy` is sent again at each step of a run.
    const run = (turn.isHeard ? turn.run : undefined) ?? {};
    turn.run = run;
    turn.isHeard = true;
    run.retrying = status === 'retry';
    return { type: 'turn.started', properties: { sessionID } };
  }

  #applyIdle(sessionID: string, turn: Turn): TurnEvent | undefined {
    // Of a session that was not heard of yet, a run may have begun before the stream did.
    const run = turn.run ?? (turn.isHeard ? undefined : {});
    turn.isHeard = true;
    if (run === undefined) {
      turn.idleOwed = false;
      return undefined;
    }
    const outcome = judgeRun(run);
    if (outcome.kind === 'unseen' && turn.idleOwed) {
      turn.idleOwed = false;
      return undefined;
    }
    turn.idleOwed = outcome.kind === 'aborted' || outcome.kind === 'failed';
    const answerId = run.answer?.id ?? '';
    if (answerId > turn.settledUpTo) turn.settledUpTo = answerId;
    delete turn.run;
    return { type: 'turn.ended', properties: { sessionID, outcome } };
  }

  #applyError(sessionID: string | undefined, error: RunError | undefined): void {
    const run = sessionID === undefined ? undefined : this.#runOf(sessionID);
    if (run !== undefined && error !== undefined) run.error = error;
  }

  #applyMessage(message: Message): void {
    if (message.role !== 'assistant') return;
    const run = this.#runOf(message.sessionID);
    if (run === undefined || message.id <= this.#turn(message.sessionID).settledUpTo) return;
    if (run.answer !== undefined && message.id < run.answer.id) return;
    const wasFinished = run.answer?.id === message.id && isFinished(run.answer);
    run.answer = message;
    // An answer that finished after an error (of a prompt that another client sent meanwhile) is the later evidence.
    if (!wasFinished && isFinished(message) && message.error === undefined) delete run.error;
  }

  #applyRejection(sessionID: string): void {
    const run = this.#runOf(sessionID);
    if (run !== undefined) run.rejected = true;
  }

  /** What evidence is gathered for: the run that goes on, or one that may have begun before the stream did. */
  #runOf(sessionID: string): Run | undefined {
    const turn = this.#turn(sessionID);
    if (!turn.isHeard) turn.run ??= {};
    return turn.run;
  }

  #turn(sessionID: string): Turn {
    const known = this.#turns.get(sessionID);
    if (known !== undefined) return known;
    const turn: Turn = { isHeard: false, settledUpTo: '', idleOwed: false };
    this.#turns.set(sessionID, turn);
    return turn;
  }
}
