import { z } from 'zod';
import { requireSession } from '../runs/sessions.ts';
import { type House, namesOf } from './house.ts';
import { type Route, route, routeWith } from './route.ts';

const decisions = z.enum(['once', 'always', 'reject']);

/** What a person is asked: permissions and forms. */
export function requestRoutes(house: House): Route[] {
  const { permissions, forms } = house;
  const { decision } = namesOf(house.version);
  return [
    route('GET /api/permission/request', ['location[directory]'], ({ directory }) => ({
      location: { directory },
      data: permissions.inDirectory(directory),
    })),
    route('GET /api/permission/saved', ['projectID'], ({ query }) => ({
      data: permissions.saved(query.get('projectID')),
    })),
    route('DELETE /api/permission/saved/{savedID}', [], ({ params }) =>
      permissions.removeSaved(params['savedID'] ?? ''),
    ),
    route('GET /api/session/{sessionID}/permission', [], ({ params }) => ({
      data: permissions.pending(requireSession(house, params['sessionID'] ?? '').session.id),
    })),
    routeWith(
      'POST /api/session/{sessionID}/permission/{requestID}/reply',
      { [decision]: decisions, message: z.string().optional() },
      ({ params, body }) => {
        const { message } = body;
        permissions.reply(
          params['sessionID'] ?? '',
          params['requestID'] ?? '',
          decisions.parse(body[decision]),
          typeof message === 'string' ? message : undefined,
        );
      },
    ),
    route('GET /api/form', ['location[directory]'], ({ directory }) => ({
      location: { directory },
      data: forms.inDirectory(directory),
    })),
    route('GET /api/session/{sessionID}/form', [], ({ params }) => ({
      data: forms.ofSession(requireSession(house, params['sessionID'] ?? '').session.id),
    })),
    routeWith(
      'POST /api/session/{sessionID}/form/{formID}/reply',
      { answer: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])) },
      ({ params, body }) => forms.reply(params['sessionID'] ?? '', params['formID'] ?? '', body.answer),
    ),
    route('DELETE /api/session/{sessionID}/form/{formID}', ['message'], ({ params, query }) =>
      forms.cancel(params['sessionID'] ?? '', params['formID'] ?? '', query.get('message')),
    ),
  ];
}
