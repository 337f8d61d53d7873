import { l10n } from '../../../core/l10n.ts';
import { withoutUndefined } from '../../../core/withoutUndefined.ts';
import type {
  AssistantMessage,
  MessageWithParts,
  ModelReference,
  Part,
  PartOf,
  RunError,
  ToolState,
  UserMessage,
} from '../../../protocol/records.ts';
import { type Marks, readMarks, readTexts } from './ownMarks.ts';
import type { WireContent, WireError, WireMessage, WireModel, WireToolContent } from './wire.ts';

/** What a record of 2.x does not say of itself. */
export interface Standing {
  readonly sessionId: string;
  /** The time that it is told with: see `MessageOrder`. */
  readonly created: number;
  /** The prompt that it answers; empty: none. */
  readonly parentId: string;
  /** Whether that prompt asked for an answer in JSON. */
  readonly isStructured?: boolean;
  /** Who answers a prompt that does not say so. */
  readonly answerer?: Pick<WireMessage, 'agent' | 'model'> | undefined;
}

/** What the server writes down for itself or for the model, or what the heads of answers say as well. */
const unseen: ReadonlySet<string> = new Set(['idle', 'system', 'agent-switched', 'model-switched']);

/** Whether answers after it answer it: a person's prompt, or what a plugin or the server itself said; not what we only told. */
export function isAsking({ type, metadata }: Pick<WireMessage, 'type' | 'metadata'>): boolean {
  return type === 'user' || (type === 'synthetic' && readMarks(metadata)?.told !== true);
}

export function asksForJson({ metadata }: Pick<WireMessage, 'metadata'>): boolean {
  return readMarks(metadata)?.structured === true;
}

/** A record as a message of ours, the same whenever it is asked for; undefined: nobody is shown it. */
export function toMessage(record: WireMessage, standing: Standing): MessageWithParts | undefined {
  if (unseen.has(record.type)) return undefined;
  switch (record.type) {
    case 'user':
    case 'synthetic':
      return toUserMessage(record, standing);
    case 'assistant':
      return toAnswer(record, standing);
    case 'shell':
      return toShellRun(record, standing);
    case 'compaction':
      return toSummary(record, standing);
    case 'skill':
      return toNote(record, standing, l10n.t('Skill {0}', record.name ?? ''));
    case 'location-switched':
      return toNote(record, standing, l10n.t('Moved to {0}', record.location?.directory ?? ''));
    default:
      return toNote(
        record,
        standing,
        l10n.t('A message of the kind “{0}”, which this version does not know', record.type),
      );
  }
}

/** Sorts as it stands in its message, and stays the same: contents are only added at the end. */
export function partIdAt(messageId: string, index: number, kind: string): string {
  return `${messageId}_${String(index).padStart(4, '0')}_${kind}`;
}

function toUserMessage(record: WireMessage, standing: Standing): MessageWithParts {
  const { id } = record;
  const marks = readMarks(record.metadata);
  const base = { sessionID: standing.sessionId, messageID: id };
  const isSynthetic = record.type === 'synthetic';
  const texts = readTexts(record.text ?? '', marks).map((text): Omit<PartOf<'text'>, 'id'> => ({
    ...base,
    type: 'text',
    ...text,
    ...(isSynthetic ? { synthetic: true } : {}),
  }));
  const files = (record.files ?? []).map((file): Omit<PartOf<'file'>, 'id'> => {
    const { mime, name, source } = file;
    return {
      ...base,
      type: 'file',
      mime,
      url: urlOf(file),
      ...withoutUndefined({ filename: name, source: toSource(source) }),
    };
  });
  const agents = (record.agents ?? []).map((agent): Omit<PartOf<'agent'>, 'id'> => {
    return { ...base, type: 'agent', name: agent.name };
  });
  const parts = [...texts.filter(({ text }) => text !== '' || files.length === 0), ...files, ...agents];
  return {
    info: toUserInfo(record, standing, marks),
    parts: parts.map((part, index) => ({ ...part, id: partIdAt(id, index, part.type) })),
  };
}

function toUserInfo({ id }: WireMessage, standing: Standing, marks?: Marks): UserMessage {
  const { sessionId, created, answerer } = standing;
  const model = marks?.model ?? toModelReference(answerer?.model);
  return {
    id,
    sessionID: sessionId,
    role: 'user',
    time: { created },
    agent: marks?.agent || (answerer?.agent ?? ''),
    ...withoutUndefined({ model }),
  };
}

