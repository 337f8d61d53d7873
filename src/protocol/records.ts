import * as z from 'zod';

/**
 * Our records of what a server holds: as OpenCode 1.18 sends them, with only the fields that we read. Other dialects make them
 * of theirs.
 * Times are milliseconds since 1970, costs are USD, tokens are counts.
 */

export const Tokens = z.object({
  total: z.number().optional(),
  input: z.number(),
  output: z.number(),
  reasoning: z.number(),
  cache: z.object({ read: z.number(), write: z.number() }),
});
export type Tokens = z.infer<typeof Tokens>;

export const PermissionRule = z.object({
  permission: z.string(),
  pattern: z.string(),
  action: z.enum(['allow', 'deny', 'ask']),
});
export type PermissionRule = z.infer<typeof PermissionRule>;

export const Session = z.object({
  id: z.string(),
  title: z.string(),
  directory: z.string(),
  /** Where the directory lies in its checkout, with which it has the project in common; of no account without git. */
  path: z.string().optional(),
  projectID: z.string().optional(),
  /** Set for subagents (and sessions created below another) only; forks have none. */
  parentID: z.string().optional(),
  /** Where a server keeps it: the session that this one is a fork of, and the last message that it took over, if that is known. */
  fork: z.object({ from: z.string(), at: z.string().optional() }).optional().catch(undefined),
  agent: z.string().optional(),
  /** Here the model's name is `id`; on messages and in prompts it is `modelID`. */
  model: z.object({ id: z.string(), providerID: z.string(), variant: z.string().optional() }).optional(),
  /** Of this session alone, without its subagents. */
  cost: z.number().optional(),
  tokens: Tokens.optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  permission: z.array(PermissionRule).optional(),
  revert: z
    .object({ messageID: z.string(), partID: z.string().optional(), diff: z.string().optional() })
    .optional(),
  time: z.object({
    created: z.number(),
    updated: z.number(),
    compacting: z.number().optional(),
    /** 0 means not archived: the server cannot take the field away again. */
    archived: z.number().optional(),
  }),
});
export type Session = z.infer<typeof Session>;

export const SessionStatus = z.discriminatedUnion('type', [
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('busy') }),
  /** `next` is the time of the next attempt. */
  z.object({ type: z.literal('retry'), attempt: z.number(), message: z.string(), next: z.number() }),
]);
export type SessionStatus = z.infer<typeof SessionStatus>;

export const Todo = z.object({
  content: z.string(),
  status: z.enum(['pending', 'in_progress', 'completed', 'cancelled']).catch('pending'),
  priority: z.enum(['high', 'medium', 'low']).catch('medium'),
});
export type Todo = z.infer<typeof Todo>;

const ToolCallReference = z.object({ messageID: z.string(), callID: z.string() });

export const PermissionRequest = z.object({
  id: z.string(),
  sessionID: z.string(),
  permission: z.string(),
  patterns: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()).catch({}),
  /** What "always" would allow, as patterns. */
  always: z.array(z.string()).catch([]),
  tool: ToolCallReference.optional(),
});
export type PermissionRequest = z.infer<typeof PermissionRequest>;

export const QuestionRequest = z.object({
  id: z.string(),
  sessionID: z.string(),
  questions: z.array(
    z.object({
      question: z.string(),
      header: z.string().catch(''),
      options: z.array(z.object({ label: z.string(), description: z.string().catch('') })).catch([]),
      multiple: z.boolean().optional(),
      custom: z.boolean().optional(),
    }),
  ),
  tool: ToolCallReference.optional(),
});
export type QuestionRequest = z.infer<typeof QuestionRequest>;

/** What ended a message or a run badly: `name` is e.g. `MessageAbortedError`, `APIError`, `ProviderAuthError`. */
export const RunError = z.object({
  name: z.string(),
  data: z
    .looseObject({
      message: z.string().optional(),
      statusCode: z.number().optional(),
      isRetryable: z.boolean().optional(),
    })
    .catch({}),
});
export type RunError = z.infer<typeof RunError>;

export const ModelReference = z.object({
  providerID: z.string(),
  modelID: z.string(),
  variant: z.string().optional(),
});
export type ModelReference = z.infer<typeof ModelReference>;

