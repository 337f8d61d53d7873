import type { Disposable } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { inferOrigin, mayHaveOrigin } from '../core/sessions/inferredOrigin.ts';
import type { OriginMemory } from '../core/sessions/originMemory.ts';
import type { Origin } from '../core/sessions/sessionKind.ts';
import type { SessionStore } from '../core/sessions/sessionStore.ts';
import type { Session } from '../protocol/records.ts';

export interface OriginSearchPorts {
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly sessions: Pick<SessionStore, 'onDidChange' | 'all' | 'get' | 'origin' | 'infer'>;
  readonly memory: OriginMemory;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
  readonly log: Log;
}

/** Sessions that are looked into at a time, the newest. */
const atATime = 50;
/** Between two looks, in milliseconds. */
const pause = 1500;
/** How long what tells of an origin may still come: a tool says it when its call is over, a fork when it is copied. */
const unsettledFor = 10 * 60_000;
/** Milliseconds until a young session is looked into again, doubled each time. */
const firstPause = 2000;

/**
 * Finds out, for sessions that do not say it, which other one they came from, and remembers it. Only titles that
 * promise something are looked into, one after the other, so that a thousand sessions cost a few small requests once.
 */
export class OriginSearch implements Disposable {
  readonly #ports: OriginSearchPorts;
  readonly #subscription: Disposable;
  /** The sessions that are to be looked into. */
  readonly #open = new Set<string>();
  /** How often those were looked into for nothing that are too young to give up. */
  readonly #attempts = new Map<string, number>();
  #isRunning = false;
  #again = false;
  #isDisposed = false;

  constructor(ports: OriginSearchPorts) {
    this.#ports = ports;
    this.#subscription = ports.sessions.onDidChange(({ sessionIds }) => this.#take(sessionIds));
    this.#take(ports.sessions.all().map(({ id }) => id));
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#subscription.dispose();
  }

  #take(sessionIds: Iterable<string>): void {
    const known = this.#ports.memory.read();
    const remembered = new Map<string, Origin>();
    for (const id of sessionIds) {
      const session = this.#ports.sessions.get(id);
      if (session === undefined || !this.#isWanted(session)) continue;
      const origin = known.get(id);
      if (origin === undefined && !this.#attempts.has(id)) this.#open.add(id);
      else if (origin !== undefined && origin.kind !== 'root') remembered.set(id, origin);
    }
    this.#ports.sessions.infer(remembered);
    if (this.#open.size > 0) void this.#run();
  }

  #isWanted(session: Session): boolean {
    return mayHaveOrigin(session) && this.#ports.sessions.origin(session).kind === 'root';
  }

  async #run(): Promise<void> {
    this.#again = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#again && !this.#isDisposed) {
        this.#again = false;
        await this.#look();
        await this.#ports.wait(pause);
      }
    } catch (error) {
      // The next snapshot begins it again.
      this.#ports.log.debug('Where sessions came from could not be looked up.', error);
    } finally {
      this.#isRunning = false;
    }
  }

  async #look(): Promise<void> {
    const { sessions } = this.#ports;
    const open = [...this.#open]
      .flatMap((id) => sessions.get(id) ?? [])
      .toSorted((a, b) => b.time.created - a.time.created);
    this.#open.clear();
    for (const { id } of open.slice(atATime)) this.#open.add(id);
    for (const session of open.slice(0, atATime)) {
      if (!this.#isWanted(session)) continue;
      try {
        await this.#lookInto(session);
      } catch (error) {
        for (const { id } of open) this.#open.add(id);
        throw error;
      }
    }
    if (open.length > atATime) this.#again = true;
  }

  async #lookAgain(sessionId: string): Promise<void> {
    const attempt = this.#attempts.get(sessionId) ?? 0;
    this.#attempts.set(sessionId, attempt + 1);
    await this.#ports.wait(firstPause * 2 ** attempt);
    this.#open.add(sessionId);
    void this.#run();
  }

  async #lookInto(session: Session): Promise<void> {
    const { openCode, sessions, memory, now } = this.#ports;
    const origin = await inferOrigin(openCode, session, sessions.all());
    if (this.#isDisposed) return;
    if (origin === undefined && now() - session.time.created < unsettledFor) {
      void this.#lookAgain(session.id);
      return;
    }
    this.#attempts.delete(session.id);
    if (origin !== undefined) sessions.infer(new Map([[session.id, origin]]));
    memory.remember(session.id, origin ?? { kind: 'root', from: undefined });
  }
}
