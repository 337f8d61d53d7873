import type { Automation, AutomationEntry, AutomationStep } from '../../core/automations/automation.ts';
import type { Event } from '../../core/event.ts';
import type { StartedBy } from '../../protocol/automation.ts';

/** What keeps all that is sent by itself, e.g. the Stop All of a person. */
export interface AutomationHold {
  isHeld(): boolean;
  readonly onDidChange: Event<void>;
}

/** A prompt of an automation, for whoever keeps account of what is sent by itself. */
export interface AutomationDelivery {
  readonly cause: { readonly kind: 'automation'; readonly name: string };
  readonly step: AutomationStep['kind'];
  /** The session that it goes to. */
  readonly sessionId: string;
  /** Under which the server will keep it; undefined: the flow that makes the session chooses it. */
  readonly messageId: string | undefined;
  readonly text: string;
  /** Why, as a sentence. */
  readonly reason: string;
}

/** An entry that is run. */
export interface RunningEntry {
  readonly entry: AutomationEntry;
  readonly automation: Automation;
}

/** What a prompt of a run is marked with, and why it is sent, for a model. */
export interface PromptMark {
  readonly startedBy: StartedBy;
  readonly why: string;
  /** For a person. */
  readonly reason: string;
}
