import type { Agent, Model } from '../places/config.ts';
import type { Place } from '../places/locations.ts';
import type { StoredSession } from '../state/store.ts';
import type { SubagentOrder, ToolContext, ToolResult } from '../tools/tool.ts';
import type { Rooms } from './rooms.ts';

/** Who answers what, where. */
export interface StepOrder {
  readonly rooms: Rooms;
  readonly stored: StoredSession;
  readonly place: Place;
  readonly agent: Agent;
  readonly model: Model;
  readonly signal: AbortSignal;
  readonly runSubagent: (order: SubagentOrder, context: ToolContext) => Promise<ToolResult>;
}
