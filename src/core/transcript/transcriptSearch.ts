import type { MessageWithParts, Part } from '../../protocol/records.ts';
import type { OpenCode } from '../ports/openCode.ts';
import { sameLetters } from '../sameLetters.ts';
import { pagesBack } from './messagesBack.ts';
import { describeRunError } from '../entries/runErrorText.ts';
import { readCallText } from '../entries/callText.ts';
import { errorPartId, namesOf, noteText } from '../entries/noteText.ts';
import { entryLimits, toPartEntry } from '../entries/transcriptEntry.ts';
import { filesOfCalls, isToldByCalls } from '../entries/toldPatch.ts';
import { withoutMarkup } from '../entries/withoutMarkup.ts';
import { isOwnCommandNote } from '../tools/toolOf.ts';

export interface Match {
  readonly messageId: string;
  readonly partId: string;
  /** Which one it is in its part, from 0. */
  readonly occurrence: number;
}

export interface Matches {
  /** Oldest first. */
  readonly matches: readonly Match[];
  /** There are more before these. */
  readonly isMore: boolean;
}

/** Of which session what is searched, and its folder: paths are found as they are shown, relative to it. */
export interface Search {
  readonly sessionId: string;
  readonly query: string;
  readonly directory: string;
}

/** How a long search goes on beside other work. */
export interface SearchPace {
  /** Whether to go on. */
  readonly isWanted: () => boolean;
  /** Lets others have their turn first. */
  readonly pause: () => Promise<void>;
}

/** What stands in one place of a message. */
interface Searched {
  readonly messageId: string;
  readonly partId: string;
  /** The forms of it; the one counts in which the words stand most often. */
  readonly read: () => readonly string[];
}

const matchLimit = 1000;
const partLimit = 100;
/** So many parts are searched in one go: a call of 20 kB takes up to a third of a millisecond. */
const partsAtOnce = 30;

/**
 * Where the words stand in the session, by the same letters (`sameLetters`). It reads the whole history from the server, page by page
 * from the end and keeping none, also what compaction hid, and pauses however many parts a message has.
 */
export async function searchSession(
  openCode: Pick<OpenCode, 'listMessages'>,
  { sessionId, query, directory }: Search,
  { isWanted, pause }: SearchPace,
): Promise<Matches> {
  const needle = sameLetters(query);
  const found: Match[][] = [];
  let count = 0;
  let isLeft = false;
  for await (const { messages, before } of pagesBack(openCode, sessionId)) {
    const matches: Match[] = [];
    for (const places of inTurns(messages, directory)) {
      matches.push(...places.flatMap((place) => searchPlace(place, needle)));
      await pause();
      if (!isWanted()) break;
    }
    found.unshift(matches);
    count += matches.length;
    isLeft = before !== undefined;
    if (count >= matchLimit || !isWanted()) break;
  }
  return { matches: found.flat().slice(-matchLimit), isMore: isLeft || count > matchLimit };
}

/** The places of the messages in their order, as many as are searched in one go. */
function* inTurns(
  messages: readonly MessageWithParts[],
  directory: string,
): Generator<readonly Searched[], void, undefined> {
  const places = messages.flatMap((message) => placesOf(message, directory));
  for (let at = 0; at < places.length; at += partsAtOnce) yield places.slice(at, at + partsAtOnce);
}

function placesOf({ info, parts }: MessageWithParts, directory: string): Searched[] {
  const messageId = info.id;
  const places = withoutTold(parts).map((part): Searched => ({
    messageId,
    partId: part.id,
    read: () => textsOf(part, directory),
  }));
  if (info.role !== 'assistant' || info.error === undefined) return places;
  const { error } = info;
  return [...places, { messageId, partId: errorPartId, read: () => [describeRunError(error)] }];
}

/** A patch that names only what the calls beside it name is not shown. */
function withoutTold(parts: readonly Part[]): readonly Part[] {
  if (!parts.some(({ type }) => type === 'patch')) return parts;
  const calls = parts.filter(({ type }) => type === 'tool');
  const changed = filesOfCalls(calls.map((part) => toPartEntry(part)));
  return parts.filter((part) => part.type !== 'patch' || !isToldByCalls(part.files, changed));
}

function searchPlace({ messageId, partId, read }: Searched, needle: string): Match[] {
  const count = Math.max(...read().map((text) => countOccurrences(text, needle)));
  return Array.from({ length: count }, (_, occurrence) => ({ messageId, partId, occurrence }));
}

/** Of a call that is shown cut, also what opens in an editor. */
function textsOf(part: Part, directory: string): readonly string[] {
  if (part.type !== 'tool') return [searchableText(part)];
  const { shown, whole = '' } = readCallText(part, directory);
  return [shown, whole];
}

/** What a reader sees of a part that is no call. */
function searchableText(part: Exclude<Part, { type: 'tool' }>): string {
  switch (part.type) {
    case 'text':
      return part.synthetic === true && isOwnCommandNote(part.text) ? '' : withoutMarkup(part.text);
    case 'reasoning':
      return withoutMarkup(part.text);
    case 'file':
      return part.filename || part.mime;
    case 'subtask':
      return [lineOf(part), withoutMarkup(part.prompt)].join('\n');
    default:
      return lineOf(part);
  }
}

function lineOf(part: Part): string {
  const entry = toPartEntry(part, { ...entryLimits, retry: Infinity });
  const names = namesOf(entry);
  return names.length === 0 ? noteText(entry) : `${noteText(entry)} ${names.join(', ')}`;
}

function countOccurrences(shown: string, needle: string): number {
  const text = sameLetters(shown);
  let count = 0;
  let at = needle === '' ? -1 : text.indexOf(needle);
  while (at !== -1 && count < partLimit) {
    count++;
    at = text.indexOf(needle, at + needle.length);
  }
  return count;
}
