import type { Failure } from '../state/records.ts';

export type InterruptReason = 'user' | 'shutdown';

/** The run ends because somebody wants it to; a rejected request counts as `shutdown`. */
export class Interrupted extends Error {
  readonly reason: InterruptReason;

  constructor(reason: InterruptReason) {
    super(`Interrupted: ${reason}`);
    this.reason = reason;
  }
}

/** The run ends because something failed. */
export class RunFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export const aborted: Failure = { type: 'aborted', message: 'The step was interrupted.' };
