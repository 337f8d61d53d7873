const authority = 'opencode-sessions.opencode-sessions';

/** A session, and a message in it if one is meant. */
export interface LinkTarget {
  readonly sessionId: string;
  readonly messageId?: string;
}

/** The address that opens a transcript in the editor of this scheme (`vscode`, `cursor`, …), at a message if one is named. */
export function buildMessageLink(scheme: string, { sessionId, messageId }: LinkTarget): string {
  const message = messageId === undefined ? '' : `/message/${encodeURIComponent(messageId)}`;
  return `${scheme}://${authority}/session/${encodeURIComponent(sessionId)}${message}`;
}

/** What the path of such an address names; undefined for any other path. */
export function parseMessageLink(path: string): LinkTarget | undefined {
  const [, sessionId, messageId] =
    /^\/session\/(ses_[\w-]+)(?:\/message\/(msg_[\w-]+))?\/?$/.exec(path) ?? [];
  if (sessionId === undefined) return undefined;
  return { sessionId, ...(messageId === undefined ? {} : { messageId }) };
}
