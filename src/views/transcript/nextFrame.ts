import type { Disposable } from '../../core/event.ts';

/**
 * Milliseconds between two messages to a page: two frames at 60 per second. Text that grows 30 times a second is read as
 * smoothly as one that grows 60 times, for half of the work and of the bytes.
 */
const interval = 32;
/** Milliseconds, a frame: what the server says of one thing comes in several events. */
const gathering = 16;

/** Makes a clock that calls back with the next frame, or later if the last time is not long enough ago. */
export function nextFrame(): (run: () => void) => Disposable {
  let last = 0;
  return (run) => {
    const timer = setTimeout(
      () => {
        last = performance.now();
        run();
      },
      Math.max(gathering, last + interval - performance.now()),
    );
    return { dispose: () => clearTimeout(timer) };
  };
}
