import { createParser } from 'eventsource-parser';
import type { Model } from '../places/config.ts';
import type { Failure, Tokens } from '../state/records.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: unknown;
  readonly tool_calls?: readonly unknown[];
  readonly tool_call_id?: string;
}

export interface ChatRequest {
  readonly model: Model;
  readonly sessionID: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly { readonly name: string; readonly description: string; readonly input: unknown }[];
  readonly signal: AbortSignal;
}

export type Chunk =
  | { readonly type: 'text' | 'reasoning'; readonly text: string }
  | {
      readonly type: 'call';
      readonly index: number;
      readonly id?: string;
      readonly name?: string;
      readonly input: string;
    }
  | { readonly type: 'finish'; readonly reason: string }
  | { readonly type: 'tokens'; readonly tokens: Tokens };

/** What a provider answered instead of a stream. */
export class ProviderFailure extends Error {
  readonly failure: Failure;
  readonly isPassing: boolean;

  constructor(failure: Failure, isPassing: boolean) {
    super(failure.message);
    this.failure = failure;
    this.isPassing = isPassing;
  }
}

interface ChatChunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly reasoning_content?: string | null;
      readonly tool_calls?: readonly {
        readonly index: number;
        readonly id?: string;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: {
    readonly prompt_tokens?: number;
    readonly completion_tokens?: number;
    readonly prompt_tokens_details?: { readonly cached_tokens?: number };
    readonly completion_tokens_details?: { readonly reasoning_tokens?: number };
  } | null;
}

/** Asks an OpenAI-compatible provider and yields its answer as it streams. */
export async function* streamChat(request: ChatRequest): AsyncGenerator<Chunk> {
  const { settings, modelID } = request.model;
  const response = await fetch(`${textOf(settings['baseURL'])}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${textOf(settings['apiKey'])}`,
      'x-session-affinity': request.sessionID,
    },
    body: JSON.stringify({
      model: modelID,
      stream: true,
      stream_options: { include_usage: true },
      messages: request.messages,
      ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toFunction) }),
    }),
    signal: request.signal,
  }).catch((error: unknown) => {
    request.signal.throwIfAborted();
    throw new ProviderFailure(
      { type: 'provider.transport', message: `Cannot reach the provider: ${String(error)}` },
      true,
    );
  });
  if (!response.ok) throw await toFailure(response);
  for await (const data of readFrames(response, request.signal)) {
    if (data !== '[DONE]') yield* readChunk(JSON.parse(data) as ChatChunk);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function toFunction({ name, description, input }: ChatRequest['tools'][number]): unknown {
  return { type: 'function', function: { name, description, parameters: input } };
}

async function toFailure(response: Response): Promise<ProviderFailure> {
  const text = await response.text();
  const { status } = response;
  const type =
    status === 401 || status === 403
      ? 'provider.auth'
      : status === 429
        ? 'provider.rate-limit'
        : 'provider.api';
  return new ProviderFailure(
    { type, message: readMessage(text) ?? `The provider answered ${status}.`, status },
    status === 429 || status >= 500,
  );
}

function readMessage(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message;
  } catch {
    return undefined;
  }
}

async function* readFrames(response: Response, signal: AbortSignal): AsyncGenerator<string> {
  const frames: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void frames.push(data) });
  const decoder = new TextDecoder();
  try {
    for await (const bytes of response.body ?? []) {
      parser.feed(decoder.decode(bytes, { stream: true }));
      yield* frames.splice(0);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new ProviderFailure(
      { type: 'provider.transport', message: `The answer broke off: ${String(error)}` },
      true,
    );
  }
}

function* readChunk({ choices, usage }: ChatChunk): Generator<Chunk> {
  for (const { delta, finish_reason } of choices ?? []) {
    if (delta?.reasoning_content) yield { type: 'reasoning', text: delta.reasoning_content };
    if (delta?.content) yield { type: 'text', text: delta.content };
    for (const { index, id, function: called } of delta?.tool_calls ?? []) {
      yield {
        type: 'call',
        index,
        input: called?.arguments ?? '',
        ...(id === undefined ? {} : { id }),
        ...(called?.name === undefined ? {} : { name: called.name }),
      };
    }
    if (finish_reason) yield { type: 'finish', reason: finish_reason.replaceAll('_', '-') };
  }
  if (usage) yield { type: 'tokens', tokens: toTokens(usage) };
}

function toTokens(usage: NonNullable<ChatChunk['usage']>): Tokens {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    input: (usage.prompt_tokens ?? 0) - cached,
    output: usage.completion_tokens ?? 0,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    cache: { read: cached, write: 0 },
  };
}
