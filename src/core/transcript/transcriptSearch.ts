import type { MessageWithParts, Part } from '../../protocol/records.ts';
import type { OpenCode } from '../openCode.ts';
import { pagesBack } from './messagesBack.ts';
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
 * page from the end and keeping none, also what compaction hid. `isWanted` tells whether to go on.
 */
export async function searchSession(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  query: string,
  isWanted: () => boolean,
): Promise<Matches> {
  const needle = query.toLowerCase();
  const found: Match[][] = [];
  let count = 0;
  let isLeft = false;
  for await (const { messages, before } of pagesBack(openCode, sessionId)) {
    const matches = messages.flatMap((message) => searchMessage(message, needle));
    found.unshift(matches);
    count += matches.length;
    isLeft = before !== undefined;
    if (count >= matchLimit || !isWanted()) break;
  }
  return { matches: found.flat().slice(-matchLimit), isMore: isLeft || count > matchLimit };
}

function searchMessage({ info, parts }: MessageWithParts, needle: string): Match[] {
  return parts.flatMap((part) => {
    const count = countOccurrences(searchableText(part).toLowerCase(), needle);
    return Array.from({ length: count }, (_, occurrence) => ({
      messageId: info.id,
      partId: part.id,
      occurrence,
    }));
  });
}

/** What a reader sees of a part. */
function searchableText(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.synthetic === true ? '' : withoutMarkup(part.text);
    case 'reasoning':
      return withoutMarkup(part.text);
    case 'tool':
      return searchableTool(part.state);
    case 'file':
      return part.filename ?? '';
    case 'subtask':
      return `${part.description} ${part.prompt}`;
    default:
      return '';
  }
}

function searchableTool(state: Extract<Part, { type: 'tool' }>['state']): string {
  const input = Object.values(state.input).filter((value) => typeof value === 'string');
  const output = state.status === 'completed' ? state.output : '';
  return [...input, output, state.status === 'error' ? state.error : ''].join('\n');
}

function countOccurrences(text: string, needle: string): number {
  let count = 0;
  let at = text.indexOf(needle);
  while (at !== -1 && count < partLimit) {
    count++;
    at = text.indexOf(needle, at + needle.length);
  }
  return count;
}
