import type { MessageHead, PartEntry } from '../../protocol/page/entries.ts';
import type {
  AssistantMessage,
  Message,
  ModelReference,
  Part,
  PartOf,
  RunError,
  UserMessage,
} from '../../protocol/records.ts';
import { parseBroughtBack } from '../../protocol/broughtBack.ts';
import { parseRelayed } from '../../protocol/relayed.ts';
import { clampText, shownTextLimit } from './clampedText.ts';
import { shownPictureLimit, toFileEntry } from './fileEntry.ts';
import { clampRunError } from './runErrorText.ts';
import { type EntryLimits, toToolEntry } from './toolEntry.ts';
import { isOwnCommandNote } from '../tools/toolOf.ts';
import { isCopied } from '../turns/messageId.ts';
import { runRemedies, toOfferedRemedy } from '../turns/runRemedies.ts';
import { turnFigure } from '../changes/changesFigure.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

/** What the transcript shows by itself. */
export const entryLimits: EntryLimits = {
  text: 100_000,
  output: 2000,
  diff: 8000,
  argument: 1000,
  retry: 500,
  picture: 1_500_000,
  callPictures: 0,
};
/** What it shows of one part when somebody asks for all of it; what is longer opens in an editor. */
export const wholeLimits: EntryLimits = {
  text: shownTextLimit,
  output: shownTextLimit,
  diff: shownTextLimit,
  argument: 50_000,
  retry: shownTextLimit,
  picture: shownPictureLimit,
  callPictures: shownPictureLimit,
};
/** So much of what a provider said goes to the page where a run failed; it is told with each change of the message. */
export const runErrorLimit = 4000;
/** What it shows of a call whose pictures are asked for: its texts stay as they are. */
export const callPictureLimits: EntryLimits = { ...entryLimits, callPictures: shownPictureLimit };

/** A message, without its parts, as the page shows it. */
export function toMessageHead(message: Message): MessageHead {
  return message.role === 'user' ? toUserHead(message) : toAssistantHead(message);
}

/** A part as the page shows it: every type of the server has a form, also the ones that we do not know. */
export function toPartEntry(part: Part, limits = entryLimits): PartEntry {
  const { id } = part;
  switch (part.type) {
    case 'text':
      return toTextEntry(part, limits);
    case 'reasoning':
      return {
        id,
        type: part.type,
        ...clampText(part.text, limits.text),
        ...withoutUndefined({ start: part.time.start, end: part.time.end }),
      };
    case 'tool':
      return toToolEntry(part, limits);
    case 'file':
      return { id, type: part.type, ...toFileEntry(part, limits.picture) };
    case 'patch':
      return { id, type: part.type, files: part.files.slice(0, 500) };
    case 'step-finish':
      return { id, type: part.type, reason: part.reason, cost: part.cost };
    case 'step-start':
    case 'snapshot':
      return { id, type: part.type };
    case 'agent':
      return { id, type: part.type, name: part.name };
    case 'subtask':
      return toSubtaskEntry(part, limits);
    case 'retry':
      return {
        id,
        type: part.type,
        attempt: part.attempt,
        ...toErrorText(part.error, limits.retry),
        created: part.time.created,
      };
    case 'compaction':
      return withoutUndefined({ id, type: part.type, auto: part.auto, tailStartId: part.tail_start_id });
    default:
      return { id, type: part.type, originalType: part.originalType };
  }
}

/** Whether the part, a tool call or a thought, stays open until the server says otherwise: it may still grow or change. */
export function isOpenPart(part: PartEntry): boolean {
  if (part.type === 'reasoning') return part.end === undefined;
  return part.type === 'tool' && (part.status === 'pending' || part.status === 'running');
}

/** A tool call or a thought that has no end and never gets one. */
export function asInterrupted(part: PartEntry): PartEntry {
  if (part.type === 'reasoning') return { ...part, interrupted: true };
  return part.type === 'tool' ? { ...part, status: 'interrupted' } : part;
}

function toUserHead(message: UserMessage): MessageHead {
  return withoutUndefined({
    id: message.id,
    role: message.role,
    created: message.time.created,
    agent: message.agent,
    model: message.model === undefined ? undefined : toModel(message.model),
    changes: turnFigure(message.summary?.diffs),
  });
}

function toAssistantHead(message: AssistantMessage): MessageHead {
  return withoutUndefined({
    id: message.id,
    role: message.role,
    created: message.time.created,
    completed: message.time.completed,
    agent: message.agent,
    model: toModel(message),
    parentID: message.parentID,
    cost: message.cost,
    tokens: toTokens(message),
    finish: message.finish,
    copied: message.time.completed === undefined && isCopied(message) ? true : undefined,
    error: toError(message),
    summary: message.summary,
  });
}

function toModel({ providerID, modelID, variant }: ModelReference) {
  return withoutUndefined({ providerID, modelID, variant });
}

function toTokens({ tokens }: AssistantMessage): MessageHead['tokens'] {
  if (tokens === undefined) return undefined;
  const { input, output, reasoning, cache } = tokens;
  return { input, output, reasoning, cached: cache.read + cache.write };
}

function toError({ error, sessionID, providerID }: AssistantMessage): MessageHead['error'] {
  if (error === undefined) return undefined;
  const remedies = runRemedies(error, { sessionId: sessionID, providerId: providerID });
  return { name: error.name, ...toErrorText(error, runErrorLimit), remedies: remedies.map(toOfferedRemedy) };
}

function toErrorText(error: RunError, limit: number) {
  const { text: message, clamped } = clampRunError(error, limit);
  return withoutUndefined({ message, clamped });
}

function toTextEntry(part: PartOf<'text'>, limits: EntryLimits): PartEntry {
  return {
    ...withoutUndefined({
      id: part.id,
      type: part.type,
      synthetic: part.synthetic,
      isOwnCommand: part.synthetic === true && isOwnCommandNote(part.text) ? true : undefined,
      ignored: part.ignored,
      relayed: parseRelayed(part),
      broughtBack: parseBroughtBack(part),
      done: part.time?.end === undefined ? undefined : true,
    }),
    ...clampText(part.text, limits.text),
  };
}

function toSubtaskEntry(part: PartOf<'subtask'>, limits: EntryLimits): PartEntry {
  const { id, type, agent, description } = part;
  const { text: prompt, clamped } = clampText(part.prompt, limits.text);
  return withoutUndefined({ id, type, agent, description, prompt, clamped });
}
