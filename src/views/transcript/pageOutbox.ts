import type { Disposable } from '../../core/event.ts';
import type { ToPage } from '../../protocol/page.ts';

export interface PageOutboxPorts {
  readonly post: (message: ToPage) => void;
  /** Calls back with the next frame of those in which the page is told something. */
  readonly onNextFrame: (run: () => void) => Disposable;
}

/** Makes a message when its turn comes; undefined: there is nothing to say after all. */
type Draft = () => ToPage | undefined;

/**
 * Messages that wait for their frame, one for each frame and one of each type: a message is made when its turn
 * comes, so what happened meanwhile is in it. Changes to the entries go first; what had to wait for them goes with
 * the next ones, so that a stream without a pause keeps nothing from the page.
 */
export class PageOutbox implements Disposable {
  readonly #ports: PageOutboxPorts;
  readonly #waiting = new Map<ToPage['type'], Draft>();
  #frame: Disposable | undefined;
  /** Whether something has waited for changes that went before it. */
  #isOverdue = false;

  constructor(ports: PageOutboxPorts) {
    this.#ports = ports;
  }

  put(type: ToPage['type'], draft: Draft): void {
    this.#waiting.set(type, draft);
    this.#frame ??= this.#ports.onNextFrame(() => this.#flush());
  }

  /** Throws away the message of a type: there is something else to say. */
  drop(type: ToPage['type']): void {
    this.#waiting.delete(type);
  }

  /** Throws away what waits. */
  clear(): void {
    this.#waiting.clear();
    this.#frame?.dispose();
    this.#frame = undefined;
  }

  dispose(): void {
    this.clear();
  }

  #flush(): void {
    this.#frame = undefined;
    const changes = this.#take('changes');
    const other = changes === undefined || this.#isOverdue ? this.#takeAny() : undefined;
    this.#isOverdue = other === undefined && this.#waiting.size > 0;
    if (changes !== undefined) this.#ports.post(changes);
    if (other !== undefined) this.#ports.post(other);
    if (this.#waiting.size > 0) this.#frame ??= this.#ports.onNextFrame(() => this.#flush());
  }

  #takeAny(): ToPage | undefined {
    for (const type of this.#waiting.keys()) {
      const message = this.#take(type);
      if (message !== undefined) return message;
    }
    return undefined;
  }

  #take(type: ToPage['type']): ToPage | undefined {
    const draft = this.#waiting.get(type);
    this.#waiting.delete(type);
    return draft?.();
  }
}
