import { z } from 'zod';
import { requireSession } from '../runs/sessions.ts';
import { invalidRequest } from '../state/apiError.ts';
import type { Message, Session } from '../state/records.ts';
import type { House } from './house.ts';
import { type Asked, isStreaming, type Route, route, routeWith } from './route.ts';

/** What the server says of itself, its events, and sessions that go in and out whole. */
export function serverRoutes(house: House): Route[] {
  return [
    route('GET /api/info', [], () => ({
      version: house.version,
      pid: process.pid,
      urls: [house.url()],
      paths: { data: house.store.folder },
    })),
    route('GET /api/event', [], ({ response }) => {
      house.events.stream(response);
      return isStreaming;
    }),
    route('GET /api/experimental/session/{sessionID}/log', ['after'], (asked) => streamLog(house, asked)),
    route('GET /api/experimental/session/{sessionID}/export', [], ({ params }) => ({
      data: exportSession(house, params['sessionID'] ?? ''),
    })),
    routeWith(
      'POST /api/experimental/session/import',
      {
        info: z.looseObject({ id: z.string().startsWith('ses_') }),
        messages: z.array(z.looseObject({ id: z.string(), type: z.string() })),
      },
      ({ body }) => {
        const imported = body as unknown as { info: Session; messages: Message[] };
        return { data: importSession(house, imported.info, imported.messages) };
      },
    ),
    route('GET /api/experimental/migration/v1', [], () => ({ status: 'completed' })),
  ];
}

/** Ends with its mark at once: what went before is not kept. */
function streamLog(house: House, { params, query, response }: Asked<unknown>): typeof isStreaming {
  const stored = requireSession(house, params['sessionID'] ?? '');
  if (Number(query.get('after') ?? 0) < 0)
    throw invalidRequest('A number of an event is 0 or more.', 'after', 'Query');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`data: ${JSON.stringify({ type: 'log.synced', seq: stored.seq })}\n\n`);
  return isStreaming;
}

export function exportSession(
  house: Pick<House, 'store'>,
  id: string,
): { info: Session; messages: readonly Message[] } {
  const stored = requireSession(house, id);
  return { info: stored.session, messages: stored.messages };
}

/** Takes a session in as it was; one of its id that is there is replaced. */
export function importSession(
  { store }: Pick<House, 'store'>,
  info: Session,
  messages: readonly Message[],
): Session {
  store.remove(info.id);
  return store.create(info, messages).session;
}
