import { z } from 'zod';
import { diffTurn, clearRevert, commitRevert, stageRevert } from '../runs/revert.ts';
import {
  createSession,
  forkSession,
  moveSession,
  rename,
  requireSession,
  selectAgent,
  selectModel,
  touch,
} from '../runs/sessions.ts';
import { admit } from '../runs/inbox.ts';
import { invalidRequest, notFound, sessionBusy } from '../state/apiError.ts';
import type { Message, Session } from '../state/records.ts';
import type { StoredSession } from '../state/store.ts';
import { cutPage, makeCursor, type Page, readCursor, readLimit, readOrder } from './cursors.ts';
import { type House, namesOf } from './house.ts';
import { type Asked, type Route, route, routeWith } from './route.ts';
import * as shapes from './shapes.ts';

const filters = ['directory', 'project', 'subpath', 'parentID', 'search', 'order'] as const;

/** Sessions as records: listing, making, changing, forking, deleting; and their messages. */
export function sessionRoutes(house: House): Route[] {
  const { events } = house;
  const find = ({ params }: Asked<unknown>): StoredSession =>
    requireSession(house, params['sessionID'] ?? '');
  const idle = (asked: Asked<unknown>): StoredSession => {
    const stored = find(asked);
    if (house.executions.isRunning(stored.session.id)) throw sessionBusy(stored.session.id);
    return stored;
  };
  return [
    route('GET /api/session', [...filters, 'limit', 'cursor'], ({ query }) => listSessions(house, query)),
    routeWith(
      'POST /api/session',
      {
        id: z.string().startsWith('ses_').optional(),
        parentID: z.string().optional(),
        title: z.string().optional(),
        agent: z.string().optional(),
        model: shapes.model.optional(),
        metadata: shapes.metadata.optional(),
        permissions: shapes.rules.optional(),
        location: z.object({ directory: z.string() }).optional(),
      },
      ({ body: { location, ...given }, directory }) => ({
        data: createSession(house, { ...given, directory: location?.directory ?? directory }).session,
      }),
    ),
    route('GET /api/session/active', [], () => ({
      data: Object.fromEntries(house.executions.active.map((id) => [id, { type: 'running' }])),
    })),
    route('GET /api/session/{sessionID}', [], (asked) => ({ data: find(asked).session })),
    ...changeRoutes(house, find),
    route('DELETE /api/session/{sessionID}', [], async (asked) => deleteSession(house, find(asked))),
    routeWith('POST /api/session/{sessionID}/fork', { before: z.string().optional() }, (asked) => ({
      data: forkSession(house, find(asked), asked.body.before).session,
    })),
    routeWith('POST /api/session/{sessionID}/agent', { agent: z.string() }, (asked) =>
      selectAgent(house, find(asked), asked.body.agent),
    ),
    routeWith('POST /api/session/{sessionID}/model', { model: shapes.model }, (asked) =>
      selectModel(house, find(asked), asked.body.model),
    ),
    routeWith(
      'POST /api/session/{sessionID}/move',
      { directory: z.string(), delivery: shapes.delivery.optional() },
      (asked) => {
        const stored = find(asked);
        const { directory, delivery } = asked.body;
        if (!house.executions.isRunning(stored.session.id)) return moveSession(house, stored, directory);
        admit(house, stored, { type: 'move', payload: { directory } }, { delivery });
      },
    ),
    routeWith('POST /api/session/{sessionID}/view', { idle: z.number() }, (asked) => {
      const stored = find(asked);
      const viewed = asked.body.idle;
      stored.change({ time: { ...stored.session.time, viewed } });
      events.durable(stored, 'session.viewed', { viewed });
    }),
    route('GET /api/session/{sessionID}/message', ['limit', 'order', 'cursor', 'type'], (asked) =>
      listMessages(find(asked), asked.query),
    ),
    route('GET /api/session/{sessionID}/message/{messageID}', [], (asked) => {
      const messageID = asked.params['messageID'] ?? '';
      const message = find(asked).message(messageID);
      if (message === undefined) throw notFound('Message', messageID);
      return { data: message };
    }),
    route('GET /api/session/{sessionID}/diff', ['from', 'to', 'context'], (asked) => ({
      data: diffTurn(house, find(asked), asked.query.get('from'), asked.query.get('to')),
    })),
    routeWith(
      'POST /api/session/{sessionID}/revert/stage',
      { messageID: z.string().startsWith('msg_'), files: z.boolean().optional() },
      async (asked) => ({
        data: await stageRevert(house, idle(asked), asked.body.messageID, asked.body.files === true),
      }),
    ),
    route('DELETE /api/session/{sessionID}/revert', [], (asked) => clearRevert(house, idle(asked))),
    route('POST /api/session/{sessionID}/revert/commit', [], (asked) => commitRevert(house, idle(asked))),
  ];
}

