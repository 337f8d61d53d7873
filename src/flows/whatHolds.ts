import { isOpen } from '../core/prompts/delivery.ts';
import type { WaitingPrompts } from '../core/prompts/prompting.ts';
import { subagentsBelow } from '../core/sessions/attention.ts';
import type { LastEnds } from '../core/sessions/lastEnds.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { SessionLock } from '../core/turns/sessionLock.ts';
import type { Deliveries } from './prompting/deliveries.ts';
import type { WrittenPrompts } from './prompting/writtenPrompts.ts';

export interface HoldPorts {
  readonly sessions: Pick<Sessions, 'all' | 'status'>;
  readonly ends: Pick<LastEnds, 'worksElsewhere'>;
  readonly deliveries: Pick<Deliveries, 'of' | 'isAboutToRun'>;
  readonly lock: Pick<SessionLock, 'holder'>;
  /** What waits in this window and what relays wait on the server. */
  readonly waiting: Pick<WaitingPrompts, 'of'>;
  readonly written: Pick<WrittenPrompts, 'has'>;
}

/** What is in the way of deleting a session: a run, or a prompt that waits, is on its way or is being written. */
export type Hold = 'works' | 'awaited' | 'written';

/** How a prompt is called that is written in a session, among those that a deletion knows of. */
export function writtenKey(sessionId: string): string {
  return `written:${sessionId}`;
}

/**
 * What holds a session, or a subagent of it. `known`: by their ids, the prompts that wait and are to go with it, and by
 * `writtenKey` those that were written before. The lock of the session itself is its caller's affair.
 */
export function findHold(ports: HoldPorts, sessionId: string, known: ReadonlySet<string>): Hold | undefined {
  const { sessions, ends, lock } = ports;
  const below = subagentsBelow(sessions.all(), sessionId);
  const all = [sessionId, ...below];
  if (all.some((id) => sessions.status(id).type !== 'idle' || ends.worksElsewhere(id))) return 'works';
  const isSentTo = below.some((id) => lock.holder(id) !== undefined);
  if (isSentTo || all.some((id) => isAwaited(ports, id, known))) return 'awaited';
  const isWritten = all.some((id) => ports.written.has(id) && !known.has(writtenKey(id)));
  return isWritten ? 'written' : undefined;
}

function isAwaited({ deliveries, waiting }: HoldPorts, id: string, known: ReadonlySet<string>): boolean {
  return (
    deliveries.isAboutToRun(id) ||
    deliveries.of(id).some((entry) => entry.state.kind === 'waiting' || isOpen(entry)) ||
    waiting.of(id).some((prompt) => !known.has(prompt.id))
  );
}
