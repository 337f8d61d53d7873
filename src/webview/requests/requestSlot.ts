import { element } from '../dom/element.ts';
import { cards } from './cards.ts';
import type { Asked, RequestDock, RequestDockPorts } from './requestDock.ts';

/** Where what waits for an answer stands, once something does. */
export class RequestSlot {
  readonly element = element('div', { class: 'requests' });
  readonly #ports: RequestDockPorts;
  #dock: RequestDock | undefined;
  /** What waits, as it was told last. */
  #asked: Asked = ['', [], []];
  /** Whether somebody came to answer before it was there. */
  #isAwaited = false;

  constructor(ports: RequestDockPorts) {
    this.#ports = ports;
  }

  /** Answers that were not given yet. */
  get answers(): RequestDockPorts['answers'] {
    return this.#dock?.answers ?? this.#ports.answers;
  }

  /** Brings whoever came to answer to the first card, or where there is none on to the prompt. */
  attend(): void {
    this.#isAwaited = this.#dock === undefined && this.#isAsked;
    if (this.#dock !== undefined) this.#dock.attend();
    else if (!this.#isAwaited) this.#ports.onDone();
  }

  /** Whether the key answers a card: the one with the focus, else the first one if `isFree`. */
  takes(event: KeyboardEvent, isFree: boolean): boolean {
    return this.#dock?.takes(event, isFree) ?? false;
  }

  /** Where one says no to the request of a card with the focus, else of the first one if `isFree`. */
  refusalFor(target: EventTarget | null, isFree: boolean): HTMLElement | undefined {
    return this.#dock?.refusalFor(target, isFree);
  }

  show(...asked: Asked): void {
    this.#asked = asked;
    if (this.#dock !== undefined) this.#dock.show(...asked);
    else if (this.#isAsked) cards.use(({ RequestDock: Made }) => this.#begin(Made));
  }

  get #isAsked(): boolean {
    const [, permissions, questions] = this.#asked;
    return permissions.length + questions.length > 0;
  }

  #begin(Made: typeof RequestDock): void {
    if (this.#dock !== undefined) return;
    this.#dock = new Made(this.element, this.#ports);
    this.#dock.show(...this.#asked);
    if (this.#isAwaited) this.attend();
  }
}
