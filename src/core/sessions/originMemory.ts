import type { Origin } from './sessionKind.ts';

/** What was found out about the origins of sessions, over reloads of the window; `root` where nothing tells it. */
export interface OriginMemory {
  read(): ReadonlyMap<string, Origin>;
  remember(sessionId: string, origin: Origin): void;
}
