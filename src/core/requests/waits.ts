import type { Wait } from '../../protocol/page/header.ts';
import type { Disposable } from '../event.ts';
import type { ServerSink } from '../ports/serverSink.ts';
import type { Attention, Waiting } from '../sessions/attention.ts';
import { timeOfId } from '../turns/messageId.ts';

/** So many are kept, the newest. */
const keptWaits = 500;

/** A wait as it is kept over a reload of the window. */
export interface KeptWait {
  readonly requestId: string;
  /** The session that asks, and those above it: what a subagent waits for, they wait for, too. */
  readonly sessionIds: readonly string[];
  readonly from: number;
  /** Absent: it was open when the window saw it last. */
  readonly to?: number;
  readonly callId?: string;
  /** It began before `from`, and nobody knows when. */
  readonly isBegunUnseen?: true;
  /** It ended after `to`, and nobody knows when. */
  readonly isEndedUnseen?: true;
}

/** Where waits outlive the window. */
export interface WaitMemory {
  read(): readonly KeptWait[];
  write(waits: readonly KeptWait[]): void;
}

export interface WaitsPorts {
  readonly attention: Pick<Attention, 'of' | 'onDidChange'>;
  readonly memory: WaitMemory;
  readonly now: () => number;
}

/**
 * When sessions stood still for a person, as far as a window of this workspace saw it: of the server's records only the id of
 * a request tells when it was asked, and none when it was answered. As a sink it stands behind the sessions: what these
 * tell with an event happened then, what they tell with a snapshot happened sometime.
 */
export class Waits implements ServerSink, Disposable {
  readonly #ports: WaitsPorts;
  readonly #subscription: Disposable;
  /** By request, oldest first. */
  readonly #waits: Map<string, KeptWait>;
  /** Sessions that wait for something else than before, by what the server says at this moment. */
  readonly #touched = new Set<string>();
  /** When the server was heard last. */
  #heard = 0;

  constructor(ports: WaitsPorts) {
    this.#ports = ports;
    this.#waits = new Map(ports.memory.read().map((wait) => [wait.requestId, wait]));
    this.#subscription = ports.attention.onDidChange(({ sessionIds }) => {
      for (const id of sessionIds) this.#touched.add(id);
    });
  }

  of(sessionId: string): readonly Wait[] {
    return [...this.#waits.values()].filter(({ sessionIds }) => sessionIds.includes(sessionId)).map(toWait);
  }

  reset(): void {
    // What was kept as open may be answered by now, of which nothing else tells.
    const open = [...this.#waits.values()].filter(({ to }) => to === undefined);
    this.#look(new Set([...open.flatMap(({ sessionIds }) => sessionIds), ...this.#touched]), false);
  }

  compare(): void {
    this.#look(this.#touched, false);
  }

  apply(): void {
    this.#look(this.#touched, true);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #look(sessionIds: ReadonlySet<string>, isSeen: boolean): void {
    let differs = false;
    for (const sessionId of sessionIds) {
      const open = this.#ports.attention.of(sessionId);
      const begun = open.filter((waiting) => this.#begin(sessionId, waiting, isSeen));
      const ended = this.#endAllBut(new Set(open.map(({ request }) => request.id)), sessionId, isSeen);
      differs ||= begun.length > 0 || ended;
    }
    this.#touched.clear();
    this.#heard = this.#ports.now();
    if (!differs) return;
    const newest = [...this.#waits].slice(-keptWaits);
    this.#waits.clear();
    for (const [requestId, wait] of newest) this.#waits.set(requestId, wait);
    this.#ports.memory.write([...this.#waits.values()]);
  }

  /** False: it is known as open. */
  #begin(sessionId: string, { request: { id, tool } }: Waiting, isSeen: boolean): boolean {
    const known = this.#waits.get(id);
    const sessionIds = known?.sessionIds ?? [];
    if (known !== undefined && known.to === undefined && sessionIds.includes(sessionId)) return false;
    // One that seemed to be gone was open all the time.
    const { from, isBegunUnseen } = known ?? this.#findBeginning(id, isSeen);
    const callId = tool?.callID;
    this.#waits.set(id, {
      requestId: id,
      sessionIds: [...new Set([...sessionIds, sessionId])],
      from,
      ...(callId !== undefined && { callId }),
      ...(isBegunUnseen && { isBegunUnseen }),
    });
    return true;
  }

  #findBeginning(requestId: string, isSeen: boolean): Pick<KeptWait, 'from' | 'isBegunUnseen'> {
    const now = this.#ports.now();
    if (isSeen) return { from: now };
    const asked = timeOfId(requestId, now);
    return asked === undefined ? { from: now, isBegunUnseen: true } : { from: asked };
  }

  /** Whether one of the session ended that is none of these. */
  #endAllBut(openIds: ReadonlySet<string>, sessionId: string, isSeen: boolean): boolean {
    const ended = [...this.#waits.values()].filter(
      ({ requestId, sessionIds, to }) =>
        to === undefined && sessionIds.includes(sessionId) && !openIds.has(requestId),
    );
    for (const wait of ended) {
      const end = isSeen
        ? { to: this.#ports.now() }
        : { to: Math.max(wait.from, this.#heard), isEndedUnseen: true as const };
      this.#waits.set(wait.requestId, { ...wait, ...end });
    }
    return ended.length > 0;
  }
}

function toWait({ from, to, callId, isBegunUnseen, isEndedUnseen }: KeptWait): Wait {
  return {
    from,
    ...(to !== undefined && { to }),
    ...(callId !== undefined && { callId }),
    ...((isBegunUnseen ?? isEndedUnseen) && { isLeast: true }),
  };
}
