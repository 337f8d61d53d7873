import { ownText } from '../core/continuation/conversation.ts';
import type { Disposable } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { SessionStore } from '../core/sessions/sessionStore.ts';
import { isUnnamed } from '../core/sessions/unnamed.ts';
import type { MessageWithParts, Session } from '../protocol/records.ts';

export interface FirstPromptsPorts {
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly sessions: Pick<
    SessionStore,
    'onDidChange' | 'all' | 'get' | 'status' | 'firstPrompt' | 'learnPrompt'
  >;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly log: Log;
}

/** How many messages of a session are read at a time: its first prompt stands among the first few. */
const pageSize = 10;
/** Milliseconds from the beginning of a session within which its first prompt is looked for, one after the other. */
const spans = [60_000, 3_600_000, 86_400_000];
/** The pause after a look, in milliseconds, so that many sessions do not fill the line. */
const pause = 50;
/** So many wait to be read at most, the newest. */
const limit = 100;

/**
 * Reads the first prompts of the sessions that the server has not named, the newest first and one after the other, so that
 * people can tell them apart, and of others once somebody looks for words. One that has none yet is looked at again when
 * something happened in it.
 */
export class FirstPrompts implements Disposable {
  readonly #ports: FirstPromptsPorts;
  readonly #subscription: Disposable;
  readonly #open = new Set<string>();
  /** Named sessions whose first prompts somebody wants to search. */
  readonly #searched = new Set<string>();
  /** What a session without a prompt was like when it was read. */
  readonly #seen = new Map<string, string>();
  #isRunning = false;
  #isDisposed = false;

  constructor(ports: FirstPromptsPorts) {
    this.#ports = ports;
    this.#subscription = ports.sessions.onDidChange(({ sessionIds }) => this.#take(sessionIds));
    this.#take(ports.sessions.all().map(({ id }) => id));
  }

  /** Reads those of the newest sessions as well that have a name. */
  search(): void {
    const { sessions } = this.#ports;
    const unread = sessions
      .all()
      .filter(({ id }) => sessions.firstPrompt(id) === undefined)
      .toSorted((a, b) => b.time.created - a.time.created)
      .slice(0, limit)
      .map(({ id }) => id);
    for (const id of unread) this.#searched.add(id);
    this.#take(unread);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#subscription.dispose();
  }

  #take(sessionIds: Iterable<string>): void {
    const { sessions } = this.#ports;
    for (const id of sessionIds) {
      const session = sessions.get(id);
      if (session === undefined || !this.#isWanted(session)) this.#forget(id);
      else if (this.#seen.get(id) !== this.#look(session)) this.#open.add(id);
    }
    this.#keepNewest();
    if (this.#open.size > 0 && !this.#isRunning) void this.#run();
  }

  #isWanted({ id, title }: Session): boolean {
    const known = this.#ports.sessions.firstPrompt(id);
    // One that was given a name before its first prompt is not empty for ever.
    return known === '' || (known === undefined && (isUnnamed(title) || this.#searched.has(id)));
  }

  #keepNewest(): void {
    if (this.#open.size <= limit) return;
    const newest = [...this.#open]
      .flatMap((id) => this.#ports.sessions.get(id) ?? [])
      .toSorted((a, b) => b.time.created - a.time.created)
      .slice(0, limit);
    this.#open.clear();
    for (const { id } of newest) this.#open.add(id);
  }

  /** Differs once something happened in the session. */
  #look({ id, time }: Session): string {
    return `${time.updated} ${this.#ports.sessions.status(id).type}`;
  }

  #forget(sessionId: string): void {
    this.#open.delete(sessionId);
    this.#searched.delete(sessionId);
    this.#seen.delete(sessionId);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      for (let next = this.#next(); next !== undefined && !this.#isDisposed; next = this.#next()) {
        this.#open.delete(next.id);
        this.#seen.set(next.id, this.#look(next));
        await this.#read(next);
        await this.#ports.wait(pause);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  #next(): Session | undefined {
    const open = [...this.#open].flatMap((id) => this.#ports.sessions.get(id) ?? []);
    return open.reduce<Session | undefined>(
      (newest, session) =>
        newest === undefined || session.time.created > newest.time.created ? session : newest,
      undefined,
    );
  }

  async #read(session: Session): Promise<void> {
    const { openCode, sessions, log } = this.#ports;
    try {
      const prompt = await readFirstPrompt(openCode, session);
      if (this.#isDisposed) return;
      sessions.learnPrompt(session.id, prompt);
    } catch (error) {
      // It keeps the name that the server gave it, and is read again with its next change.
      log.debug('The first prompt of a session could not be read.', session.id, error);
      this.#seen.delete(session.id);
    }
  }
}

/** The first thing that a person asked for in a session; empty where nobody did. */
async function readFirstPrompt(
  openCode: FirstPromptsPorts['openCode'],
  { id, time }: Session,
): Promise<string> {
  const newest = await openCode.listMessages(id, { limit: pageSize });
  if (newest.before === undefined) return firstPromptOf(newest.messages);
  for (const span of spans) {
    const before = { time: time.created + span };
    const prompt = firstPromptOf((await openCode.listMessages(id, { limit: pageSize, before })).messages);
    if (prompt !== '') return prompt;
  }
  return firstPromptOf(newest.messages);
}

function firstPromptOf(messages: readonly MessageWithParts[]): string {
  const prompts = messages.filter(({ info }) => info.role === 'user').map(ownText);
  return prompts.find((text) => text !== '') ?? '';
}
