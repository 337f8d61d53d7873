import { type Cancellation, orCancelled, throwIfCancelled } from '../../core/cancellation.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Held, SessionLock } from '../../core/turns/sessionLock.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import type { Session } from '../../protocol/records.ts';
import { isBusy } from '../../core/turns/isBusy.ts';
import type { Deliveries } from './deliveries.ts';

export interface IdlePorts {
  readonly openCode: Pick<OpenCode, 'listStatuses'>;
  readonly turns: SettledTurns;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface WhenIdlePorts extends IdlePorts {
  readonly lock: SessionLock;
  readonly deliveries: Pick<Deliveries, 'isAboutToRun'>;
}

type Target = Pick<Session, 'id' | 'directory'>;

/** Milliseconds between two looks at a session whose start was not heard. */
const recheck = 500;

/** Waits until the session does not work, by the events and by the server's own list. */
export async function untilIdle(
  ports: IdlePorts,
  session: Target,
  cancellation?: Cancellation,
): Promise<void> {
  const { openCode, turns, wait } = ports;
  await turns.whenSettled(session.id, cancellation);
  while (await isBusy(openCode, session)) {
    // Its start was not heard (yet): until it is, the list is the only word there is.
    await orCancelled(wait(recheck), cancellation);
    await turns.whenSettled(session.id, cancellation);
  }
}

/**
 * Runs `act` while the session does not work and nothing else of this window sends to it; `reason` says so to whatever
 * waits for it. Throws `CancelledError` when cancelled before it began.
 */
export async function whenIdle<T>(
  ports: WhenIdlePorts,
  session: Target,
  reason: string,
  act: (held: Held) => Promise<T>,
  cancellation?: Cancellation,
): Promise<T> {
  const { openCode, turns, lock, deliveries, wait } = ports;
  for (;;) {
    await untilIdle(ports, session, cancellation);
    const done = await lock.hold(session.id, reason, async (held) => {
      throwIfCancelled(cancellation);
      // What held it before may have begun a turn, which is not waited for in here.
      const isWorking = turns.isRunning(session.id) || (await isBusy(openCode, session));
      return isWorking || deliveries.isAboutToRun(session.id) ? undefined : { value: await act(held) };
    });
    if (done !== undefined) return done.value;
    // What has just arrived runs before the server says so.
    if (deliveries.isAboutToRun(session.id)) await orCancelled(wait(recheck), cancellation);
  }
}
