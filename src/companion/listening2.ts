import type { Log } from '../core/log.ts';
import { wait } from './executor/timers.ts';

/** Milliseconds until a stream that ended is opened again. */
const pause = 1000;

/** Hands on what happens until the signal ends it; a stream that ends before is opened again. Never throws. */
export function listenTo(
  subscribe: () => AsyncIterable<unknown>,
  take: (event: unknown) => void,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Log },
): void {
  void (async () => {
    while (!signal.aborted) {
      try {
        await listen(subscribe(), take, signal);
      } catch (error) {
        log.warn('What happens could not be heard.', error);
      }
      if (!signal.aborted) await wait(pause);
    }
  })();
}

async function listen(
  stream: AsyncIterable<unknown>,
  take: (event: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const iterator = stream[Symbol.asyncIterator]();
  const ended = Promise.withResolvers<{ readonly done: true }>();
  const end = (): void => ended.resolve({ done: true });
  signal.addEventListener('abort', end);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), ended.promise]);
      if (next.done === true) return;
      take(next.value);
    }
  } finally {
    signal.removeEventListener('abort', end);
    // It may wait for an event that never comes.
    iterator.return?.().catch(() => undefined);
  }
}
