import type { PartEntry } from '../../protocol/page/entries.ts';
import type { MessageWithParts, Part, PartOf } from '../../protocol/records.ts';
import { namesOf, noteText } from '../entries/noteText.ts';
import { clampRunError } from '../entries/runErrorText.ts';
import type { EntryLimits } from '../entries/toolEntry.ts';
import { toPartEntry } from '../entries/transcriptEntry.ts';
import { l10n } from '../l10n.ts';
import { withoutEarlierAttempts } from '../turns/earlierAttempts.ts';
import { describeMessageEnd, isSilent, readFinish } from '../turns/messageEnd.ts';
import { describeCall } from './describeCall.ts';
import { inlineCode, inlineText } from './inlineMarkdown.ts';
import { readDetails } from './callDetails.ts';
import { insetMarkdown } from './insetMarkdown.ts';
import { addLeftOut, nothingLeftOut } from './leftOut.ts';
import type { LeftOut, Piece, Section, Wanted } from './section.ts';

/** What is read, sent and kept: headings within what somebody wrote stand below those that say who did. */
const usual: Wanted = { thoughts: false, calls: 'omit', pictures: false, level: 3 };

/** No more of a part than a line says of it. */
const limits: EntryLimits = {
  text: 0,
  output: 300,
  diff: 0,
  argument: 1000,
  retry: 300,
  picture: 0,
  callPictures: 0,
};

/**
 * What a reader of the session wants to see of its messages, which follow each other; `directory` is that of the session, `after`
 * the message that comes behind them, if any.
 */
export function toSections(
  messages: readonly MessageWithParts[],
  directory: string,
  after?: MessageWithParts,
  wanted = usual,
): readonly Section[] {
  return messages.map((message, index) =>
    toSection(message, directory, messages[index + 1] ?? after, wanted),
  );
}

function toSection(
  message: MessageWithParts,
  directory: string,
  next: MessageWithParts | undefined,
  wanted: Wanted,
): Section {
  const { info, parts } = message;
  const read = withoutEarlierAttempts(parts).map((part) => readPart(part, directory, wanted));
  const hasEdits = read.some(({ isEdit }) => isEdit === true);
  const pieces = read.flatMap(({ piece, isPatch }) =>
    piece === undefined || (isPatch === true && hasEdits) ? [] : piece,
  );
  const end = describeEnd(message, next);
  return {
    id: info.id,
    time: info.time.created,
    ...titleOf({ info, parts }),
    pieces: end === undefined ? pieces : [...pieces, aside(end)],
    leftOut: read.reduce((sum, { leftOut }) => addLeftOut(sum, leftOut), nothingLeftOut),
  };
}

function titleOf({ info, parts }: MessageWithParts): Pick<Section, 'author' | 'role' | 'heading'> {
  if (info.role === 'user') {
    const compaction = parts.find((part) => part.type === 'compaction');
    if (compaction === undefined) return { author: info.id, role: 'prompt', heading: l10n.t('You') };
    return { author: 'compaction', role: 'note', heading: noteText(toPartEntry(compaction)) };
  }
  if (info.summary === true) return { author: 'compaction', role: 'note', heading: l10n.t('Compacted') };
  const heading = [info.agent || l10n.t('Agent'), info.modelID].filter((name) => name !== '');
  return {
    author: `agent ${heading.join(' ')}`,
    role: 'answer',
    heading: inlineText(heading.join(' · ')),
  };
}

interface ReadPart {
  readonly piece?: Piece;
  readonly leftOut?: Partial<LeftOut>;
  /** It is a call that names the files that it changed. */
  readonly isEdit?: boolean;
  /** It names them once more. */
  readonly isPatch?: boolean;
}

function readPart(part: Part, directory: string, wanted: Wanted): ReadPart {
  switch (part.type) {
    case 'text':
      return readText(part, wanted);
    case 'reasoning':
      if (part.text.trim() === '') return {};
      if (!wanted.thoughts) return { leftOut: { thoughts: 1 } };
      return { piece: { kind: 'thought', text: insetMarkdown(part.text, wanted.level) } };
    case 'tool':
      return readCall(part, directory, wanted);
    case 'file':
      return readFile(part, wanted);
    case 'patch': {
      const entry = toPartEntry(part);
      const names = namesOf(entry).map(inlineCode).join(', ');
      return { piece: aside(`${inlineText(noteText(entry))} ${names}`), isPatch: true };
    }
    // The heading says it.
    case 'compaction':
      return {};
    default:
      return readNote(toPartEntry(part, limits));
  }
}

function readNote(entry: PartEntry): ReadPart {
  const note = noteText(entry);
  return note === '' ? {} : { piece: aside(inlineText(note)) };
}

function readText({ text, synthetic }: PartOf<'text'>, { level }: Wanted): ReadPart {
  if (text.trim() === '') return {};
  if (synthetic === true) return { leftOut: { contexts: 1 } };
  return { piece: { kind: 'text', text: insetMarkdown(text, level) } };
}

function readCall(part: PartOf<'tool'>, directory: string, { calls }: Wanted): ReadPart {
  const call = toPartEntry(part, limits);
  if (call.type !== 'tool') return {};
  const isEdit = call.kind === 'editFile' || call.kind === 'writeFile';
  const { childSessionId } = call;
  const said = {
    ...aside(describeCall(call, directory)),
    ...(childSessionId === undefined ? {} : { childSessionId }),
  };
  if (calls === 'omit') return { piece: said, leftOut: { calls: 1 }, isEdit };
  const { details, cuts } = readDetails(part, calls === 'whole');
  return { piece: { ...said, details }, leftOut: { cuts }, isEdit };
}

/** A picture as the browser shows it that runs nothing: a drawing (SVG) may be a program. */
const picture = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=]+$/;

function readFile(part: PartOf<'file'>, { pictures }: Wanted): ReadPart {
  if (!pictures || !picture.test(part.url)) {
    return { piece: aside(describeFile(part)), leftOut: { files: 1 } };
  }
  return { piece: { kind: 'picture', name: part.filename ?? part.mime, url: part.url } };
}

function describeFile({ mime, filename }: PartOf<'file'>): string {
  return l10n.t('Attached: {0}', inlineCode(filename ?? mime));
}

/** What is to be said of an answer that did not come to its end, or says nothing, before message `next`. */
function describeEnd(
  { info, parts }: MessageWithParts,
  next: MessageWithParts | undefined,
): string | undefined {
  if (info.role !== 'assistant') return undefined;
  const { error, time, finish, parentID } = info;
  if (error !== undefined) return `**${inlineText(clampRunError(error, limits.retry).text)}**`;
  if (time.completed === undefined) {
    return `**${l10n.t('No end: it was cut off, or was still being written.')}**`;
  }
  // Another step of the same run goes on with it.
  if (next?.info.role === 'assistant' && next.info.parentID === parentID) return undefined;
  const end = readFinish(finish) ?? (parts.length > 0 && isSilent(parts) ? 'empty' : undefined);
  return end && `**${describeMessageEnd(end)}**`;
}

function aside(text: string) {
  return { kind: 'aside' as const, text };
}
