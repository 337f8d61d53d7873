import { Emitter, type Disposable } from '../event.ts';
import type { LastEnds, RunEnd } from './lastEnds.ts';
import type { Sessions, SessionsChange } from './sessionStore.ts';

/** Where the marks outlive the window. */
export interface UnreadMemory {
  read(): readonly string[];
  write(sessionIds: readonly string[]): void;
}

export interface UnreadPorts {
  readonly sessions: Pick<Sessions, 'get' | 'onDidChange'>;
  readonly ends: Pick<LastEnds, 'onDidEnd'>;
  readonly memory: UnreadMemory;
  /** Whether the user has this session before their eyes. */
  readonly isLookedAt: (sessionId: string) => boolean;
}

/** Sessions of which a run ended while nobody looked, well or not. Subagents are left out: their parent ends for them. */
export class Unread implements Disposable {
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #didMark = new Emitter<readonly RunEnd[]>();
  readonly #ports: UnreadPorts;
  readonly #subscriptions: readonly Disposable[];
  readonly #unread: Set<string>;

  readonly onDidChange = this.#didChange.event;
  /** The ends that made sessions unread, those that became known at once together. */
  readonly onDidMark = this.#didMark.event;

  constructor(ports: UnreadPorts) {
    this.#ports = ports;
    this.#unread = new Set(ports.memory.read());
    this.#subscriptions = [
      ports.sessions.onDidChange((change) => this.#forgetDeleted(change)),
      ports.ends.onDidEnd((ends) => {
        const marked = ends.filter(({ sessionId }) => this.#mark(sessionId));
        if (marked.length > 0) this.#didMark.fire(marked);
      }),
    ];
  }

  has(sessionId: string): boolean {
    return this.#unread.has(sessionId);
  }

  all(): readonly string[] {
    return [...this.#unread];
  }

  /** Takes the mark away: the user looks at the session. */
  markRead(sessionId: string): void {
    if (!this.#unread.delete(sessionId)) return;
    this.#save();
    this.#didChange.fire({ sessionId });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#didChange.dispose();
    this.#didMark.dispose();
  }

  #mark(sessionId: string): boolean {
    const session = this.#ports.sessions.get(sessionId);
    if (session === undefined || session.parentID !== undefined) return false;
    if (this.#unread.has(sessionId) || this.#ports.isLookedAt(sessionId)) return false;
    this.#unread.add(sessionId);
    this.#save();
    this.#didChange.fire({ sessionId });
    return true;
  }

  #forgetDeleted({ sessionIds, structure }: SessionsChange): void {
    if (!structure) return;
    for (const sessionId of sessionIds) {
      if (this.#ports.sessions.get(sessionId) === undefined && this.#unread.delete(sessionId)) this.#save();
    }
  }

  #save(): void {
    this.#ports.memory.write([...this.#unread]);
  }
}
