import { BusyProblem } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';

/** Calls back once, after so many milliseconds, unless it is taken back. */
export type Timer = (callback: () => void, milliseconds: number) => { dispose(): void };

/** How long a server may take to stop a run, in milliseconds. */
const patience = 15_000;

/** Resolves when none of the sessions works; throws `BusyProblem` if that does not come about. */
export async function whenStopped(
  sessions: Pick<Sessions, 'status' | 'onDidChange'>,
  sessionIds: readonly string[],
  timer: Timer,
): Promise<void> {
  const areIdle = () => sessionIds.every((id) => sessions.status(id).type === 'idle');
  await untilStopped(areIdle, sessions.onDidChange, timer);
}

/**
 * Resolves when a run is over that was told to stop; `isOver` is asked at each `onDidChange`. Throws `BusyProblem` if that
 * does not come about.
 */
export async function untilStopped(
  isOver: () => boolean,
  onDidChange: Event<unknown>,
  timer: Timer,
): Promise<void> {
  if (isOver()) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const subscription = onDidChange(() => {
    if (isOver()) resolve();
  });
  const deadline = timer(
    () => reject(new BusyProblem(l10n.t('The session did not stop. Try again, or restart the server.'))),
    patience,
  );
  try {
    await promise;
  } finally {
    subscription.dispose();
    deadline.dispose();
  }
}
