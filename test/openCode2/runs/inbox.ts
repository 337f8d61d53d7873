import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiError, invalidRequest } from '../state/apiError.ts';
import { makeId } from '../state/ids.ts';
import type { AttachedFile, Delivery, InboxItem } from '../state/records.ts';
import type { StoredSession } from '../state/store.ts';
import { commitRevert } from './revert.ts';
import type { Rooms } from './rooms.ts';
import { touch } from './sessions.ts';

type Kind = Pick<InboxItem, 'type' | 'payload'>;

interface Admission {
  readonly id?: string | undefined;
  readonly delivery?: Delivery | undefined;
  /** Waits for the next prompt and begins nothing. */
  readonly isParked?: boolean;
}

/** Takes something in for a session. The same id again answers with what was taken in first. */
export function admit(
  rooms: Pick<Rooms, 'events' | 'snapshots'>,
  stored: StoredSession,
  kind: Kind,
  { id = makeId('msg'), delivery = 'steer', isParked = false }: Admission = {},
): InboxItem {
  if (!id.startsWith('msg_')) throw invalidRequest('An id of a message begins with msg_.', 'id');
  const known = stored.admission(id);
  if (known !== undefined) return known;
  if (stored.message(id) !== undefined)
    throw new ApiError(409, 'ConflictError', `Taken: ${id}`, { resource: id });
  commitRevert(rooms, stored);
  const item = {
    id,
    sessionID: stored.session.id,
    time: { created: Date.now() },
    ...kind,
    delivery,
  } as InboxItem;
  stored.write({ admitted: item, isParked });
  // What waited for a prompt goes along with it.
  if (!isParked) stored.write({ unparked: true });
  touch(stored);
  rooms.events.durable(stored, 'session.inbox.enqueued', { inboxID: id, item });
  return item;
}

/** What is not there is not taken out, and nothing is said. */
export function cancelInboxItem({ events }: Pick<Rooms, 'events'>, stored: StoredSession, id: string): void {
  if (stored.waiting(id) === undefined) return;
  stored.write({ left: id });
  events.durable(stored, 'session.inbox.cancelled', { inboxID: id });
}

export function changeDelivery(
  { events }: Pick<Rooms, 'events'>,
  stored: StoredSession,
  id: string,
  delivery: Delivery,
): void {
  const item = stored.waiting(id);
  if (item === undefined)
    throw new ApiError(409, 'ConflictError', `Not in the inbox: ${id}`, { resource: id });
  stored.write({ changed: { ...item, delivery } });
  events.durable(stored, 'session.inbox.delivery.changed', { inboxID: id, delivery });
}

const mimes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.pdf': 'application/pdf',
};

/** Reads what a prompt attaches: what is missing refuses the whole prompt. */
export function readFiles(
  files: readonly {
    readonly uri: string;
    readonly name?: string | undefined;
    readonly description?: string | undefined;
  }[],
): AttachedFile[] {
  return files.map(({ uri, name, description }) => ({
    ...readUri(uri),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    source: { type: 'uri', uri },
  }));
}

function readUri(uri: string): { data: string; mime: string; name?: string } {
  const [, mime, data] = /^data:([^;,]+)[^,]*;base64,(.*)$/s.exec(uri) ?? [];
  if (mime !== undefined && data !== undefined) return { mime, data };
  if (uri.startsWith('data:')) {
    const [head = '', ...body] = uri.slice(5).split(',');
    const text = decodeURIComponent(body.join(','));
    return { mime: head.split(';')[0] || 'text/plain', data: Buffer.from(text).toString('base64') };
  }
  if (!uri.startsWith('file://')) throw invalidRequest(`Not a file: ${uri}`, 'files');
  const url = new URL(uri);
  const path = fileURLToPath(`file://${url.pathname}`);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw invalidRequest(`File not found: ${path}`, 'files');
  const name = basename(path);
  if (stat.isDirectory()) {
    const data = Buffer.from(readdirSync(path).join('\n')).toString('base64');
    return { mime: 'application/x-directory', data, name };
  }
  const known = mimes[extname(path).toLowerCase()];
  if (known !== undefined) return { mime: known, data: readFileSync(path).toString('base64'), name };
  const text = linesOf(readFileSync(path, 'utf8'), url.searchParams);
  return { mime: 'text/plain', data: Buffer.from(text).toString('base64'), name };
}

/** `?start=&end=` name lines, counted from 1, both included. */
function linesOf(text: string, range: URLSearchParams): string {
  const [start, end] = [range.get('start'), range.get('end')];
  if (start === null) return text;
  return text
    .split('\n')
    .slice(Number(start) - 1, end === null ? undefined : Number(end))
    .join('\n');
}
