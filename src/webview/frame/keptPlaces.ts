import { host, type FieldValues, type Position } from '../dom/host.ts';
import type { InView } from '../messages/keptViews.ts';

type Answers = Readonly<Record<string, FieldValues>>;

const saveDelay = 250;
const keptPlaces = 20;

/** Where the reader stood in each session, kept with what else outlives the page when it is hidden or reloaded. */
export class KeptPlaces {
  readonly #inView: InView;
  readonly #answers: () => Answers;
  /** Oldest first. */
  #positions: Readonly<Record<string, Position>> = { ...host.state().positions };
  /** What was handed over last: the same is not handed over again. */
  #saved = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `answers` gives those that were not given yet. */
  constructor(inView: InView, answers: () => Answers) {
    this.#inView = inView;
    this.#answers = answers;
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
    const { sessionId, current } = this.#inView;
    if (current) {
      const others = Object.entries(this.#positions).filter(([id]) => id !== current.sessionId);
      this.#positions = Object.fromEntries([
        ...others.slice(-keptPlaces),
        [current.sessionId, current.position],
      ]);
    }
    const state = { sessionId, positions: this.#positions, answers: this.#answers() };
    const text = JSON.stringify(state);
    if (text === this.#saved) return;
    this.#saved = text;
    host.setState(state);
  }
}
