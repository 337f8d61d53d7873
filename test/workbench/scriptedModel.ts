import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parseScript, type Act, type Step } from './modelScript.ts';

interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content?: string | readonly { readonly type: string; readonly text?: string }[] | null;
  readonly tool_calls?: readonly { readonly function: { readonly name: string } }[];
}

interface ChatBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly {
    readonly function: { readonly name: string; readonly parameters?: JsonSchema };
  }[];
  readonly tool_choice?: unknown;
  readonly response_format?: { readonly json_schema?: { readonly schema?: JsonSchema } };
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** What the server really sent to the model. */
export interface ModelRequest {
  readonly kind: 'turn' | 'title' | 'compaction';
  readonly model: string;
  readonly system: string;
  /** The conversation without the system prompt, each message as its text. */
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly tools: readonly string[];
  readonly body: ChatBody;
}

/** An OpenAI-compatible model on loopback whose answers are scripted by the prompts themselves. */
export interface ScriptedModel {
  /** What a provider's `baseURL` is set to. */
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  /** Lets everything go on that waits at `hold: name`, and whatever comes there later. Also `POST {url}/release/{name}`. */
  release(name: string): void;
  /** Lets everything go on that waits, and knows no name any longer: each test, and each try of one, has its own. */
  releaseAll(): void;
  /** Resolves when an answer waits, or waited, at `hold: name`. */
  reached(name: string): Promise<void>;
  close(): Promise<void>;
}

/** A gate that stays open once it was opened. */
class Gate {
  readonly opened = Promise.withResolvers<void>();
  readonly reached = Promise.withResolvers<void>();
}

export interface ScriptedModelOptions {
  readonly port?: number;
  /** Writes the script for a prompt that holds none, e.g. of a person who tries the thing out. */
  readonly improvise?: (prompt: string) => string;
  /** False for thousands of requests: none of them is kept. */
  readonly remembers?: boolean;
}

