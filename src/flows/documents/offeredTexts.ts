import { nextStage, toText } from '../../core/documents/documentStages.ts';
import type { Unit } from '../../core/documents/sessionDocument.ts';
import type { Disposable } from '../../core/event.ts';

export interface OfferedTextsPorts {
  /** Whether somebody sees them. */
  readonly isAwake: () => boolean;
  /** What the text is to be made of, as of now. */
  readonly units: () => readonly Unit[];
  /** Describes what is to be described anew; answers whether there is more of that by then. */
  readonly refresh: () => Promise<boolean>;
  /** There is another text to be asked for. */
  readonly onDidOffer: () => void;
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly now: () => number;
}

/** Milliseconds between two texts at least, and more of them for each million characters: the editor takes each as a whole. */
const shortestPause = 300;
const pausePerMillion = 150;
/** Milliseconds in which what comes together is gathered. */
const gathering = 50;
/** Milliseconds in which the editor asks for a text that is offered; it is told once more after that. */
const answering = 5000;

/** The texts of one document, one after the other, in measure: each differs in one place from the one before it. */
export class OfferedTexts {
  readonly #ports: OfferedTextsPorts;
  /** What the editor was given last, and what it is told to ask for. */
  #shown: readonly Unit[] | undefined;
  #offered: readonly Unit[] | undefined;
  #length = 0;
  #version = 0;
  #timer: Disposable | undefined;
  #isOffering = false;
  #lastGiven = -Infinity;
  #lastOffered = -Infinity;

  constructor(ports: OfferedTextsPorts) {
    this.#ports = ports;
  }

  /** Another number for each text. */
  get version(): number {
    return this.#version;
  }

  /** Whether the editor was given one. */
  get isBegun(): boolean {
    return this.#shown !== undefined;
  }

  /** The text that is offered, or the one that was given last. */
  give(): string {
    if (this.#shown === undefined || this.#offered !== undefined) {
      this.#shown = this.#offered ?? this.#ports.units();
      this.#offered = undefined;
      this.#lastGiven = this.#ports.now();
      this.stop();
    }
    const text = toText(this.#shown);
    this.#length = text.length;
    // What came meanwhile, or is to come after it.
    this.plan();
    return text;
  }

  /** Offers another text after a pause, if there is one by then. */
  plan(): void {
    const isPlanned = this.#timer !== undefined || this.#isOffering;
    if (!this.#ports.isAwake() || isPlanned || this.#shown === undefined) return;
    const pause = shortestPause + (pausePerMillion * this.#length) / 1_000_000;
    const next = this.#offered === undefined ? this.#lastGiven + pause : this.#lastOffered + answering;
    this.#timer = this.#ports.startTimer(
      () => void this.#offer(),
      Math.max(gathering, next - this.#ports.now()),
    );
  }

  stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  async #offer(): Promise<void> {
    this.#timer = undefined;
    this.#isOffering = true;
    const isMore = await this.#ports.refresh();
    this.#isOffering = false;
    if (!this.#ports.isAwake() || this.#shown === undefined) return;
    const offered = nextStage(this.#shown, this.#ports.units());
    if (offered !== undefined) {
      this.#offered = offered;
      this.#lastOffered = this.#ports.now();
      this.#version += 1;
      this.#ports.onDidOffer();
    }
    if (isMore) this.plan();
  }
}
