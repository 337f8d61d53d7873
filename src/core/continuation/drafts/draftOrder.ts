import * as z from 'zod';
import { type Session, Todo } from '../../../protocol/records.ts';
import type { Sessions } from '../../sessions/sessionStore.ts';
import { GoingTodos } from './goingTodos.ts';

const base = {
  /** The session that the draft continues; empty: a brief begins one. */
  sessionId: z.string(),
  /** What that is called; of a brief that begins one, the folder. */
  sessionTitle: z.string(),
  directory: z.string(),
  /** What the document asks for where nobody has written yet, word for word (`blanks.ts`). */
  blanks: z.array(z.string()).optional(),
  /** The open todos that a line of it stands for. */
  going: GoingTodos.optional(),
};

/**
 * What a draft is for: the verb that sends it and what the document itself does not say. Kept beside the
 * document, so that it outlives a reload of the window.
 */
export const DraftOrder = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('relay'), ...base }),
  /** Several relays, one after the other: a heading with the agent's name for each. */
  z.object({
    verb: z.literal('chain'),
    ...base,
    /** What was done last, which stands before the prompt of its first leg. */
    context: z.string().optional(),
  }),
  z.object({
    verb: z.literal('handOff'),
    ...base,
    /** In the user's words; empty if nothing was said. */
    goal: z.string(),
    form: z.enum(['short', 'long']),
    /** The last message of the source that counts; absent: all count. */
    messageId: z.string().optional(),
    /** What the draft leaves out, as a sentence. */
    note: z.string().optional(),
    /** The todos of the source that are to arrive in the new session. */
    todos: z.array(Todo),
  }),
  z.object({ verb: z.literal('fork'), ...base, messageId: z.string().optional() }),
  z.object({ verb: z.literal('forkMany'), ...base, messageId: z.string().optional() }),
  /** What a fork found out, for the session that it came from. */
  z.object({ verb: z.literal('bringBack'), ...base, forkId: z.string(), forkTitle: z.string() }),
  z.object({
    verb: z.literal('compact'),
    ...base,
    /** What the compaction works on, as a sentence. */
    preflight: z.string(),
  }),
  /** What is to be built in a folder, for a session that it begins or goes on in. */
  z.object({ verb: z.literal('brief'), ...base }),
]);
export type DraftOrder = z.infer<typeof DraftOrder>;
export type DraftVerb = DraftOrder['verb'];
export type BriefOrder = Extract<DraftOrder, { verb: 'brief' }>;

/** Whether there is no session yet that a draft goes to: it is made when the draft is sent. */
export function beginsSession({ sessionId }: Pick<DraftOrder, 'sessionId'>): boolean {
  return sessionId === '';
}

/** What an order says of the session that it continues. */
export function describeSource(sessions: Pick<Sessions, 'title'>, session: Session) {
  const { id, directory } = session;
  return { sessionId: id, sessionTitle: sessions.title(session), directory };
}
