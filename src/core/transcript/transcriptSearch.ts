import type { MessageWithParts, Part } from '../../protocol/records.ts';
import type { OpenCode } from '../openCode.ts';
import { pagesBack } from './messagesBack.ts';
import { describeRunError } from '../runErrorText.ts';
import { readCallText } from './callText.ts';
import { errorPartId, namesOf, noteText } from './noteText.ts';
import { entryLimits, toPartEntry } from './transcriptEntry.ts';
import { withoutMarkup } from './withoutMarkup.ts';

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

const matchLimit = 1000;
const partLimit = 100;

/**
 * Where `query` stands in the session, regardless of case. It reads the whole history from the server, page by
 * page from the end and keeping none, also what compaction hid. `isWanted` tells whether to go on; paths are found as
 * they are shown, relative to `directory`.
 */
export async function searchSession(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  query: string,
  isWanted: () => boolean,
  directory = '',
): Promise<Matches> {
  const needle = query.toLowerCase();
  const found: Match[][] = [];
  let count = 0;
  let isLeft = false;
  for await (const { messages, before } of pagesBack(openCode, sessionId)) {
    const matches = messages.flatMap((message) => searchMessage(message, needle, directory));
    found.unshift(matches);
    count += matches.length;
    isLeft = before !== undefined;
    if (count >= matchLimit || !isWanted()) break;
  }
  return { matches: found.flat().slice(-matchLimit), isMore: isLeft || count > matchLimit };
}

function searchMessage({ info, parts }: MessageWithParts, needle: string, directory: string): Match[] {
  const places = parts.map((part) => ({ partId: part.id, count: countIn(part, needle, directory) }));
  if (info.role === 'assistant' && info.error !== undefined) {
    places.push({ partId: errorPartId, count: countOccurrences(describeRunError(info.error), needle) });
  }
  return places.flatMap(({ partId, count }) =>
    Array.from({ length: count }, (_, occurrence) => ({ messageId: info.id, partId, occurrence })),
  );
}

/** How often a reader sees the words in a part. Where a call is shown cut, also in what opens in an editor. */
function countIn(part: Part, needle: string, directory: string): number {
  if (part.type !== 'tool') return countOccurrences(searchableText(part), needle);
  const { shown, whole = '' } = readCallText(part, directory);
  return Math.max(countOccurrences(shown, needle), countOccurrences(whole, needle));
}

/** What a reader sees of a part that is no call. */
function searchableText(part: Exclude<Part, { type: 'tool' }>): string {
  switch (part.type) {
    case 'text':
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
  const text = shown.toLowerCase();
  let count = 0;
  let at = text.indexOf(needle);
  while (at !== -1 && count < partLimit) {
    count++;
    at = text.indexOf(needle, at + needle.length);
  }
  return count;
}
