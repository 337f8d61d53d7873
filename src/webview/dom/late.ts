// Several pieces share it, so that it belongs into the script.
import '../../core/sameLetters.ts';
import { host } from './host.ts';

type Missed = (sentence: string) => void;

/** A piece, whatever it holds. */
export type Loadable = Pick<Late<unknown>, 'piece' | 'load'>;

/** All that there are. */
const pieces: Loadable[] = [];
const missed: Missed[] = [];
let isPlanned = false;

/** A piece of the page that is no part of its script: it comes when it is first wanted, or once the page is idle. */
export class Late<Piece> {
  readonly #load: () => Promise<Piece>;
  readonly #sentence: (() => string) | undefined;
  readonly #awaiting: ((piece: Piece) => void)[] = [];
  #piece: Piece | undefined;
  #loading: Promise<Piece | undefined> | undefined;

  /** `sentence` says to a person that it could not be loaded, and what to do; absent: nobody misses it. */
  constructor(load: () => Promise<Piece>, sentence?: () => string) {
    this.#load = load;
    this.#sentence = sentence;
    pieces.push(this);
  }

  /** undefined: it is not there yet. */
  get piece(): Piece | undefined {
    return this.#piece;
  }

  /** Resolves with the piece, or with undefined where it cannot be loaded; then it is asked for again the next time. */
  load(): Promise<Piece | undefined> {
    this.#loading ??= this.#begin();
    return this.#loading;
  }

  /** Hands the piece to `act`, at once where it is there; where it cannot be loaded, that is said, and `unless` is called. */
  use(act: (piece: Piece) => void, unless?: () => void): void {
    if (this.#piece === undefined) void this.#wait(act, unless);
    else act(this.#piece);
  }

  /** Hands the piece to `act` once it is there, whoever wants it or not. */
  onceThere(act: (piece: Piece) => void): void {
    if (this.#piece === undefined) this.#awaiting.push(act);
    else act(this.#piece);
  }

  async #wait(act: (piece: Piece) => void, unless?: () => void): Promise<void> {
    const piece = await this.load();
    if (piece !== undefined) return act(piece);
    unless?.();
    if (this.#sentence !== undefined) for (const tell of missed) tell(this.#sentence());
  }

  async #begin(): Promise<Piece | undefined> {
    try {
      this.#piece = await this.#load();
    } catch (error) {
      this.#loading = undefined;
      host.post({ type: 'error', message: `A piece of the page could not be loaded. ${String(error)}` });
      return undefined;
    }
    for (const act of this.#awaiting.splice(0)) act(this.#piece);
    return this.#piece;
  }
}

/** `tell` hears what to say to a person when something that is wanted cannot be loaded. */
export function onMissed(tell: Missed): void {
  missed.push(tell);
}

/** Loads all that is late once the page has been painted and has nothing else to do: what is opened then is there. */
export function loadWhenIdle(): void {
  if (isPlanned) return;
  isPlanned = true;
  requestAnimationFrame(() =>
    requestIdleCallback(
      () => {
        for (const piece of pieces) void piece.load();
      },
      { timeout: 2000 },
    ),
  );
}
