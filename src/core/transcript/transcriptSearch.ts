import type { MessageWithParts, Part } from '../../protocol/records.ts';
import type { OpenCode } from '../openCode.ts';

export interface Match {
  readonly messageId: string;
  readonly partId: string;
  /** The place, with a few words on both sides. */
  readonly excerpt: string;
}

const pageSize = 200;
const matchLimit = 500;
const excerptSide = 60;

/**
 * Where `query` stands in the session, oldest first, regardless of case. It reads the whole history from the
 * server, page by page and keeping none, also what compaction hid. `isWanted` tells whether to go on.
 */
export async function searchSession(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  query: string,
  isWanted: () => boolean,
): Promise<readonly Match[]> {
  const needle = query.toLowerCase();
  const found: Match[][] = [];
  let count = 0;
  let before: string | undefined;
  do {
    const page = await openCode.listMessages(sessionId, {
      limit: pageSize,
      ...(before === undefined ? {} : { before }),
    });
    const matches = page.messages.flatMap((message) => searchMessage(message, needle));
    found.unshift(matches);
    count += matches.length;
    before = page.before;
  } while (before !== undefined && count < matchLimit && isWanted());
  return found.flat().slice(-matchLimit);
}

function searchMessage({ info, parts }: MessageWithParts, needle: string): Match[] {
  return parts.flatMap((part) => {
    const text = searchableText(part);
    const index = text.toLowerCase().indexOf(needle);
    if (index === -1) return [];
    return [{ messageId: info.id, partId: part.id, excerpt: excerptOf(text, index, needle.length) }];
  });
}

/** What a reader sees of a part. */
function searchableText(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.synthetic === true ? '' : part.text;
    case 'reasoning':
      return part.text;
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

function excerptOf(text: string, index: number, length: number): string {
  const start = Math.max(0, index - excerptSide);
  const end = Math.min(text.length, index + length + excerptSide);
  const words = text.slice(start, end).replaceAll(/\s+/g, ' ').trim();
  return `${start > 0 ? '…' : ''}${words}${end < text.length ? '…' : ''}`;
}
