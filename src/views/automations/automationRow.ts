import type { KeptRun, StepRecord } from '../../core/automations/runRecord.ts';
import type { AutomationEntry } from '../../core/automations/automation.ts';

/** How an entry stands, as the view shows it. */
export interface ShownAutomation {
  readonly entry: AutomationEntry;
  readonly standing: 'on' | 'faulty' | 'disabled' | 'off' | 'unapproved' | 'changed' | 'replaced';
  readonly why?: string | undefined;
  readonly runs: readonly KeptRun[];
  readonly note?: { readonly time: number; readonly words: string } | undefined;
  /** Sentences about what it names that is not there. */
  readonly lacks: readonly string[];
}

/** A row of the view. For commands, each names its automation; a run its session as well. */
export type AutomationRow = { readonly automation: string } & (
  | { readonly kind: 'automation'; readonly shown: ShownAutomation }
  | {
      readonly kind: 'run';
      readonly sessionId: string;
      readonly run: KeptRun;
      readonly cost: number | undefined;
    }
  | { readonly kind: 'step'; readonly sessionId: string; readonly step: StepRecord; readonly place: string }
);
