import type { Todo } from '../records.ts';

/** A session from which another one came, or that came from it. */
export interface SessionRelative {
  readonly sessionId: string;
  readonly title: string;
  readonly kind: 'subagent' | 'fork' | 'handoff';
  /** By what this is known where nobody told it, as words. */
  readonly inferred?: string;
}

/** How a subagent does; `waiting`: for an answer of the person. */
export type SubagentState = 'idle' | 'busy' | 'elsewhere' | 'retry' | 'waiting' | 'error' | 'cutOff';

/** A button beside a sentence that says what went wrong; `remedy` asks for it by its command. */
export interface OfferedRemedy {
  readonly title: string;
  readonly command: string;
}

/** How much changed in the files: of a session by its own turns that stand, or of one turn. */
export interface ChangesFigure {
  readonly files: number;
  readonly additions: number;
  readonly deletions: number;
  /** There is more that is not known yet: earlier turns that were not read, or texts that are too large. */
  readonly isPartial?: true;
  /** Of some of them there is no snapshot: it is as the agent told. */
  readonly isTold?: true;
}

/** A stretch of time in which a run stood still for a person; in milliseconds since 1970. */
export interface Wait {
  readonly from: number;
  /** Absent: it still does. */
  readonly to?: number;
  /** The call that was to be allowed. */
  readonly callId?: string;
  /** It was longer than that, and nobody knows for how long. */
  readonly isLeast?: true;
}

export interface SessionHeader {
  readonly sessionId: string;
  readonly title: string;
  /** The whole title, as it is changed in renaming; left out: that is the same. */
  readonly titleToEdit?: string;
  readonly directory: string;
  readonly archived: boolean;
  /** There is no message in it yet. */
  readonly isEmpty?: boolean;
  readonly agent?: string;
  readonly model?: { readonly providerID: string; readonly modelID: string; readonly variant?: string };
  readonly status:
    /** `elsewhere`: another OpenCode process works in it. */
    | { readonly type: 'idle' | 'busy' | 'compacting' | 'elsewhere' }
    | { readonly type: 'retry'; readonly attempt: number; readonly message: string; readonly next: number };
  /** Where it came from: its parent (subagent), or the source of a fork or hand-off. */
  readonly from?: SessionRelative;
  readonly to: readonly (SessionRelative & {
    /** Of a subagent. */
    readonly state?: SubagentState;
  })[];
  readonly context?: {
    /** Absent: nobody has answered since the session was compacted. */
    readonly used?: number;
    readonly limit: number;
    /** What was used before the session was compacted, as long as that is news. */
    readonly before?: number;
    /** More is in it than `used`; the next answer counts it. */
    readonly isLeast?: true;
  };
  /** Of this session, and with all its subagents. */
  readonly cost: number;
  readonly costWithSubagents: number;
  readonly todos: readonly Todo[];
  /** Absent: nothing is known (yet). */
  readonly changes?: ChangesFigure;
  /** What ended the last run badly, as a sentence. */
  readonly lastError?: string;
  /** What may be done about it, the likeliest first. */
  readonly lastRemedies?: readonly OfferedRemedy[];
  /** How the last run ended where it did not come to its end, and at which message; `unseen`: that is not known (yet). */
  readonly end?:
    | { readonly kind: 'unseen' }
    | {
        readonly kind: 'unanswered' | 'interrupted' | 'incomplete';
        readonly messageId: string;
        /** It ran on this server, so that no other process goes on with it. */
        readonly isSure: boolean;
      };
  /** It waits for a person, by itself or in a subagent: for leave to make these calls of its own, or for an answer. */
  readonly waiting?: readonly string[];
  /** What of it waits first. */
  readonly waitsFor?: 'leave' | 'answer';
  /** When it did so, as far as a window of this workspace saw it; the newest last. */
  readonly waits?: readonly Wait[];
  /** Its last run was stopped by a person. */
  readonly isStopped?: boolean;
  /** First message that a revert took back. */
  readonly revertedFrom?: string;
  /** It is not on the server any more; what is shown of it is all that is left. */
  readonly deleted?: true;
}

export interface ConnectionBanner {
  readonly kind: 'live' | 'starting' | 'reconnecting' | 'stale' | 'down';
  readonly message: string;
  readonly since?: number;
  readonly action?: { readonly title: string; readonly command: string };
}