const FileChange = z.enum(['added', 'deleted', 'modified']);
export type FileChange = z.infer<typeof FileChange>;

/** `file` from the root of the checkout on; `patch` holds all lines of the file, and is empty for a binary one. */
export const FileDiff = z.object({
  file: z.string().catch(''),
  patch: z.string().optional(),
  additions: z.number(),
  deletions: z.number(),
  status: FileChange.optional().catch(undefined),
});
export type FileDiff = z.infer<typeof FileDiff>;

/** A patch of more characters is left out of a message: whoever wants it asks for the turn's diff. */
const keptPatch = 200_000;

const KeptDiff = FileDiff.transform(({ patch, ...diff }): FileDiff =>
  patch === undefined || patch.length > keptPatch ? diff : { ...diff, patch },
);

export const UserMessage = z.object({
  id: z.string(),
  sessionID: z.string(),
  role: z.literal('user'),
  time: z.object({ created: z.number() }),
  agent: z.string().catch(''),
  model: ModelReference.optional().catch(undefined),
  /** What the turn that it began changed in the files; kept up to date while that runs. */
  summary: z
    .object({ diffs: z.array(KeptDiff) })
    .optional()
    .catch(undefined),
});
export type UserMessage = z.infer<typeof UserMessage>;

export const AssistantMessage = z.object({
  id: z.string(),
  sessionID: z.string(),
  role: z.literal('assistant'),
  time: z.object({ created: z.number(), completed: z.number().optional() }),
  /** The user message that this answers. */
  parentID: z.string(),
  agent: z.string().catch(''),
  providerID: z.string().catch(''),
  modelID: z.string().catch(''),
  variant: z.string().optional(),
  cost: z.number().catch(0),
  tokens: Tokens.optional().catch(undefined),
  error: RunError.optional(),
  /** True for the message that a compaction wrote. */
  summary: z.boolean().optional(),
  /** `stop`, `tool-calls`, `length`, …; absent while it runs. */
  finish: z.string().optional(),
  structured: z.unknown().optional(),
});
export type AssistantMessage = z.infer<typeof AssistantMessage>;

export const Message = z.discriminatedUnion('role', [UserMessage, AssistantMessage]);
export type Message = z.infer<typeof Message>;

const partBase = { id: z.string(), sessionID: z.string(), messageID: z.string() };
const span = z.object({ start: z.number(), end: z.number().optional() });
const record = z.record(z.string(), z.unknown());

export const FilePart = z.object({
  ...partBase,
  type: z.literal('file'),
  mime: z.string(),
  filename: z.string().optional(),
  url: z.string(),
  source: z.looseObject({ type: z.string(), path: z.string().optional() }).optional(),
});

/** A file that a call gave back; it may have no name, and an id to which nothing refers. */
export const ToolAttachment = FilePart.pick({ mime: true, filename: true, url: true, source: true });

export const ToolState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('pending'), input: record.catch({}) }),
  z.object({
    status: z.literal('running'),
    input: record.catch({}),
    title: z.string().optional(),
    metadata: record.optional(),
    time: z.object({ start: z.number() }),
  }),
  z.object({
    status: z.literal('completed'),
    input: record.catch({}),
    output: z.string(),
    title: z.string().catch(''),
    metadata: record.catch({}),
    time: z.object({ start: z.number(), end: z.number(), compacted: z.number().optional() }),
    attachments: z.array(ToolAttachment).optional().catch(undefined),
  }),
  z.object({
    status: z.literal('error'),
    input: record.catch({}),
    error: z.string(),
    metadata: record.optional(),
    time: z.object({ start: z.number(), end: z.number() }),
  }),
]);
export type ToolState = z.infer<typeof ToolState>;

