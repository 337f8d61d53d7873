import type { Disposable } from '../../core/event.ts';

/** Milliseconds of a frame at 60 per second. */
const frame = 16;

/** Makes a clock that calls back at once if the last frame is over, else at its end. */
export function nextFrame(): (run: () => void) => Disposable {
  let last = 0;
  return (run) => {
    const timer = setTimeout(
      () => {
        last = performance.now();
        run();
      },
      Math.max(0, last + frame - performance.now()),
    );
    return { dispose: () => clearTimeout(timer) };
  };
}