function changeRoutes(house: House, find: (asked: Asked<unknown>) => StoredSession): Route[] {
  const { events, version } = house;
  if (!namesOf(version).hasPatch) {
    return [
      routeWith('POST /api/session/{sessionID}/rename', { title: z.string() }, (asked) =>
        rename(house, find(asked), asked.body.title),
      ),
    ];
  }
  return [
    routeWith(
      'PATCH /api/session/{sessionID}',
      {
        title: z.string().optional(),
        metadata: shapes.metadata.optional(),
        permissions: shapes.rules.optional(),
      },
      async (asked) => {
        const stored = find(asked);
        const { title, metadata, permissions } = asked.body;
        if (title === '') {
          stored.change({ title: undefined });
          await house.executions.giveTitle(stored);
        } else if (title !== undefined) rename(house, stored, title);
        if (metadata !== undefined) {
          touch(stored, { metadata });
          events.durable(stored, 'session.metadata.updated', { metadata });
        }
        if (permissions !== undefined) {
          touch(stored, { permissions });
          events.durable(stored, 'session.permissions', { permissions });
        }
      },
    ),
  ];
}

/** Children go first, each with its own word; what runs is ended before. Forks stay. */
async function deleteSession(house: House, stored: StoredSession): Promise<void> {
  const { id } = stored.session;
  for (const child of house.store.all().filter(({ session }) => session.parentID === id)) {
    await deleteSession(house, child);
  }
  await house.executions.interrupt(id);
  house.events.durable(stored, 'session.deleted');
  house.store.remove(id);
}

function listSessions({ store }: House, query: URLSearchParams): Page<Session> {
  const cursor = query.get('cursor');
  if (cursor !== null && filters.some((name) => query.has(name))) {
    throw invalidRequest('Only a limit goes with a cursor.', 'cursor', 'Query');
  }
  const given = cursor === null ? undefined : readCursor(cursor);
  const asked =
    given ??
    Object.fromEntries(filters.flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : [])));
  const order = readOrder(asked['order']);
  const found = store
    .all()
    .map(({ session }) => session)
    .filter((session) => isMeant(session, asked))
    .sort((one, other) => other.time.updated - one.time.updated || (one.id < other.id ? 1 : -1));
  if (order === 'asc') found.reverse();
  const at = given === undefined ? undefined : { id: given['id'], direction: given['direction'] };
  const limit = readLimit(query, Number.MAX_SAFE_INTEGER);
  return cutPage(found, limit, at, ({ id }, direction) => makeCursor({ ...asked, order, id, direction }));
}

function isMeant(session: Session, asked: Readonly<Record<string, unknown>>): boolean {
  const { directory, project, subpath, parentID, search } = asked;
  if (directory !== undefined && session.location.directory !== directory) return false;
  if (project !== undefined && session.projectID !== project) return false;
  if (subpath !== undefined && session.subpath !== subpath) return false;
  if (parentID !== undefined && (session.parentID ?? 'null') !== parentID) return false;
  return typeof search !== 'string' || (session.title ?? '').toLowerCase().includes(search.toLowerCase());
}

function listMessages(stored: StoredSession, query: URLSearchParams): Page<Message> {
  const cursor = query.get('cursor');
  if (cursor !== null && query.has('order')) {
    throw invalidRequest('No order goes with a cursor.', 'order', 'Query');
  }
  const given = cursor === null ? undefined : readCursor(cursor);
  const order = readOrder(given?.['order'] ?? query.get('order'));
  const types = query.getAll('type').flatMap((type) => type.split(','));
  const messages = stored.messages.filter(({ type }) => types.length === 0 || types.includes(type));
  if (order === 'desc') messages.reverse();
  const at = given === undefined ? undefined : { id: given['id'], direction: given['direction'] };
  return cutPage(messages, readLimit(query, 200), at, ({ id }, direction) =>
    makeCursor({ id, order, direction }),
  );
}
