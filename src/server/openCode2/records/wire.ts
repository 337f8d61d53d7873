import * as z from 'zod';

// What OpenCode 2.x sends, with the fields alone that are read: answers of models and providers hold keys beside them.
// Fields come and go between its patch versions, so whatever can be missing may be.

const text = z.string().catch('');
const optionalText = z.string().optional().catch(undefined);
const optionalNumber = z.number().optional().catch(undefined);
const record = z.record(z.string(), z.unknown());
const optionalRecord = record.optional().catch(undefined);

/** A list of which an element that cannot be read takes no other with it. */
export function each<Element extends z.ZodType>(element: Element) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((all) =>
      all.flatMap((one): z.output<Element>[] => {
        const read = element.safeParse(one);
        return read.success ? [read.data] : [];
      }),
    );
}

export const WireModel = z.object({ id: z.string(), providerID: z.string(), variant: optionalText });
export type WireModel = z.infer<typeof WireModel>;
const optionalModel = WireModel.optional().catch(undefined);

const WireTokens = z.object({
  input: z.number().catch(0),
  output: z.number().catch(0),
  reasoning: z.number().catch(0),
  cache: z.object({ read: z.number().catch(0), write: z.number().catch(0) }).catch({ read: 0, write: 0 }),
});
export const optionalTokens = WireTokens.optional().catch(undefined);

export const WireRule = z.object({
  action: z.string(),
  resource: z.string().catch('*'),
  effect: z.enum(['allow', 'deny', 'ask']),
});
export type WireRule = z.infer<typeof WireRule>;

