import { Emitter, type Disposable } from '../event.ts';
import type { Sessions, SessionsChange } from './sessionStore.ts';

/** Which sessions began to work and which ended it, those that are gone included. */
export interface WorkingChange {
  readonly began: readonly string[];
  readonly ended: readonly string[];
}

/** The sessions that are not idle, and word of each that begins or ends. */
export class WorkingSessions implements Disposable {
  readonly #sessions: Pick<Sessions, 'status' | 'onDidChange'>;
  readonly #didChange = new Emitter<WorkingChange>();
  readonly #subscription: Disposable;
  readonly #ids = new Set<string>();

  readonly onDidChange = this.#didChange.event;

  constructor(sessions: Pick<Sessions, 'status' | 'onDidChange'>) {
    this.#sessions = sessions;
    this.#subscription = sessions.onDidChange((change) => this.#update(change));
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  #update({ sessionIds }: SessionsChange): void {
    const began: string[] = [];
    const ended: string[] = [];
    for (const id of sessionIds) {
      if (this.#sessions.status(id).type === 'idle') {
        if (this.#ids.delete(id)) ended.push(id);
      } else if (!this.#ids.has(id)) {
        this.#ids.add(id);
        began.push(id);
      }
    }
    if (began.length > 0 || ended.length > 0) this.#didChange.fire({ began, ended });
  }
}
