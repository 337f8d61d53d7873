// The records of OpenCode 2.0.26 as they cross the wire, with the fields that this server fills.

export interface ModelRef {
  readonly id: string;
  readonly providerID: string;
  readonly variant?: string | undefined;
}

/** A rule of permissions: the last one that matches wins. */
export interface Rule {
  readonly action: string;
  readonly resource: string;
  readonly effect: 'allow' | 'deny' | 'ask';
}

export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cache: { readonly read: number; readonly write: number };
}

export interface FileDiff {
  readonly file: string;
  readonly patch: string;
  readonly additions: number;
  readonly deletions: number;
  readonly status: 'added' | 'deleted' | 'modified';
}

export interface Failure {
  readonly type: string;
  readonly message: string;
  readonly status?: number;
}

export type Outcome = 'succeeded' | 'failed' | 'interrupted';

export interface Session {
  readonly id: string;
  readonly parentID?: string | undefined;
  readonly fork?: {
    readonly sessionID: string;
    readonly boundary: { readonly type: 'before' | 'through'; readonly messageID: string };
  };
  readonly projectID: string;
  readonly agent?: string | undefined;
  readonly model?: ModelRef | undefined;
  readonly cost: number;
  readonly tokens: Tokens;
  readonly title?: string | undefined;
  readonly location: { readonly directory: string };
  readonly subpath?: string | undefined;
  /** In milliseconds since 1970. */
  readonly time: {
    readonly created: number;
    readonly updated: number;
    readonly idle?: number;
    readonly viewed?: number;
    readonly archived?: number;
  };
  readonly outcome?: Outcome;
  readonly metadata?: Record<string, unknown> | undefined;
  readonly permissions?: readonly Rule[] | undefined;
  readonly revert?: Revert | undefined;
}

export interface Revert {
  readonly messageID: string;
  /** The snapshot of what was there before the files went back. */
  readonly snapshot?: string;
  readonly files: readonly FileDiff[];
}

/** A file that goes along with a prompt: its data is base64. */
export interface AttachedFile {
  readonly data: string;
  readonly mime: string;
  readonly name?: string;
  readonly description?: string;
  readonly source: { readonly type: 'uri'; readonly uri: string };
}

export type ToolContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'file'; readonly uri: string; readonly mime: string; readonly name?: string };

export type ToolState =
  | { readonly status: 'streaming'; readonly input: string }
  | { readonly status: 'running'; readonly input: unknown; readonly metadata: Record<string, unknown> }
  | {
      readonly status: 'completed';
      readonly input: unknown;
      readonly content: readonly ToolContent[];
      readonly metadata: Record<string, unknown>;
    }
  | {
      readonly status: 'error';
      readonly input: unknown;
      readonly error: Failure;
      readonly metadata?: Record<string, unknown>;
    };

export interface ToolCall {
  readonly type: 'tool';
  readonly id: string;
  readonly name: string;
  readonly executed: boolean;
  time: { readonly created: number; readonly ran?: number; readonly completed?: number };
  state: ToolState;
}

export type Content =
  | { readonly type: 'text'; text: string }
  | {
      readonly type: 'reasoning';
      text: string;
      time: { readonly created: number; readonly completed?: number };
    }
  | ToolCall;

interface Timed {
  readonly id: string;
  readonly time: { readonly created: number; readonly completed?: number; readonly streamed?: number };
}

export interface UserMessage extends Timed {
  readonly type: 'user';
  readonly text: string;
  readonly files: readonly AttachedFile[];
  readonly agents: readonly { readonly name: string }[];
  readonly skills: readonly string[];
  readonly metadata?: Record<string, unknown>;
}

export interface AssistantMessage extends Timed {
  readonly type: 'assistant';
  readonly agent: string;
  readonly model: ModelRef;
  readonly content: readonly Content[];
  readonly finish?: string;
  readonly cost: number;
  readonly tokens: Tokens;
  readonly error?: Failure;
  readonly retry?: { readonly attempt: number; readonly at: number; readonly error: Failure };
  readonly snapshot?: { readonly start: string; readonly end?: string; readonly files?: readonly string[] };
}

export interface CompactionMessage extends Timed {
  readonly type: 'compaction';
  readonly status: 'running' | 'completed' | 'failed';
  readonly reason: 'auto' | 'manual';
  readonly summary: string;
  readonly recent: string;
  readonly error?: Failure;
}

export interface ShellMessage extends Timed {
  readonly type: 'shell';
  readonly command: string;
  readonly status: 'running' | 'exited' | 'killed';
  readonly exit?: number;
  readonly output: {
    readonly output: string;
    readonly cursor: number;
    readonly size: number;
    readonly truncated: boolean;
  };
  readonly shellID: string;
}

export type Message =
  | UserMessage
  | AssistantMessage
  | CompactionMessage
  | ShellMessage
  | (Timed & {
      readonly type: 'synthetic' | 'system';
      readonly text: string;
      readonly description?: string;
      readonly metadata?: Record<string, unknown>;
    })
  | (Timed & { readonly type: 'agent-switched'; readonly agent: string; readonly previous?: string })
  | (Timed & { readonly type: 'model-switched'; readonly model: ModelRef; readonly previous?: ModelRef })
  | (Timed & { readonly type: 'location-switched'; readonly directory: string; readonly previous: string })
  | (Timed & { readonly type: 'idle'; readonly outcome: Outcome; readonly error?: Failure });

export type Delivery = 'steer' | 'queue';

interface Waiting {
  readonly id: string;
  readonly sessionID: string;
  readonly time: { readonly created: number };
  readonly delivery: Delivery;
}

/** What waits in a session until a run takes it in. */
export type InboxItem = Waiting &
  (
    | {
        readonly type: 'user';
        readonly payload: Omit<UserMessage, 'id' | 'type' | 'time'>;
      }
    | {
        readonly type: 'synthetic';
        readonly payload: {
          readonly text: string;
          readonly description?: string;
          readonly metadata?: Record<string, unknown>;
        };
      }
    | { readonly type: 'compaction'; readonly payload: Record<string, never> }
    | { readonly type: 'move'; readonly payload: { readonly directory: string } }
  );

export const noTokens: Tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