/** Starts a scripted model on a free port of 127.0.0.1; see `parseScript` for what prompts can say. */
export async function startScriptedModel(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
  const requests: ModelRequest[] = [];
  const failures = new Map<string, number>();
  const gates = new Map<string, Gate>();
  const gate = (name: string): Gate => {
    const found = gates.get(name) ?? new Gate();
    gates.set(name, found);
    return found;
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: { message: String(error) } });
      response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const released = /\/release\/([^/]+)$/.exec(path)?.[1];
    if (released !== undefined) {
      gate(decodeURIComponent(released)).opened.resolve();
      return sendJson(response, 200, { released });
    }
    if (path.endsWith('/models')) return sendJson(response, 200, { object: 'list', data: [] });
    if (!path.endsWith('/chat/completions')) {
      return sendJson(response, 404, { error: { message: 'no such route' } });
    }
    const body = JSON.parse(await readAll(request)) as ChatBody;
    const seen = toModelRequest(body);
    if (options.remembers !== false) requests.push(seen);
    const acts = chooseActs(seen, options.improvise);
    const failure = dueFailure(acts, failures, request, seen);
    if (failure !== undefined) {
      return sendJson(response, failure.status, { error: { message: failure.message, type: 'scripted' } });
    }
    const reply = new Reply(response, body, gate);
    await reply.play(acts);
  }

  const releaseAll = (): void => {
    for (const { opened } of gates.values()) opened.resolve();
    gates.clear();
  };

  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    release: (name) => gate(name).opened.resolve(),
    releaseAll,
    reached: (name) => gate(name).reached.promise,
    close: async () => {
      releaseAll();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One answer on its way: a stream of chunks, or one JSON text where no stream was asked for. */
class Reply {
  readonly #response: ServerResponse;
  readonly #body: ChatBody;
  readonly #gate: (name: string) => Gate;
  readonly #id = `chatcmpl-${randomUUID()}`;
  readonly #gone = Promise.withResolvers<void>();
  readonly #calls: { id: string; name: string; arguments: string }[] = [];
  #text = '';
  #pause = 0;
  #finish: string | undefined;
  #usage: { input: number; output: number } | undefined;

  constructor(response: ServerResponse, body: ChatBody, gate: (name: string) => Gate) {
    this.#response = response;
    this.#body = body;
    this.#gate = gate;
    response.once('close', () => this.#gone.resolve());
  }

  async play(acts: Step): Promise<void> {
    if (this.#body.stream === true) {
      this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    }
    this.#chunk({ role: 'assistant', content: '' });
    for (const act of acts) {
      if (this.#response.destroyed) return;
      await this.#playAct(act);
    }
    this.#end();
  }

  async #playAct(act: Act): Promise<void> {
    switch (act.kind) {
      case 'say':
        return this.#stream('content', act.text);
      case 'think':
        return this.#stream('reasoning_content', act.text);
      case 'repeat':
        for (let index = 0; index < act.times; index += 1) await this.#stream('content', act.text);
        return;
      case 'slow':
        this.#pause = 1000 / act.tokensPerSecond;
        return;
      case 'hold':
        this.#gate(act.name).reached.resolve();
        await Promise.race([this.#gate(act.name).opened.promise, this.#gone.promise]);
        return;
      case 'usage':
        this.#usage = act;
        return;
      case 'finish':
        this.#finish = act.reason;
        return;
      case 'tool':
        return this.#call(act.tool, JSON.stringify(act.input));
      case 'structured':
        return this.#structured(act.value);
      case 'fail':
        return;
    }
  }

  async #stream(field: 'content' | 'reasoning_content', text: string): Promise<void> {
    for (const token of text.match(/\s*\S+|\s+$/g) ?? []) {
      if (this.#response.destroyed) return;
      if (this.#pause > 0) await delay(this.#pause);
      if (field === 'content') this.#text += token;
      if (!this.#chunk({ [field]: token }))
        await Promise.race([once(this.#response, 'drain'), this.#gone.promise]);
    }
  }

  async #structured(value: unknown): Promise<void> {
    const tool = this.#body.tools?.find((tool) => tool.function.name === 'StructuredOutput');
    if (tool === undefined) return this.#stream('content', JSON.stringify(value));
    this.#call(tool.function.name, JSON.stringify(value));
  }

  #call(name: string, input: string): void {
    const call = { id: `call_${randomUUID().replaceAll('-', '')}`, name, arguments: input };
    const index = this.#calls.push(call) - 1;
    const { id } = call;
    this.#chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: input } }] });
  }

  #end(): void {
    const finish = this.#finish ?? (this.#calls.length > 0 ? 'tool_calls' : 'stop');
    if (this.#body.stream !== true) return this.#endWhole(finish);
    this.#write({ choices: [{ index: 0, delta: {}, finish_reason: finish }] });
    this.#write({ choices: [], usage: this.#usageRecord() });
    this.#response.end('data: [DONE]\n\n');
  }

  #endWhole(finish: string): void {
    const calls = this.#calls.map(({ id, ...call }) => ({ id, type: 'function', function: call }));
    const message = {
      role: 'assistant',
      content: this.#text,
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
    sendJson(this.#response, 200, {
      id: this.#id,
      object: 'chat.completion',
      model: this.#body.model,
      choices: [{ index: 0, message, finish_reason: finish }],
      usage: this.#usageRecord(),
    });
  }

  #chunk(delta: Record<string, unknown>): boolean {
    if (this.#body.stream !== true) return true;
    return this.#write({ choices: [{ index: 0, delta, finish_reason: null }] });
  }

  #write(chunk: Record<string, unknown>): boolean {
    const record = { id: this.#id, object: 'chat.completion.chunk', model: this.#body.model, ...chunk };
    return this.#response.write(`data: ${JSON.stringify(record)}\n\n`);
  }

  #usageRecord() {
    // About four characters make a token, as with real models.
    const input = this.#usage?.input ?? Math.ceil(JSON.stringify(this.#body.messages).length / 4);
    const output = this.#usage?.output ?? Math.ceil(this.#text.length / 4) + 1;
    return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  }
}

function toModelRequest(body: ChatBody): ModelRequest {
  const of = (role: string) => body.messages.filter((message) => message.role === role);
  const system = of('system').map(textOf).join('\n');
  const tools = (body.tools ?? []).map((tool) => tool.function.name);
  const messages = body.messages
    .filter(({ role }) => role !== 'system')
    .map((message) => ({ role: message.role, text: textOf(message) }));
  return { kind: kindOf(system), model: body.model, system, messages, tools, body };
}

/** OpenCode asks for titles and summaries with hidden agents of its own, told by how their prompts begin (1.18). */
function kindOf(system: string): ModelRequest['kind'] {
  if (/^You are a title generator/i.test(system)) return 'title';
  return /^You are an? [a-z ]*summarization/i.test(system) ? 'compaction' : 'turn';
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('\n');
}

function chooseActs(request: ModelRequest, improvise: ScriptedModelOptions['improvise']): Step {
  const last = request.messages.findLastIndex(({ role }) => role === 'user');
  const prompt = withoutReminders(request.messages[last]?.text ?? '');
  if (request.kind === 'title') return [{ kind: 'say', text: titleOf(prompt) }];
  if (request.kind === 'compaction') {
    return [...beforeSummary(request), { kind: 'say', text: summaryOf(request) }];
  }
  const step = request.messages.slice(last + 1).filter(({ role }) => role === 'assistant').length;
  try {
    // Who asks for JSON wants that and no performance.
    const improvised = improvise && schemaOf(request) === undefined ? improvise(prompt) : undefined;
    const script = parseScript(prompt) ?? (improvised === undefined ? undefined : parseScript(improvised));
    return script?.[step] ?? unscriptedActs(request, prompt, script !== undefined);
  } catch (error) {
    return [{ kind: 'say', text: String(error) }];
  }
}

/** A line of the conversation may say what happens before its summary: `While summarizing, hold: here`. */
function beforeSummary({ messages }: ModelRequest): Step {
  const text = messages.map((message) => message.text).join('\n');
  return parseScript(/While summarizing, (.+)/.exec(text)?.[1] ?? '')?.[0] ?? [];
}

/** The schema that the answer must have, if there is one. */
function schemaOf({ body }: ModelRequest): JsonSchema | undefined {
  const tool = body.tools?.find(({ function: { name } }) => name === 'StructuredOutput');
  return tool?.function.parameters ?? body.response_format?.json_schema?.schema;
}

function unscriptedActs(request: ModelRequest, prompt: string, scriptEnded: boolean): Step {
  const schema = schemaOf(request);
  if (schema !== undefined) return [{ kind: 'structured', value: exampleOf(schema, 'answer') }];
  if (scriptEnded) return [{ kind: 'say', text: 'Done.' }];
  const words = prompt.trim().split(/\s+/).slice(0, 12).join(' ');
  return [{ kind: 'say', text: `I have read "${words}". There is nothing more to do for it.` }];
}

/** The least value that fits a schema, with texts that say which field they stand in. */
function exampleOf(schema: JsonSchema, name: string): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, value]) => [key, exampleOf(value, key)]),
      );
    case 'array':
      return [exampleOf(schema.items ?? {}, name)];
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return `the ${name}`;
  }
}

