import type { Traffic } from './pageLink.ts';

/** How a host process is started. */
export interface HostConfig {
  readonly kind: 'product' | 'floor';
  readonly serverUrl: string;
  readonly directory: string;
  /** The folders from which its pages are served. */
  readonly folders: readonly string[];
}

export interface HostUsage {
  /** Milliseconds of processor time since the process began. */
  readonly cpu: number;
  /** Bytes, after a garbage collection. */
  readonly rss: number;
  readonly heap: number;
  readonly traffic: Traffic;
}

/** What the cost of an event is, in microseconds. */
export interface EventCost {
  readonly parse: number;
  readonly handle: number;
}

/** What a document of a session takes. */
export interface DocumentTimes {
  /** Milliseconds until its newest messages, and until all of them are text. */
  readonly first: number;
  readonly whole: number;
  readonly characters: number;
}

/** What a host process is told to do, and what it answers. */
export interface HostOrders {
  forget: { readonly asked: Record<string, never>; readonly answer: null };
  /** Opens a session as a document and waits until it is whole. */
  openDocument: { readonly asked: { readonly sessionId: string }; readonly answer: DocumentTimes };
  closeDocument: { readonly asked: Record<string, never>; readonly answer: null };
  usage: { readonly asked: { readonly collect: boolean }; readonly answer: HostUsage };
  /** The events as the stream's data; handled again and again. */
  eventCost: {
    readonly asked: { readonly events: readonly string[]; readonly rounds: number };
    readonly answer: EventCost;
  };
}

export type HostOrder = keyof HostOrders;
