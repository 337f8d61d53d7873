import { Emitter, type Disposable } from '../event.ts';
import type { Sessions, SessionsChange } from './sessionStore.ts';
import type { WorkingSessions } from './workingSessions.ts';

/** Where the marks outlive the window. */
export interface UnreadMemory {
  read(): readonly string[];
  write(sessionIds: readonly string[]): void;
}

export interface UnreadPorts {
  readonly sessions: Pick<Sessions, 'get' | 'onDidChange'>;
  readonly working: Pick<WorkingSessions, 'onDidChange'>;
  readonly memory: UnreadMemory;
  /** Whether the user has this session before their eyes. */
  readonly isLookedAt: (sessionId: string) => boolean;
}

/** Sessions that finished while nobody looked. Subagents are left out: their parent finishes for them. */
export class Unread implements Disposable {
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #ports: UnreadPorts;
  readonly #subscriptions: readonly Disposable[];
  readonly #unread: Set<string>;

  readonly onDidChange = this.#didChange.event;

  constructor(ports: UnreadPorts) {
    this.#ports = ports;
    this.#unread = new Set(ports.memory.read());
    this.#subscriptions = [
      ports.sessions.onDidChange((change) => this.#forgetDeleted(change)),
      ports.working.onDidChange(({ ended }) => {
        for (const sessionId of ended) this.#finish(sessionId);
      }),
    ];
  }

  has(sessionId: string): boolean {
    return this.#unread.has(sessionId);
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
  }

  #finish(sessionId: string): void {
    const session = this.#ports.sessions.get(sessionId);
    if (session === undefined || session.parentID !== undefined) return;
    if (this.#unread.has(sessionId) || this.#ports.isLookedAt(sessionId)) return;
    this.#unread.add(sessionId);
    this.#save();
    this.#didChange.fire({ sessionId });
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