function urlOf({ data, mime, source, uri }: NonNullable<WireMessage['files']>[number]): string {
  const from = source?.uri ?? uri ?? '';
  const isPicture = /^(?:image\/|application\/pdf)/.test(mime);
  if (data === undefined || (from !== '' && !isPicture && !from.startsWith('data:'))) return from;
  return `data:${mime};base64,${data}`;
}

function toSource(source: { readonly uri: string } | undefined): PartOf<'file'>['source'] {
  if (source === undefined || !source.uri.startsWith('file:')) return undefined;
  try {
    return { type: 'file', path: decodeURIComponent(new URL(source.uri).pathname) };
  } catch {
    return undefined;
  }
}

/** What is shown and asks for no answer. */
function toNote(record: WireMessage, standing: Standing, text: string): MessageWithParts {
  const { sessionId: sessionID } = standing;
  const id = partIdAt(record.id, 0, 'note');
  return {
    info: toUserInfo(record, standing),
    parts: [{ id, sessionID, messageID: record.id, type: 'text', text, ignored: true }],
  };
}

/** An assistant record's own fields, without its contents. */
export function toAnswerInfo(record: WireMessage, standing: Standing): AssistantMessage {
  const { id, agent = '', model, cost = 0, tokens, error, finish, time } = record;
  const completed = time.completed;
  return {
    id,
    sessionID: standing.sessionId,
    role: 'assistant',
    time: { created: standing.created, ...withoutUndefined({ completed }) },
    parentID: standing.parentId,
    agent,
    providerID: model?.providerID ?? '',
    modelID: model?.id ?? '',
    cost,
    ...withoutUndefined({
      variant: variantOf(model),
      tokens,
      error: error && toRunError(error),
      finish,
      structured: structuredOf(record, standing),
    }),
  };
}

function structuredOf({ finish, content = [] }: WireMessage, { isStructured }: Standing): unknown {
  if (isStructured !== true || finish !== 'stop') return undefined;
  return readJson(content.flatMap(({ type, text }) => (type === 'text' ? (text ?? '') : [])).join(''));
}

/** What a model wrote that was asked for JSON: it may put it into a fence, or say something before it. */
export function readJson(text: string): unknown {
  const [start, end] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (start === -1 || end < start) return undefined;
  try {
    return JSON.parse(text.slice(start, end + 1)) as unknown;
  } catch {
    return undefined;
  }
}

function toAnswer(record: WireMessage, standing: Standing): MessageWithParts {
  return { info: toAnswerInfo(record, standing), parts: toAnswerParts(record, standing) };
}

export function toAnswerParts(record: WireMessage, standing: Standing): Part[] {
  const { sessionId: sessionID } = standing;
  const base = { sessionID, messageID: record.id };
  const contents = (record.content ?? []).map((content, index) => toPart(record, content, index, standing));
  const files = record.snapshot?.files ?? [];
  const retry = record.retry;
  return [
    ...contents,
    ...(files.length > 0
      ? [{ ...base, id: partIdAt(record.id, 9998, 'patch'), type: 'patch' as const, hash: '', files }]
      : []),
    ...(retry !== undefined && record.time.completed === undefined
      ? [
          {
            ...base,
            id: partIdAt(record.id, 9999, 'retry'),
            type: 'retry' as const,
            attempt: retry.attempt,
            error: toRunError(retry.error ?? { type: '', message: '', status: undefined }),
            time: { created: record.time.created },
          },
        ]
      : []),
  ];
}

/** Whether nothing more comes to the texts of a message. */
function isOver({ time, error }: WireMessage): boolean {
  return time.completed !== undefined || error !== undefined;
}

/** One content of an answer, at its place there. */
export function toPart(record: WireMessage, content: WireContent, index: number, standing: Standing): Part {
  const { type, text = '', time } = content;
  const base = {
    id: partIdAt(record.id, index, type),
    sessionID: standing.sessionId,
    messageID: record.id,
  };
  // The server stores a text once it is whole: one that is empty is still being written.
  const isEnded = text !== '' || isOver(record);
  const start = time?.created ?? record.time.created;
  switch (type) {
    case 'text':
      return { ...base, type, text, time: { start, ...(isEnded ? { end: start } : {}) } };
    case 'reasoning': {
      const end = time?.completed ?? (isEnded ? start : undefined);
      return { ...base, type, text, time: { start, ...withoutUndefined({ end }) } };
    }
    case 'tool':
      return {
        ...base,
        type,
        callID: content.id ?? base.id,
        tool: content.name ?? '',
        state: toToolState(content, start),
        ...(content.executed === true ? { metadata: { providerExecuted: true } } : {}),
      };
    default:
      return { ...base, type: 'unknown', originalType: type };
  }
}

