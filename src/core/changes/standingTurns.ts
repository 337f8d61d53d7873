import type { Session } from '../../protocol/records.ts';

interface Turn {
  readonly messageId: string;
  readonly created: number;
}

export interface StandingTurns<T extends Turn> {
  readonly turns: readonly T[];
  /** A revert took back some of the last of them, and nobody knows what that had changed. */
  readonly isCut: boolean;
}

/**
 * The turns of the session itself that no revert took back. `turns` in the order of time. What was copied from another
 * session is older than this one and none of its own.
 */
export function standingTurns<T extends Turn>(
  { revert, time }: Pick<Session, 'revert' | 'time'>,
  turns: readonly T[],
): StandingTurns<T> {
  const own = turns.filter((turn) => !isCopied({ time }, turn));
  if (revert === undefined) return { turns: own, isCut: false };
  const exact = own.findIndex(({ messageId }) => messageId === revert.messageID);
  // Where it is none of the prompts, its id tells: ids ascend.
  const later = own.findIndex(({ messageId }) => messageId > revert.messageID);
  const count = exact !== -1 ? exact : later !== -1 ? later : own.length;
  return { turns: own.slice(0, count), isCut: exact === -1 && count > 0 };
}

/** Whether a turn came with the fork that the session is. */
export function isCopied({ time }: Pick<Session, 'time'>, { created }: Pick<Turn, 'created'>): boolean {
  return created < time.created;
}