const KnownPart = z.discriminatedUnion('type', [
  z.object({
    ...partBase,
    type: z.literal('text'),
    text: z.string(),
    /** Sent to the model, hidden by OpenCode's own clients. */
    synthetic: z.boolean().optional(),
    /** Shown, not sent to the model. */
    ignored: z.boolean().optional(),
    time: span.optional(),
    metadata: record.optional(),
  }),
  z.object({ ...partBase, type: z.literal('reasoning'), text: z.string(), time: span }),
  z.object({
    ...partBase,
    type: z.literal('tool'),
    callID: z.string(),
    tool: z.string(),
    state: ToolState,
    metadata: record.optional(),
  }),
  FilePart,
  z.object({ ...partBase, type: z.literal('step-start'), snapshot: z.string().optional() }),
  z.object({
    ...partBase,
    type: z.literal('step-finish'),
    reason: z.string(),
    snapshot: z.string().optional(),
    cost: z.number().catch(0),
    tokens: Tokens.optional().catch(undefined),
  }),
  z.object({ ...partBase, type: z.literal('snapshot'), snapshot: z.string() }),
  z.object({ ...partBase, type: z.literal('patch'), hash: z.string(), files: z.array(z.string()) }),
  z.object({ ...partBase, type: z.literal('agent'), name: z.string() }),
  z.object({
    ...partBase,
    type: z.literal('subtask'),
    agent: z.string(),
    description: z.string(),
    prompt: z.string(),
    command: z.string().optional(),
  }),
  z.object({
    ...partBase,
    type: z.literal('retry'),
    attempt: z.number(),
    error: RunError,
    time: z.object({ created: z.number() }),
  }),
  z.object({
    ...partBase,
    type: z.literal('compaction'),
    auto: z.boolean(),
    overflow: z.boolean().optional(),
    tail_start_id: z.string().optional(),
  }),
]);

/** A part of a type that this version does not know: kept, so that it can show itself as such. */
const UnknownPart = z
  .object({ ...partBase, type: z.string() })
  .transform(({ type, ...base }) => ({ ...base, type: 'unknown' as const, originalType: type }));

export const Part = z.union([KnownPart, UnknownPart]);
export type Part = z.infer<typeof Part>;
export type PartOf<Type extends Part['type']> = Extract<Part, { type: Type }>;

export const MessageWithParts = z.object({ info: Message, parts: z.array(Part) });
export type MessageWithParts = z.infer<typeof MessageWithParts>;

/** What an agent of the user's configuration leaves out comes as null. */
export const Agent = z.object({
  name: z.string(),
  description: z.string().optional().catch(undefined),
  mode: z.enum(['subagent', 'primary', 'all']).catch('all'),
  hidden: z.boolean().optional().catch(undefined),
  native: z.boolean().optional().catch(undefined),
  color: z.string().optional().catch(undefined),
  model: z.object({ providerID: z.string(), modelID: z.string() }).optional().catch(undefined),
  variant: z.string().optional().catch(undefined),
  permission: z.array(PermissionRule).catch([]),
});
export type Agent = z.infer<typeof Agent>;

export const Model = z.object({
  id: z.string(),
  providerID: z.string(),
  name: z.string(),
  status: z.string().optional(),
  limit: z.object({ context: z.number(), input: z.number().optional(), output: z.number() }),
  /** USD for a million tokens. */
  cost: z.object({ input: z.number(), output: z.number() }).optional().catch(undefined),
  variants: record.optional(),
  capabilities: z
    .looseObject({
      attachment: z.boolean().optional(),
      reasoning: z.boolean().optional(),
      toolcall: z.boolean().optional().catch(undefined),
      input: z.looseObject({ image: z.boolean().optional() }).optional().catch(undefined),
    })
    .optional(),
});
export type Model = z.infer<typeof Model>;

export const Provider = z.object({ id: z.string(), name: z.string(), models: z.record(z.string(), Model) });
export type Provider = z.infer<typeof Provider>;

/** `default` names the default model of each provider, by provider id. */
export const ProviderList = z.object({
  providers: z.array(Provider),
  default: z.record(z.string(), z.string()).catch({}),
});
export type ProviderList = z.infer<typeof ProviderList>;

/** Here, too, null stands for what the configuration leaves out. */
export const SlashCommand = z.object({
  name: z.string(),
  description: z.string().optional().catch(undefined),
  agent: z.string().optional().catch(undefined),
  model: z.string().optional().catch(undefined),
  source: z.string().optional().catch(undefined),
  subtask: z.boolean().optional().catch(undefined),
  template: z.string().catch(''),
});
export type SlashCommand = z.infer<typeof SlashCommand>;
