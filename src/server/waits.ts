import { setTimeout as delay } from 'node:timers/promises';

/** Waits for so many milliseconds. What waits when the signal comes never goes on. */
export function waitUntil(signal: AbortSignal): (milliseconds: number) => Promise<void> {
  return async (milliseconds) => {
    await delay(milliseconds, undefined, { ref: false, signal }).catch(
      () => new Promise<never>(() => undefined),
    );
  };
}
