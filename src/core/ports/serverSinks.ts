import type { ServerEvent } from '../../protocol/events.ts';
import type { DirectorySnapshot, Look, ServerSink } from './serverSink.ts';

/**
 * Passes the server's word on to other sinks, in the order in which they were added. It is made before them, so that the
 * connection is there when a store is made that asks the server for more.
 */
export class ServerSinks implements ServerSink {
  readonly #sinks: ServerSink[] = [];

  add(sinks: readonly ServerSink[]): void {
    this.#sinks.push(...sinks);
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    for (const sink of this.#sinks) sink.reset(snapshot);
  }

  compare(look: Look): void {
    for (const sink of this.#sinks) sink.compare?.(look);
  }

  apply(event: ServerEvent): void {
    for (const sink of this.#sinks) sink.apply(event);
  }
}
