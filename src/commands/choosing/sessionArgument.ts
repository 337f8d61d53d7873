import * as z from 'zod';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { ModelReference } from '../../protocol/records.ts';

/** `provider/model`, as people write it and as OpenCode's own configuration does. */
const ModelName = z
  .string()
  .regex(/^[^/]+\/.+/)
  .transform((name): ModelReference => {
    const slash = name.indexOf('/');
    return { providerID: name.slice(0, slash), modelID: name.slice(slash + 1) };
  });

const SessionArgument = z.object({
  sessionId: z.string().min(1).optional(),
  messageId: z.string().min(1).optional(),
  agent: z.string().min(1).optional(),
  model: z.union([ModelReference, ModelName]).optional(),
  text: z.string().optional(),
  title: z.string().optional(),
  directory: z.string().optional(),
  /** A file that the session changed, as an absolute path. */
  file: z.string().min(1).optional(),
  /** Names what was discarded. */
  discardId: z.string().optional(),
  /** Names one of several open requests of the session. */
  requestId: z.string().optional(),
  reply: z.enum(['once', 'always', 'reject']).optional(),
  /** Set by keys of the tree: what is meant are the selected rows. */
  fromSelection: z.boolean().optional(),
  /** Set by a click on a row, of which two in a row are a double click. */
  clicked: z.boolean().optional(),
});

/** What a caller already said; what is absent is asked or found. Rows of the tree have this shape as well. */
export type SessionArgument = z.infer<typeof SessionArgument>;

/** Reads a command's first argument: nothing, a session id, a row of the tree or an object. */
export function parseSessionArgument(argument: unknown): SessionArgument {
  if (argument === undefined || argument === null) return {};
  const parsed = SessionArgument.safeParse(typeof argument === 'string' ? { sessionId: argument } : argument);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem(
    l10n.t(
      'This command takes a session id or an object such as { sessionId, agent, text }. Wrong here: {0}.',
      issue?.path.join('.') || l10n.t('the argument itself'),
    ),
    { cause: parsed.error },
  );
}

/** The sessions that are selected, the one that was clicked among them. A relay that is selected beside them is none. */
export function parseSelection(argument: unknown, selection: unknown): readonly string[] {
  const rows: unknown[] = Array.isArray(selection) ? selection.filter((row) => !isRelayRow(row)) : [argument];
  const ids = rows.map((row) => parseSessionArgument(row).sessionId).filter((id) => id !== undefined);
  return [...new Set(ids)];
}

function isRelayRow(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'relayId' in row;
}
