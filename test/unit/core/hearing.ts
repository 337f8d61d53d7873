import type { ServerSink } from '../../../src/core/ports/serverSink.ts';
import type { SentEvent } from '../../../src/protocol/events.ts';
import { TurnEvents } from '../../../src/server/openCode118/turnEvents.ts';

/** Tells stores what a server of 1.18 sends, in their order, as a window hears it. */
export function hearing(...sinks: readonly Pick<ServerSink, 'apply'>[]): (event: SentEvent) => void {
  const turns = new TurnEvents();
  return (event) => {
    for (const sink of sinks) sink.apply(event);
    const turn = turns.follow(event);
    if (turn !== undefined) for (const sink of sinks) sink.apply(turn);
  };
}
