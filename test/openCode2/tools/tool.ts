import type { Agent } from '../places/config.ts';
import type { Answer, Form } from '../places/forms.ts';
import type { ToolContent } from '../state/records.ts';

export type Metadata = Record<string, unknown>;

export interface ToolResult {
  readonly content: readonly ToolContent[];
  readonly metadata?: Metadata;
}

/** What a call may do beside what its arguments say. */
export interface ToolContext {
  readonly sessionID: string;
  readonly messageID: string;
  readonly id: string;
  readonly directory: string;
  readonly agent: Agent;
  readonly signal: AbortSignal;
  readonly progress: (metadata: Metadata) => void;
  /** Returns once it is allowed. */
  readonly allow: (asked: {
    readonly action: string;
    readonly resources: readonly string[];
    readonly save?: readonly string[];
    readonly metadata?: Metadata;
  }) => Promise<void>;
  readonly askForm: (form: Omit<Form, 'id' | 'sessionID'>) => Promise<Answer>;
  readonly runSubagent: (order: SubagentOrder) => Promise<ToolResult>;
}

export interface SubagentOrder {
  readonly agent: string;
  readonly description: string;
  readonly prompt: string;
  readonly background: boolean;
  readonly sessionID?: string | undefined;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** A JSON schema. */
  readonly input: Readonly<Record<string, unknown>>;
  run(input: Metadata, context: ToolContext): Promise<ToolResult>;
}

export function textResult(text: string, metadata?: Metadata): ToolResult {
  return { content: [{ type: 'text', text }], ...(metadata === undefined ? {} : { metadata }) };
}

/** A text among the arguments; throws where there is none. */
export function textIn(input: Metadata, key: string): string {
  const value = input[key];
  if (typeof value !== 'string') throw new Error(`The argument "${key}" is missing.`);
  return value;
}

export function schemaOf(required: readonly string[], optional: readonly string[] = []): Metadata {
  const properties = Object.fromEntries([...required, ...optional].map((key) => [key, { type: 'string' }]));
  return { type: 'object', properties, required };
}
