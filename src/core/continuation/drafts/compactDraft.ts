/** What the body of a compaction's draft says: what the summary is told, and the prompt after it. */
export interface CompactDraft {
  readonly guidance: string;
  /** Empty: nothing is sent after the compaction. */
  readonly message: string;
}

export const guidanceHeading = '# Guidance for the summary';
export const messageHeading = '# Message after the compaction';

/** Reads the two sections; a body without headings is all message. */
export function parseCompactDraft(body: string): CompactDraft {
  const lines = body.split(/\r?\n/);
  const guidanceAt = lines.findIndex((line) => line.trimEnd() === guidanceHeading);
  const messageAt = lines.findLastIndex((line) => line.trimEnd() === messageHeading);
  if (guidanceAt === -1 && messageAt === -1) return { guidance: '', message: body.trim() };
  if (guidanceAt === -1) return { guidance: '', message: join(lines.slice(messageAt + 1)) };
  const guidanceEnd = messageAt > guidanceAt ? messageAt : lines.length;
  return {
    guidance: join(lines.slice(guidanceAt + 1, guidanceEnd)),
    message: messageAt === -1 ? '' : join(lines.slice(messageAt + 1)),
  };
}

/** The body that parses back to these sections. */
export function printCompactDraft({ guidance, message }: CompactDraft): string {
  return [guidanceHeading, '', guidance.trim(), '', messageHeading, '', message.trim()].join('\n').trimEnd();
}

function join(lines: readonly string[]): string {
  return lines.join('\n').trim();
}
