import type { Cancellation } from '../cancellation.ts';

/** Shows that something takes its time, in words and with a way to cancel it. `report` says which step it is at. */
export type RunWithProgress = <T>(
  title: string,
  run: (cancellation: Cancellation, report: (step: string) => void) => Promise<T>,
) => Promise<T>;
