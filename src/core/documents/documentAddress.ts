import { exportName } from '../export/exportName.ts';

/** Which session a document shows, and how much of it. */
export interface DocumentAddress {
  readonly sessionId: string;
  /** The session's folder, to say which it was of where a server does not know it. */
  readonly directory?: string;
  /** Only what follows this message is shown. */
  readonly after?: string;
}

/** What the address of a document is made of; `title` is what its tab is called. */
export interface DocumentName extends DocumentAddress {
  readonly title: string;
}

/** The path and the query of a document's address; the editor takes its language by the ending. */
export function toDocumentPath({ title, sessionId, directory, after }: DocumentName): {
  readonly path: string;
  readonly query: string;
} {
  const given = { session: sessionId, directory, after };
  const query = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${encodeURIComponent(value)}`,
  );
  return { path: `/${exportName(title)}.md`, query: query.join('&') };
}

/** Reads the query of such an address; undefined where it names no session, or is none of ours. */
export function parseDocumentQuery(query: string): DocumentAddress | undefined {
  const given = new Map(query.split('&').map(readPair));
  const [sessionId = '', directory, after] = ['session', 'directory', 'after'].map((name) => given.get(name));
  if (!/^ses_[\w-]+$/.test(sessionId)) return undefined;
  if (after !== undefined && !/^msg_[\w-]+$/.test(after)) return undefined;
  return {
    sessionId,
    ...(directory === undefined ? {} : { directory }),
    ...(after === undefined ? {} : { after }),
  };
}

function readPair(pair: string): readonly [name: string, value: string] {
  const at = pair.indexOf('=');
  const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  return [name, decode(value)];
}

/** What cannot be decoded is none of ours, and names nothing. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}
