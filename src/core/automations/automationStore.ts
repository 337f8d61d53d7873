import type { KeptRun, RunRecord } from './runRecord.ts';
import type { Disposable, Event } from '../event.ts';

/** Whether an automation is switched on, as a person or its failures left it. */
export interface AutomationSwitch {
  /** Why it is off, as a sentence; absent: it is on. */
  readonly off?: string | undefined;
  /** When it was switched on last, in milliseconds since 1970: failures before that count no more. */
  readonly since: number;
}

/** What is kept of automations for all windows of this user. */
export interface AutomationStore extends Disposable {
  /** Something was written, by this window or another one. */
  readonly onDidChange: Event<void>;
  /**
   * Writes the record of a run, unless one of the same automation and key is there. False: it is, so somebody has run it, runs
   * it, or began it.
   */
  claim(record: RunRecord): Promise<boolean>;
  /** Writes over the record of a run that was claimed here. */
  write(record: RunRecord): Promise<void>;
  /** The newest last; what cannot be read is passed over. */
  runs(): Promise<readonly KeptRun[]>;
  /** `words` is what a person approved (`approvedWords`). */
  approve(automation: string, words: string): Promise<void>;
  isApproved(automation: string, words: string): Promise<boolean>;
  /** Whether any words of the automation were approved. */
  wasApproved(automation: string): Promise<boolean>;
  switchOf(automation: string): Promise<AutomationSwitch>;
  setSwitch(automation: string, state: AutomationSwitch): Promise<void>;
  isPaused(): Promise<boolean>;
  setPaused(isPaused: boolean): Promise<void>;
}