function titleOf(prompt: string): string {
  const [first] = parseScriptTexts(prompt);
  return (first ?? prompt).trim().split(/\s+/).slice(0, 6).join(' ').slice(0, 50) || 'A short talk';
}

function parseScriptTexts(prompt: string): string[] {
  return prompt.split('\n').flatMap((line) => /^\s*say:\s*(.+)$/.exec(line)?.[1] ?? []);
}

function summaryOf({ messages }: ModelRequest): string {
  const text = messages.map((message) => message.text).join('\n');
  return `## Goal\nGo on with the work of this session.\n\n## Progress\nThe conversation so far held ${text.length} characters in ${messages.length} messages.\n\n## Next steps\nWait for the next prompt.`;
}

function withoutReminders(text: string): string {
  return text.replaceAll(/<system-reminder>[^]*?<\/system-reminder>/g, '');
}

/** The server's own retries, and a person's, ask for the same step of the same prompt: those of a session are counted. */
function dueFailure(
  acts: Step,
  failures: Map<string, number>,
  request: IncomingMessage,
  { kind, messages }: ModelRequest,
) {
  const failure = acts.find((act) => act.kind === 'fail');
  if (failure === undefined) return undefined;
  const session = request.headers['x-session-affinity'] ?? request.headers['x-opencode-session'] ?? '';
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const asked = [session, kind, withoutReminders(messages[last]?.text ?? ''), messages.length - last];
  const key = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  const count = failures.get(key) ?? 0;
  if (count >= failure.times) return undefined;
  failures.set(key, count + 1);
  return failure;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
