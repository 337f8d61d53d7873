import type { Automation, AutomationEntry } from '../../core/automations/automation.ts';
import type { StartedBy } from '../../protocol/automation.ts';

/** An entry that is run. */
export interface RunningEntry {
  readonly entry: AutomationEntry;
  readonly automation: Automation;
  /** Folders in which an approved entry of that name is run instead. */
  readonly except?: readonly string[];
}

/** What a prompt of a run is marked with, and why it is sent, for a model. */
export interface PromptMark {
  readonly startedBy: StartedBy;
  readonly why: string;
}
