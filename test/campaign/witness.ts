import type { RunningOpenCode } from '../workbench/openCodeServer.ts';

/** A message as it lies on the server, reduced to what is judged. */
export interface SeenMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly agent: string;
  /** `provider/model`, with `/variant` where there is one. */
  readonly model: string;
  readonly text: string;
  /** The message that it answers. */
  readonly parentId: string | undefined;
  /** Whether it came with the fork of its session: it is older than that. */
  readonly isCopied: boolean;
  readonly isCompleted: boolean;
  readonly isCompaction: boolean;
  readonly isSummary: boolean;
  readonly error: string | undefined;
}

export interface SeenSession {
  readonly id: string;
  readonly title: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly isBusy: boolean;
  readonly messages: readonly SeenMessage[];
  /** As the server gave it. */
  readonly record: unknown;
}

interface RawMessage {
  readonly info: {
    readonly id: string;
    readonly role: 'user' | 'assistant';
    readonly agent?: string;
    readonly model?: { readonly providerID: string; readonly modelID: string; readonly variant?: string };
    readonly providerID?: string;
    readonly modelID?: string;
    readonly parentID?: string;
    readonly summary?: unknown;
    readonly time: { readonly created: number; readonly completed?: number };
    readonly error?: { readonly name: string };
  };
  readonly parts: readonly { readonly type: string; readonly text?: string }[];
}

interface RawSession {
  readonly id: string;
  readonly title: string;
  readonly time: { readonly created: number };
  readonly metadata?: Record<string, unknown>;
}

/** Another client of the same server, with code of its own: it sees what is true, and it prompts as a stranger does. */
export class Witness {
  readonly #server: RunningOpenCode;

  constructor(server: RunningOpenCode) {
    this.#server = server;
  }

  async createSession(title: string, agent = 'build'): Promise<string> {
    const { id } = (await this.#ask('POST', '/session', {
      title,
      agent,
      model: { id: 'steady', providerID: 'local' },
    })) as RawSession;
    return id;
  }

  /** Prompts and waits for the answer. */
  async say(sessionId: string, text: string, agent = 'build'): Promise<void> {
    await this.#ask('POST', `/session/${sessionId}/message`, toPrompt(text, agent));
  }

  /** Prompts as a client does that does not wait. */
  async prompt(sessionId: string, text: string, agent = 'build'): Promise<void> {
    await this.#ask('POST', `/session/${sessionId}/prompt_async`, toPrompt(text, agent));
  }

  async busySessions(): Promise<ReadonlySet<string>> {
    return new Set(Object.keys((await this.#ask('GET', '/session/status')) as object));
  }

  async sessionIds(): Promise<readonly string[]> {
    return (await this.#list()).map(({ id }) => id);
  }

  /** The sessions of the workspace with all their messages, those left out that are named. */
  async sessions(without: ReadonlySet<string>): Promise<readonly SeenSession[]> {
    const busy = await this.busySessions();
    const raw = (await this.#list()).filter(({ id }) => !without.has(id));
    return Promise.all(
      raw.map(async (record) => {
        const messages = (await this.#ask('GET', `/session/${record.id}/message`)) as RawMessage[];
        return {
          id: record.id,
          title: record.title,
          metadata: record.metadata ?? {},
          isBusy: busy.has(record.id),
          messages: messages.map((message) => toSeen(message, record)),
          record,
        };
      }),
    );
  }

  /** Makes the server say something to all who listen; by itself it does so every ten seconds (1.18). */
  async beat(): Promise<void> {
    await this.#ask('POST', '/tui/show-toast', { message: 'beat', variant: 'info' });
  }

  /** Ends what runs in the session and deletes it. */
  async remove(sessionId: string): Promise<void> {
    await this.#ask('POST', `/session/${sessionId}/abort`);
    for (let look = 0; look < 40 && (await this.busySessions()).has(sessionId); look += 1) {
      await new Promise((resolve) => void setTimeout(resolve, 25));
    }
    await this.#ask('DELETE', `/session/${sessionId}`);
  }

  #list(): Promise<RawSession[]> {
    return this.#ask('GET', '/session?limit=10000') as Promise<RawSession[]>;
  }

  /** What only reads is asked again: a server never answers what comes in its first moments (1.18). */
  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#askOnce(method, path, body, method === 'GET' ? 10_000 : 90_000);
      } catch (error) {
        if (method !== 'GET' || attempt === 6) throw new Error(`${method} ${path} failed`, { cause: error });
      }
    }
  }

  async #askOnce(method: string, path: string, body: unknown, patience: number): Promise<unknown> {
    const { url, username, password, workspace } = this.#server;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Basic ${btoa(`${username}:${password}`)}`,
        'x-opencode-directory': encodeURIComponent(workspace),
        'content-type': 'application/json',
      },
      signal: AbortSignal.timeout(patience),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 300)}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

function toPrompt(text: string, agent: string) {
  return { agent, model: { providerID: 'local', modelID: 'steady' }, parts: [{ type: 'text', text }] };
}

function toSeen({ info, parts }: RawMessage, session: RawSession): SeenMessage {
  const { providerID, modelID, variant } = info.model ?? {
    providerID: info.providerID ?? '',
    modelID: info.modelID ?? '',
  };
  return {
    id: info.id,
    role: info.role,
    agent: info.agent ?? '',
    model: [providerID, modelID, ...(variant === undefined ? [] : [variant])].join('/'),
    text: parts.map(({ text = '' }) => text).join('\n'),
    parentId: info.parentID,
    isCopied: info.time.created < session.time.created,
    isCompleted: info.time.completed !== undefined,
    isCompaction: parts.some(({ type }) => type === 'compaction'),
    isSummary: info.summary === true,
    error: info.error?.name,
  };
}
