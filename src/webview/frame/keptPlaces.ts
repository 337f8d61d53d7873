import { host, type PageState, type Position } from '../dom/host.ts';
import type { SessionView } from '../messages/sessionView.ts';

/** What is kept of the page beside the places. */
export type Surroundings = Pick<PageState, 'sessionId' | 'answers'>;

const saveDelay = 250;
const keptPlaces = 20;

/** Where the reader stood in each session, kept with what else outlives the page when it is hidden or reloaded. */
export class KeptPlaces {
  readonly #view: () => SessionView | undefined;
  readonly #surroundings: () => Surroundings;
  /** Oldest first. */
  #positions: Readonly<Record<string, Position>> = { ...host.state().positions };
  /** What was handed over last: the same is not handed over again. */
  #saved = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `view` gives the session in view, whose place may have changed. */
  constructor(view: () => SessionView | undefined, surroundings: () => Surroundings) {
    this.#view = view;
    this.#surroundings = surroundings;
  }

  of(sessionId: string): Position | undefined {
    return this.#positions[sessionId];
  }

  /** Saves within a moment: a reader who scrolls moves with each frame. */
  saveSoon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.save();
    }, saveDelay);
  }

  save(): void {
    const view = this.#view();
    if (view) {
      const { sessionId, position } = view;
      const others = Object.entries(this.#positions).filter(([id]) => id !== sessionId);
      this.#positions = Object.fromEntries([...others.slice(-keptPlaces), [sessionId, position]]);
    }
    const state = { ...this.#surroundings(), positions: this.#positions };
    const text = JSON.stringify(state);
    if (text === this.#saved) return;
    this.#saved = text;
    host.setState(state);
  }
}
