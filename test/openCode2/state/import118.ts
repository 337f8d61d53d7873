import { makeId } from './ids.ts';
import {
  type AssistantMessage,
  type Content,
  type Message,
  noTokens,
  type Session,
  type ToolState,
} from './records.ts';

/** A session as 1.18 exports it. */
interface Exported118 {
  readonly info: {
    readonly id: string;
    readonly parentID?: string;
    readonly projectID?: string;
    readonly title?: string;
    readonly directory: string;
    readonly time: Session['time'];
    readonly metadata?: Record<string, unknown>;
  };
  readonly messages: readonly { readonly info: Info118; readonly parts: readonly Part118[] }[];
}

interface Info118 {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly time: { readonly created: number; readonly completed?: number };
  readonly agent?: string;
  readonly mode?: string;
  readonly modelID?: string;
  readonly providerID?: string;
  readonly finish?: string;
  readonly tokens?: AssistantMessage['tokens'];
  readonly error?: { readonly name: string; readonly data?: { readonly message?: string } };
}

interface Part118 {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
  readonly callID?: string;
  readonly tool?: string;
  readonly state?: {
    readonly status: string;
    readonly input?: unknown;
    readonly output?: string;
    readonly error?: string;
    readonly metadata?: Record<string, unknown>;
  };
}

export function is118(value: { readonly messages: readonly object[] }): value is Exported118 {
  return value.messages.some((message) => 'parts' in message);
}

/** As 2.x takes old history over: tools keep their old names, inputs and metadata. */
export function translate118({ info, messages }: Exported118): { info: Session; messages: Message[] } {
  const { id, parentID, projectID = 'global', title, directory, time, metadata } = info;
  return {
    info: {
      id,
      parentID,
      projectID,
      title,
      location: { directory },
      time,
      metadata,
      cost: 0,
      tokens: noTokens,
    },
    messages: messages.map(({ info, parts }) =>
      info.role === 'user' ? toUser(info, parts) : toAssistant(info, parts),
    ),
  };
}

function toUser({ id, time }: Info118, parts: readonly Part118[]): Message {
  const text = parts.flatMap((part) => (part.type === 'text' ? (part.text ?? []) : [])).join('\n');
  return { id, type: 'user', text, files: [], agents: [], skills: [], time: { created: time.created } };
}

function toAssistant(info: Info118, parts: readonly Part118[]): Message {
  const { id, time, agent, mode, modelID = '', providerID = '', finish, tokens = noTokens, error } = info;
  return {
    id,
    type: 'assistant',
    agent: agent ?? mode ?? 'build',
    model: { id: modelID, providerID },
    content: parts.flatMap((part) => toContent(part, time.created) ?? []),
    cost: 0,
    tokens,
    time,
    ...(finish === undefined ? {} : { finish }),
    ...(error === undefined
      ? {}
      : { error: { type: error.name, message: error.data?.message ?? error.name } }),
  };
}

function toContent(part: Part118, created: number): Content | undefined {
  const text = part.text ?? '';
  if (part.type === 'text') return { type: 'text', text };
  if (part.type === 'reasoning') return { type: 'reasoning', text, time: { created, completed: created } };
  if (part.type !== 'tool') return undefined;
  return {
    type: 'tool',
    id: part.callID ?? makeId('sh'),
    name: part.tool ?? '',
    executed: false,
    time: { created, ran: created, completed: created },
    state: toState(part.state),
  };
}

function toState(state: Part118['state']): ToolState {
  const { input = {}, metadata = {} } = state ?? {};
  if (state?.status === 'completed') {
    return { status: 'completed', input, content: [{ type: 'text', text: state.output ?? '' }], metadata };
  }
  const message = state?.error ?? 'The call never ended.';
  return { status: 'error', input, error: { type: 'tool.execution', message }, metadata };
}
