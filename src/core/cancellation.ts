import type { Disposable } from './event.ts';

/** Word that a person no longer wants it; VS Code's `CancellationToken` is one. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  readonly onCancellationRequested: (listener: () => void) => Disposable;
}

/** Thrown by what was cancelled; it is shown to nobody. */
export class CancelledError extends Error {
  constructor() {
    super('Cancelled');
    this.name = 'CancelledError';
  }
}

/** Waits for `promise` until it is cancelled; then throws `CancelledError` and leaves the promise to itself. */
export async function orCancelled<T>(
  promise: Promise<T>,
  cancellation: Cancellation | undefined,
): Promise<T> {
  if (cancellation === undefined) return promise;
  const cancelled = Promise.withResolvers<never>();
  const subscription = cancellation.onCancellationRequested(() => cancelled.reject(new CancelledError()));
  if (cancellation.isCancellationRequested) cancelled.reject(new CancelledError());
  try {
    return await Promise.race([promise, cancelled.promise]);
  } finally {
    subscription.dispose();
  }
}

/** Throws `CancelledError` if it is cancelled; for the places between two steps. */
export function throwIfCancelled(cancellation: Cancellation | undefined): void {
  if (cancellation?.isCancellationRequested === true) throw new CancelledError();
}
