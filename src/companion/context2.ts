// What OpenCode 2.x hands to a plugin and takes from it, as far as it is used here. What `?` stands at was read of 2.0.26
// and seen of no server yet: it is looked for before it is used.

export interface ToolContext2 {
  readonly sessionID: string;
  readonly messageID: string;
  readonly agent: string;
  /** Of the call. */
  readonly id: string;
}

export interface ToolResult2 {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface Tool2 {
  readonly name: string;
  readonly description: string;
  /** A JSON schema; the server does not hold anybody to it. */
  readonly input: object;
  /** Without it the model reaches a tool only by a script of its own. */
  readonly options: { readonly codemode: false };
  readonly execute: (input: unknown, context: ToolContext2) => Promise<ToolResult2>;
}

export interface Command2 {
  readonly name: string;
  readonly description: string;
  readonly template: string;
}

/** What happens, with what may be changed of it. */
export type HookEvent = Record<string, unknown>;

interface Hooks {
  hook(name: string, hook: (event: HookEvent) => Promise<void>): unknown;
}

interface Transformed<Entry> {
  transform(change: (all: { add(entry: Entry): unknown }) => void): unknown;
}

export interface Storage2 {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<unknown>;
}

export interface PluginContext2 {
  readonly options?: unknown;
  readonly location?: { readonly directory?: unknown };
  readonly tool: Transformed<Tool2> & Hooks;
  readonly session: Hooks;
  readonly event: { subscribe(): AsyncIterable<unknown> };
  readonly command?: Partial<Transformed<Command2>>;
  readonly rpc?: {
    register?(method: string, answer: (input: unknown) => unknown): unknown;
    emit?(name: string, data: object): unknown;
  };
  readonly storage?: Partial<Storage2>;
  readonly permission?: {
    /** Resolves once it is allowed; rejects when it is refused. */
    ask?(asked: {
      readonly sessionID: string;
      readonly action: string;
      readonly resources: readonly string[];
      readonly save: readonly string[];
      readonly source: { readonly type: 'tool'; readonly messageID: string; readonly id: string };
      readonly metadata: Readonly<Record<string, unknown>>;
    }): Promise<unknown>;
  };
}
