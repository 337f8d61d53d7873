import type { Disposable } from '../../core/event.ts';

// A server that has nothing else to do ends; a timer of ours does not keep it.

/** Calls back once, after so many milliseconds, unless it is taken back. */
export function startTimer(callback: () => void, milliseconds: number): Disposable {
  const timer = setTimeout(callback, milliseconds);
  timer.unref();
  return { dispose: () => clearTimeout(timer) };
}

/** Resolves after so many milliseconds. */
export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
