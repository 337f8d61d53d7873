import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { ownText } from '../continuation/conversation.ts';
import type { Log } from '../log.ts';
import type { OpenCode } from '../ports/openCode.ts';
import type { Offers } from '../state/offers.ts';
import { type ContextUses, countLatest } from '../sessions/contextUses.ts';
import { loadTodos, type LoadTodosDeps } from '../todos/loadTodos.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { isAbort, isFinished } from '../turns/turn.ts';

/** What the end of a session tells at one glance. */
export interface Glance {
  /** What was asked for last; absent where that was nothing, or stands too far back. */
  readonly prompt?: string;
  /** The Markdown that was answered last. */
  readonly answer?: string;
  /** When the last turn began and ended, in milliseconds since 1970, by the server's clock. */
  readonly began?: number;
  readonly ended?: number;
  /** Somebody stopped it. */
  readonly isStopped: boolean;
}

/** Among so many of its newest messages the last answer is looked for. */
const size = 4;
/** So many sessions are remembered. */
const limit = 100;

export interface GlancesPorts {
  readonly sessions: Pick<Sessions, 'get' | 'status'>;
  readonly contextUses: Pick<ContextUses, 'isWanting' | 'load'>;
  readonly offers: Pick<Offers, 'load'>;
  readonly todos: LoadTodosDeps['todos'];
  readonly openCode: Pick<OpenCode, 'listMessages' | 'getMessage' | 'listTodos'>;
  readonly log: Log;
}

interface Kept {
  /** Differs once something happened in the session. */
  readonly look: string;
  readonly glance: Glance;
}

/** The ends of sessions as somebody rested the mouse on them: a few small requests each, until something happens there. */
export class Glances {
  readonly #ports: GlancesPorts;
  /** In the order in which they were asked for. */
  readonly #kept = new Map<string, Kept>();

  constructor(ports: GlancesPorts) {
    this.#ports = ports;
  }

  /** What is known, perhaps of a while ago. */
  get(sessionId: string): Glance | undefined {
    return this.#kept.get(sessionId)?.glance;
  }

  /** Sees to it that the end of a session is known, and what a glance at it brings: how full its context is, its todos. */
  async load(sessionId: string): Promise<void> {
    const { sessions, offers, log } = this.#ports;
    // Asking for more of a session of another folder would start the server there.
    const session = sessions.get(sessionId);
    if (session === undefined) return;
    try {
      await Promise.all([
        offers.load(session.directory),
        loadTodos(this.#ports, sessionId),
        this.#look(session),
      ]);
    } catch (error) {
      log.debug('A glance at a session failed.', sessionId, error);
    }
  }

  async #look({ id, time }: Session): Promise<void> {
    const { sessions, contextUses, openCode } = this.#ports;
    const { type } = sessions.status(id);
    const look = `${time.updated} ${type}`;
    // What a session says while it works is not told by its record.
    if (type === 'idle' && this.#kept.get(id)?.look === look) return;
    const { messages } = await openCode.listMessages(id, { limit: size });
    const counted = countLatest(messages);
    if (counted !== undefined) contextUses.load(id, counted);
    const prompt = await this.#findPrompt(id, messages);
    this.#keep(id, { look, glance: toGlance(prompt, messages) });
  }

  /** The prompt of the last turn: long turns have more messages than are looked at. */
  async #findPrompt(
    sessionId: string,
    messages: readonly MessageWithParts[],
  ): Promise<MessageWithParts | undefined> {
    const last = messages.at(-1);
    if (last === undefined || last.info.role === 'user') return last;
    const { parentID } = last.info;
    const near = messages.find(({ info }) => info.id === parentID);
    if (near !== undefined) return near;
    try {
      return await this.#ports.openCode.getMessage(sessionId, parentID);
    } catch (error) {
      // It was taken back, or compacted away: the rest is told without it.
      this.#ports.log.debug('The prompt of a last turn could not be read.', sessionId, error);
      return undefined;
    }
  }

  #keep(sessionId: string, kept: Kept): void {
    this.#kept.delete(sessionId);
    this.#kept.set(sessionId, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > limit && oldest !== undefined) this.#kept.delete(oldest);
  }
}

function toGlance(prompt: MessageWithParts | undefined, messages: readonly MessageWithParts[]): Glance {
  const last = messages.at(-1)?.info;
  const answers = messages.filter(({ info }) => info.role === 'assistant' && info.summary !== true);
  const asked = prompt === undefined ? '' : ownText(prompt);
  const answer = answers.map(ownText).findLast((text) => text !== '');
  const isOver = last?.role === 'assistant' && isFinished(last);
  const ended = isOver ? last.time.completed : undefined;
  return {
    ...(asked === '' ? {} : { prompt: asked }),
    ...(answer === undefined ? {} : { answer }),
    ...(prompt === undefined ? {} : { began: prompt.info.time.created }),
    ...(ended === undefined ? {} : { ended }),
    isStopped: isOver && last.error !== undefined && isAbort(last.error),
  };
}