function toToolState({ state, time }: WireContent, created: number): ToolState {
  const { status = 'streaming', content = [], metadata = {}, error } = state ?? {};
  const input = isRecord(state?.input) ? state.input : {};
  const start = time?.ran ?? created;
  const end = time?.completed ?? start;
  const output = content.flatMap(({ text }) => text ?? []).join('\n');
  switch (status) {
    case 'completed': {
      const attachments = content.flatMap(toAttachment);
      return {
        status,
        input,
        output,
        title: '',
        metadata,
        time: { start, end },
        ...(attachments.length > 0 ? { attachments } : {}),
      };
    }
    case 'error': {
      const isAborted = error?.type === 'aborted';
      const told = {
        ...metadata,
        ...(output === '' ? {} : { output }),
        ...(isAborted ? { interrupted: true } : {}),
      };
      return { status, input, error: error?.message ?? '', metadata: told, time: { start, end } };
    }
    case 'running':
      return { status, input, metadata, time: { start } };
    default:
      return { status: 'pending', input };
  }
}

function toAttachment({ uri, mime, name }: WireToolContent) {
  if (uri === undefined) return [];
  return [{ url: uri, mime: mime ?? 'application/octet-stream', ...withoutUndefined({ filename: name }) }];
}

/** A command that a person ran: it answers no prompt. */
function toShellRun(record: WireMessage, standing: Standing): MessageWithParts {
  const { id, command = '', status, exit, output, shellID, time } = record;
  const isRunning = status === 'running' && time.completed === undefined;
  const end = time.completed ?? time.created;
  const base = { id: partIdAt(id, 0, 'shell'), sessionID: standing.sessionId, messageID: id };
  const metadata = withoutUndefined({ output: output?.output, exit });
  const span = { start: time.created };
  const state: ToolState = isRunning
    ? { status: 'running', input: { command }, metadata, time: span }
    : {
        status: 'completed',
        input: { command },
        output: output?.output ?? '',
        title: '',
        metadata,
        time: { ...span, end },
      };
  const info = toAnswerInfo(
    { ...record, finish: undefined, error: undefined },
    { ...standing, parentId: id },
  );
  return {
    info: isRunning ? info : { ...info, time: { ...info.time, completed: end } },
    parts: [{ ...base, type: 'tool', tool: 'shell', callID: shellID ?? id, state }],
  };
}

/** One record is the request for a summary as well as the summary; it answers no prompt. */
function toSummary(record: WireMessage, standing: Standing): MessageWithParts {
  const { id, status, reason, summary = '', error, time } = record;
  const isRunning = status === 'running';
  const base = { sessionID: standing.sessionId, messageID: id };
  const completed = isRunning ? undefined : (time.completed ?? time.created);
  const failure = status === 'failed' ? (error ?? { type: '', message: '', status: undefined }) : undefined;
  const info = toAnswerInfo(
    {
      ...record,
      agent: record.agent ?? 'compaction',
      time: { created: time.created, completed },
      error: failure,
      finish: completed === undefined || failure !== undefined ? undefined : 'stop',
    },
    { ...standing, parentId: id },
  );
  const start = time.created;
  return {
    info: { ...info, summary: true },
    parts: [
      { ...base, id: partIdAt(id, 0, 'compaction'), type: 'compaction', auto: reason === 'auto' },
      {
        ...base,
        id: partIdAt(id, 1, 'text'),
        type: 'text',
        text: summary,
        time: { start, ...(isRunning ? {} : { end: start }) },
      },
    ],
  };
}

/** The names under which the product knows what helps. */
export function toRunError({ type, message: said, status }: WireError): RunError {
  // The agent stands in quotes where the product looks for it.
  const message = said.replace(/^Agent not found: "?([^"]*)"?$/, 'Agent not found: "$1"');
  const data = withoutUndefined({ message, statusCode: status });
  return { name: errorName(type, message), data };
}

function errorName(type: string, message: string): string {
  if (type === 'aborted') return 'MessageAbortedError';
  if (type === 'provider.no-route') return 'ProviderModelNotFoundError';
  if (/context|overflow/.test(type)) return 'ContextOverflowError';
  if (/auth/.test(type)) return 'ProviderAuthError';
  if (type.startsWith('provider')) return 'APIError';
  return type === '' || message.startsWith('Agent not found') ? 'UnknownError' : type;
}

export function toModelReference(model: WireModel | undefined): ModelReference | undefined {
  return (
    model && {
      providerID: model.providerID,
      modelID: model.id,
      ...withoutUndefined({ variant: variantOf(model) }),
    }
  );
}

/** The one that is meant where none is named has a name here. */
export function variantOf(model: WireModel | undefined): string | undefined {
  return model?.variant === 'default' ? undefined : model?.variant;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
