import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** Milliseconds until it gives up; generous, since it only costs time when the thing is broken. */
  readonly timeout?: number;
  /** What is waited for, said when it does not come. */
  readonly what: string;
}

/** Asks `probe` again and again until it answers with something; an error of `probe` counts as "not yet". */
export async function waitFor<T>(
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { timeout = 120_000, what }: WaitOptions,
): Promise<T> {
  const deadline = Date.now() + timeout;
  let cause: unknown;
  do {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(100);
  } while (Date.now() < deadline);
  throw new Error(`waited ${timeout / 1000} s for ${what}`, { cause });
}
