import * as z from 'zod';
import type { CompanionAnswer } from './companion.ts';
import type { ToldReceive, Typing } from './signs.ts';
import type { Outcome } from './outcome.ts';
import {
  Message,
  Part,
  PermissionRequest,
  QuestionRequest,
  RunError,
  Session,
  SessionStatus,
  Todo,
} from './records.ts';

/** The events that we act on, as OpenCode 1.18 sends them; other dialects make them of theirs. All others are passed over. */
export const ServerEvent = z.discriminatedUnion('type', [
  event('server.connected', {}),
  event('server.heartbeat', {}),
  event('server.instance.disposed', { directory: z.string().optional() }),
  event('session.created', { info: Session }),
  event('session.updated', { info: Session }),
  event('session.deleted', { info: Session }),
  event('session.status', { sessionID: z.string(), status: SessionStatus }),
  event('session.idle', { sessionID: z.string() }),
  /** Without a `sessionID` it concerns the whole instance, e.g. a plugin that cannot be loaded. */
  event('session.error', { sessionID: z.string().optional(), error: RunError.optional() }),
  event('session.compacted', { sessionID: z.string() }),
  /** A move to another directory; no `session.updated` comes with it. */
  event('session.next.moved', { sessionID: z.string() }),
  event('todo.updated', { sessionID: z.string(), todos: z.array(Todo) }),
  event('message.updated', { info: Message }),
  event('message.removed', { sessionID: z.string(), messageID: z.string() }),
  event('message.part.updated', { part: Part }),
  event('message.part.delta', {
    sessionID: z.string(),
    messageID: z.string(),
    partID: z.string(),
    field: z.string(),
    delta: z.string(),
  }),
  event('message.part.removed', { sessionID: z.string(), messageID: z.string(), partID: z.string() }),
  event('permission.asked', PermissionRequest.shape),
  event('permission.replied', { sessionID: z.string(), requestID: z.string(), reply: z.string().optional() }),
  event('question.asked', QuestionRequest.shape),
  event('question.replied', { sessionID: z.string(), requestID: z.string() }),
  event('question.rejected', { sessionID: z.string(), requestID: z.string() }),
  event('tui.toast.show', {
    title: z.string().optional(),
    message: z.string(),
    variant: z.enum(['info', 'success', 'warning', 'error']).catch('info'),
  }),
  event('tui.session.select', { sessionID: z.string() }),
  event('tui.command.execute', { command: z.string() }),
  /** `directory`: the folder in whose prompt it is to stand, which the stream says beside it. */
  event('tui.prompt.append', { text: z.string(), directory: z.string().optional() }),
]);
/** An event as the server sends it. */
export type SentEvent = z.infer<typeof ServerEvent>;

/** What a dialect makes of what the server sends: that a session works, once or more in a run, and how that ended, once. */
export type TurnEvent =
  | { readonly type: 'turn.started'; readonly properties: { readonly sessionID: string } }
  | {
      readonly type: 'turn.ended';
      readonly properties: { readonly sessionID: string; readonly outcome: Outcome };
    };

/** What a dialect makes of the answer of a directory's companion, asked or because a hook of it was called for the first time. */
export type CompanionEvent = {
  readonly type: 'companion.answered';
  readonly properties: CompanionAnswer & { readonly directory: string };
};

/** What a dialect makes of what an editor says of the person before it, to all who listen to the server. */
export type PersonEvent =
  | { readonly type: 'person.typing'; readonly properties: Typing }
  | { readonly type: 'person.receives'; readonly properties: ToldReceive & { readonly directory: string } };

/** What windows and companions say to each other: nothing that a session did. */
export type SignEvent = CompanionEvent | PersonEvent;

/** What a dialect makes of the word that a folder offers other agents, models or commands than before; nothing ends with it. */
export type OffersEvent = {
  readonly type: 'offers.changed';
  readonly properties: { readonly directory: string };
};
/** What a dialect makes of the word that something waits on the server to enter a session: it has arrived, and is no message yet. */
export type AdmittedEvent = {
  readonly type: 'message.admitted';
  readonly properties: {
    readonly sessionID: string;
    readonly messageID: string;
    /** The id that the server gives its message, where it is not that one. */
    readonly as?: string;
  };
};
export type ServerEvent = SentEvent | TurnEvent | SignEvent | OffersEvent | AdmittedEvent;
export type ServerEventOf<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>;

export function isSign(event: SentEvent | SignEvent): event is SignEvent {
  return event.type.startsWith('companion.') || event.type.startsWith('person.');
}

/** The types in `ServerEvent`; what is not among them is ignored without being parsed. */
export const knownEventTypes: ReadonlySet<string> = new Set(
  ServerEvent.options.map((option) => option.shape.type.value),
);

function event<Type extends string, Shape extends z.ZodRawShape>(type: Type, properties: Shape) {
  return z.object({ type: z.literal(type), properties: z.object(properties) });
}