export const WireSession = z.object({
  id: z.string(),
  parentID: optionalText,
  fork: z
    .object({
      sessionID: z.string(),
      boundary: z.object({ type: text, messageID: z.string() }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  projectID: optionalText,
  agent: optionalText,
  model: optionalModel,
  cost: optionalNumber,
  tokens: optionalTokens,
  title: text,
  location: z.object({ directory: z.string() }),
  subpath: optionalText,
  time: z.object({ created: z.number(), updated: z.number(), archived: optionalNumber }),
  metadata: optionalRecord,
  permissions: each(WireRule).optional(),
  revert: z.object({ messageID: z.string() }).optional().catch(undefined),
});
export type WireSession = z.infer<typeof WireSession>;

export const WireError = z.object({ type: text, message: text, status: optionalNumber });
export type WireError = z.infer<typeof WireError>;
export const optionalError = WireError.optional().catch(undefined);

export const WireFile = z.object({
  data: optionalText,
  mime: z.string().catch('application/octet-stream'),
  name: optionalText,
  source: z.object({ type: text, uri: text }).optional().catch(undefined),
  uri: optionalText,
});

const WireToolContent = z.object({
  type: z.string(),
  text: optionalText,
  uri: optionalText,
  mime: optionalText,
  name: optionalText,
});
export const toolContent = each(WireToolContent);
export type WireToolContent = z.infer<typeof WireToolContent>;

export const WireToolState = z.object({
  /** `streaming`, `running`, `completed` or `error`. */
  status: z.string(),
  /** A text while it streams. */
  input: z.unknown().optional(),
  content: toolContent.optional(),
  metadata: optionalRecord,
  error: optionalError,
});

const Span = z.object({ created: optionalNumber, ran: optionalNumber, completed: optionalNumber });

export const WireContent = z.object({
  /** `reasoning`, `text` or `tool`; others are kept as what they are called. */
  type: z.string(),
  id: optionalText,
  text: optionalText,
  name: optionalText,
  executed: z.boolean().optional().catch(undefined),
  time: Span.optional().catch(undefined),
  state: WireToolState.optional().catch(undefined),
});
export type WireContent = z.infer<typeof WireContent>;

/** One record of a session: all kinds have some of these fields. */
export const WireMessage = z.object({
  id: z.string(),
  type: z.string().catch('?'),
  time: z
    .object({ created: z.number(), completed: optionalNumber })
    .catch({ created: 0, completed: undefined }),
  metadata: optionalRecord,
  text: optionalText,
  description: optionalText,
  files: each(WireFile).optional(),
  agents: each(z.object({ name: z.string() })).optional(),
  agent: optionalText,
  model: optionalModel,
  content: each(WireContent).optional(),
  finish: optionalText,
  cost: optionalNumber,
  tokens: optionalTokens,
  error: optionalError,
  retry: z
    .object({ attempt: z.number(), at: optionalNumber, error: optionalError })
    .optional()
    .catch(undefined),
  snapshot: z
    .object({ files: z.array(z.string()).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  command: optionalText,
  status: optionalText,
  exit: optionalNumber,
  output: z.object({ output: text }).optional().catch(undefined),
  shellID: optionalText,
  reason: optionalText,
  summary: optionalText,
  name: optionalText,
  location: z.object({ directory: z.string() }).optional().catch(undefined),
});
export type WireMessage = z.infer<typeof WireMessage>;

export const WirePage = z.object({ data: each(WireMessage) });

/** Something that waits to enter a session; the preview calls its payload `data`. */
export const WireInboxItem = z
  .object({
    id: z.string(),
    type: z.string().catch('user'),
    time: z.object({ created: z.number() }).optional().catch(undefined),
    timeCreated: optionalNumber,
    payload: optionalRecord,
    data: optionalRecord,
    delivery: optionalText,
  })
  .transform(({ id, type, time, timeCreated, payload, data, delivery }) => ({
    id,
    type,
    created: time?.created ?? timeCreated ?? 0,
    payload: payload ?? data ?? {},
    delivery,
  }));
export type WireInboxItem = z.infer<typeof WireInboxItem>;

export const WirePermission = z.object({
  id: z.string(),
  sessionID: z.string(),
  action: z.string(),
  resources: z.array(z.string()).catch([]),
  save: z.array(z.string()).catch([]),
  source: z.object({ messageID: z.string(), id: z.string() }).optional().catch(undefined),
  metadata: optionalRecord,
  message: optionalText,
});
export type WirePermission = z.infer<typeof WirePermission>;

const WireField = z.object({
  key: z.string(),
  title: text,
  description: text,
  type: z.string().catch('string'),
  options: each(z.object({ value: z.string(), label: optionalText, description: text })).optional(),
  custom: z.boolean().optional().catch(undefined),
});
export type WireField = z.infer<typeof WireField>;

export const WireForm = z.object({
  id: z.string(),
  sessionID: z.string(),
  title: text,
  metadata: z
    .object({
      kind: optionalText,
      tool: z.object({ messageID: z.string(), id: z.string() }).optional().catch(undefined),
    })
    .catch({ kind: undefined, tool: undefined }),
  fields: each(WireField),
});
export type WireForm = z.infer<typeof WireForm>;

export const WireAgent = z.object({
  id: z.string(),
  name: optionalText,
  description: optionalText,
  mode: z.enum(['subagent', 'primary', 'all']).catch('all'),
  hidden: z.boolean().optional().catch(undefined),
  color: optionalText,
  model: optionalModel,
  permissions: each(WireRule),
});

export const WireModelInfo = z.object({
  id: z.string(),
  providerID: z.string(),
  name: optionalText,
  status: optionalText,
  enabled: z.boolean().optional().catch(undefined),
  capabilities: z
    .object({
      tools: z.boolean().optional().catch(undefined),
      input: z.array(z.string()).catch([]),
    })
    .optional()
    .catch(undefined),
  variants: each(z.object({ id: z.string() })),
  limit: z
    .object({ context: z.number().catch(0), input: optionalNumber, output: z.number().catch(0) })
    .catch({ context: 0, output: 0 }),
  cost: each(z.object({ input: z.number(), output: z.number() })),
});

export const WireProvider = z.object({ id: z.string(), name: optionalText });
export const WireCommand = z.object({ name: z.string(), description: optionalText });
export const WireFileDiff = z.object({
  file: text,
  patch: optionalText,
  additions: z.number().catch(0),
  deletions: z.number().catch(0),
  status: z.enum(['added', 'deleted', 'modified']).optional().catch(undefined),
});

export const WireEvent = z.object({
  id: optionalText,
  created: z.number().catch(0),
  type: z.string(),
  location: z.object({ directory: z.string() }).optional().catch(undefined),
  durable: z.object({ aggregateID: z.string(), seq: z.number() }).optional().catch(undefined),
  data: record.catch({}),
});
export type WireEvent = z.infer<typeof WireEvent>;
