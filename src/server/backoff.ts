const first = 500;
const longest = 10_000;

/**
 * Milliseconds to wait before an attempt, counted from 1: doubling up to ten seconds, and of that a random
 * part between a half and the whole, so that windows which lost the same server do not come back in step.
 * `random` is at least 0 and below 1.
 */
export function backoff(attempt: number, random: number): number {
  const whole = Math.min(longest, first * 2 ** (attempt - 1));
  return Math.round(whole * (0.5 + random / 2));
}
