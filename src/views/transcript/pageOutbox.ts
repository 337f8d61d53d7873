import type { Disposable } from '../../core/event.ts';
import type { ToPage } from '../../protocol/page/toPage.ts';

export interface PageOutboxPorts {
  readonly post: (message: ToPage) => void;
  /** Calls back with the next frame of those in which the page is told something. */
  readonly onNextFrame: (run: () => void) => Disposable;
}

/** Makes a message when its turn comes; undefined: there is nothing to say after all. */
type MakeMessage = () => ToPage | undefined;

/**
 * What waits for the next frame, one message of each type: it is made when its turn comes, so what happened meanwhile is
 * in it. The page is told all of it at once, changes to the entries first, so that it draws one frame for it.
 */
export class PageOutbox implements Disposable {
  readonly #ports: PageOutboxPorts;
  readonly #waiting = new Map<ToPage['type'], MakeMessage>();
  #frame: Disposable | undefined;

  constructor(ports: PageOutboxPorts) {
    this.#ports = ports;
  }

  put(type: ToPage['type'], make: MakeMessage): void {
    this.#waiting.set(type, make);
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
    const changes = this.#waiting.get('changes');
    this.#waiting.delete('changes');
    const makers = [changes, ...this.#waiting.values()];
    this.#waiting.clear();
    const messages = makers.map((make) => make?.()).filter((message) => message !== undefined);
    const [first, ...others] = messages;
    if (first !== undefined) this.#ports.post(others.length === 0 ? first : { type: 'together', messages });
  }
}
