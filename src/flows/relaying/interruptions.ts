import type { Disposable } from '../../core/event.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { judgeMessages } from '../../core/turns/judgeMessages.ts';
import type { Outcome } from '../../core/turns/outcome.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { isBusy } from '../../core/turns/isBusy.ts';

export interface InterruptionsPorts {
  readonly openCode: Pick<OpenCode, 'listMessages' | 'listStatuses'>;
  readonly turns: Pick<SettledTurns, 'isRunning' | 'onDidEndAll'>;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** A run that ended badly. */
export interface Interruption {
  readonly outcome: Exclude<Outcome, { kind: 'settled' }>;
  /** Whether the leg was asked for before the run ended so; what was asked for later wants to be sent. */
  readonly concerns: (leg: RelayLeg) => boolean;
  /** Whether this window saw it end, and nothing that would have ended it but a person. */
  readonly isSeen: boolean;
}

/** How often, and after how many milliseconds, a run is looked at again that seems never to have begun. */
const beginLooks = 4;
const beginPause = 700;
/** How long after a run was aborted the server may say that it ended all that ran, in milliseconds; a few were seen, and many on a busy machine. */
const stopGrace = 1500;
/** So long a run may seem never to have begun, in milliseconds. */
export const beginLimit = beginPause * beginLooks;
const readBackLimit = 20;

/** How the turn before a relay ended where it ended badly: as this window saw it, else by its messages. */
export class Interruptions implements Disposable {
  readonly #ports: InterruptionsPorts;
  /** Runs that were seen to end badly. */
  readonly #seen = new Map<string, Interruption>();
  readonly #subscription: Disposable;

  constructor(ports: InterruptionsPorts) {
    this.#ports = ports;
    this.#subscription = ports.turns.onDidEndAll(() => {
      for (const [sessionId, seen] of this.#seen) this.#seen.set(sessionId, { ...seen, isSeen: false });
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** Takes how a run was seen to end; `pending` are the legs that were asked for before that. */
  note(sessionId: string, outcome: Outcome, pending: readonly RelayLeg[]): void {
    if (outcome.kind === 'deleted' || outcome.kind === 'settled') this.#seen.delete(sessionId);
    else if (outcome.kind !== 'unseen') {
      const asked = new Set(pending.map(({ messageId }) => messageId));
      const concerns = ({ messageId }: RelayLeg): boolean => asked.has(messageId);
      this.#seen.set(sessionId, { outcome, concerns, isSeen: true });
    }
  }

  forget(sessionId: string): void {
    this.#seen.delete(sessionId);
  }

  /** `first` would go next. `working`: something works there, so that its end is to be waited for. */
  async find(session: Session, first: RelayLeg): Promise<Interruption | 'working' | undefined> {
    const seen = this.#seen.get(session.id);
    if (seen?.isSeen === true && seen.outcome.kind === 'aborted' && seen.concerns(first)) {
      await this.#ports.wait(stopGrace);
      if (this.#ports.turns.isRunning(session.id)) return 'working';
    }
    return this.#seen.get(session.id) ?? this.#read(session);
  }

  /**
   * How the last run ended badly, by its messages. A prompt that has just been stored, e.g. by another window, is not
   * begun with at once.
   */
  async #read(session: Session): Promise<Interruption | 'working' | undefined> {
    const { openCode, turns, wait } = this.#ports;
    for (let look = 1; ; look++) {
      const { messages } = await openCode.listMessages(session.id, { limit: readBackLimit });
      const outcome = judgeMessages(messages, session.revert);
      if (outcome === undefined || outcome.kind === 'settled') return undefined;
      const mayBegin = outcome.kind === 'unanswered' || outcome.kind === 'interrupted';
      if (!mayBegin || look === beginLooks) {
        return { outcome, concerns: concernedBy(messages, outcome), isSeen: false };
      }
      await wait(beginPause);
      if (turns.isRunning(session.id) || (await isBusy(openCode, session))) return 'working';
    }
  }
}

/** By the order of the messages, not by clocks: whether a leg was asked for before the last run ended so. */
function concernedBy(messages: readonly MessageWithParts[], outcome: Outcome): (leg: RelayLeg) => boolean {
  const end = messages.findLastIndex(
    ({ info }) =>
      info.role === 'assistant' || (outcome.kind === 'unanswered' && info.id === outcome.prompt.id),
  );
  return ({ after, behind }) => {
    if (after === undefined) return behind;
    const asked = messages.findIndex(({ info }) => info.id === after);
    return asked === end ? behind : asked < end;
  };
}
