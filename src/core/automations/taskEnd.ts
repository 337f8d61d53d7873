/** What the editor told of a task that ended. */
export interface TaskEnd {
  /** Whether it runs a process of its own; one that only depends on others, or that an extension plays, does not. */
  readonly hasProcess: boolean;
  /** The exit code of its process; undefined: none was told. */
  readonly code: number | undefined;
  /** The exit codes of other tasks that ended while it went on. */
  readonly others: readonly number[];
}

/**
 * How a task ended. The editor tells that a task ended also where its process was never begun because a task that it depends
 * on failed, or was ended from outside; and of one without a process it tells nothing else. Which tasks a task depends on is told to nobody, so that of
 * all that ended meanwhile counts: to take a failure for a success is worse than the other way round.
 */
export function judgeTaskEnd({
  hasProcess,
  code,
  others,
}: TaskEnd): { readonly kind: 'done' | 'noCode' } | { readonly kind: 'failed'; readonly failed: number } {
  if (code !== undefined) return code === 0 ? { kind: 'done' } : { kind: 'failed', failed: code };
  if (hasProcess) return { kind: 'noCode' };
  const failed = others.find((other) => other !== 0);
  return failed === undefined ? { kind: 'done' } : { kind: 'failed', failed };
}
