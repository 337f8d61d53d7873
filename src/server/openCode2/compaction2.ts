import { type Cancellation, orCancelled } from '../../core/cancellation.ts';
import { runErrorWords } from '../../core/errorWords.ts';
import { Problem, UnavailableProblem } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { AssistantMessage } from '../../protocol/records.ts';
import type { DialectPorts } from '../dialect/dialect.ts';
import type { Messages2 } from './records/messages2.ts';
import { noSummary } from './prompts2.ts';

export interface CompactionPorts extends Pick<DialectPorts, 'wait' | 'log'> {
  readonly messages: Messages2;
  /** All that the server tells, after whoever shows it was told. */
  readonly onDidHear: Event<ServerEvent>;
}

interface Run {
  readonly sessionId: string;
  /** The request for it, while it waits. */
  readonly item: string | undefined;
  /** The messages that stood there before. */
  readonly before: ReadonlySet<string>;
}

/** Milliseconds between two looks at what nothing is heard of: more each time, up to the last. */
const pauses: readonly number[] = [500, 1000, 3000, 5000, 10_000, 15_000];
/** So often in a row nothing of it must be there: what was just asked for runs before the server says so. */
const quietLooks = 2;

/**
 * Resolves once the summary stands. Events say soonest how it goes; as one may fall into a break of the stream, the
 * records decide: they say whether it failed, where the run that it is in ends well all the same.
 */
export async function untilCompacted(
  ports: CompactionPorts,
  openCode: Pick<OpenCode, 'listStatuses'>,
  run: Run,
  cancellation: Cancellation | undefined,
  giveUp: () => Promise<void>,
): Promise<void> {
  let isOver = false;
  try {
    await orCancelled(
      look(ports, openCode, run, () => isOver),
      cancellation,
    );
  } catch (error) {
    isOver = true;
    // One that ended by itself leaves nothing.
    if (!(error instanceof Problem)) {
      await giveUp().catch((failure: unknown) =>
        ports.log.warn('A compaction could not be stopped.', failure),
      );
    }
    throw error;
  }
}

async function look(
  ports: CompactionPorts,
  openCode: Pick<OpenCode, 'listStatuses'>,
  run: Run,
  isOver: () => boolean,
): Promise<void> {
  let quiet = 0;
  for (let count = 0; !isOver(); count += 1) {
    await untilHeard(ports, run.sessionId, pauses[Math.min(count, pauses.length - 1)] ?? 0);
    try {
      const summary = await findSummary(ports, run);
      if (summary?.error !== undefined) throw noSummary(runErrorWords(summary.error));
      if (summary !== undefined && summary.time.completed !== undefined) return;
      quiet = summary === undefined && !(await goesOn(ports, openCode, run)) ? quiet + 1 : 0;
    } catch (error) {
      if (!(error instanceof UnavailableProblem)) throw error;
      ports.log.debug('How a compaction goes cannot be asked.', run.sessionId, error);
    }
    if (quiet >= quietLooks) throw noSummary(l10n.t('OpenCode wrote no summary.'));
  }
}

async function findSummary(
  { messages }: CompactionPorts,
  { sessionId, before }: Run,
): Promise<AssistantMessage | undefined> {
  const { messages: newest } = await messages.newest(sessionId);
  const infos = newest.map(({ info }) => info).filter((info) => info.role === 'assistant');
  return infos.findLast(({ id, summary }) => summary === true && !before.has(id));
}

async function goesOn(
  { messages }: CompactionPorts,
  openCode: Pick<OpenCode, 'listStatuses'>,
  { sessionId, item }: Run,
): Promise<boolean> {
  if (sessionId in (await openCode.listStatuses(''))) return true;
  return (await messages.listInbox(sessionId)).some(({ id }) => id === item);
}

/** Waits until something of a compaction is heard, or so many milliseconds. */
async function untilHeard(
  { onDidHear, wait }: CompactionPorts,
  sessionId: string,
  pause: number,
): Promise<void> {
  const heard = Promise.withResolvers<void>();
  const subscription = onDidHear((event) => {
    const isEnd = event.type === 'session.compacted' || event.type === 'turn.ended';
    if (isEnd && event.properties.sessionID === sessionId) heard.resolve();
  });
  try {
    await Promise.race([heard.promise, wait(pause)]);
  } finally {
    subscription.dispose();
  }
}
