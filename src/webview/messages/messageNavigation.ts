import type { TranscriptRows } from './transcriptRows.ts';

/** A row, and how many pixels of it stand above the view. */
interface PartPlace {
  readonly key: string;
  readonly offset: number;
}

/** Brings the reader to messages; to those that are folded away or not here yet, too. */
export class MessageNavigation {
  readonly #rows: TranscriptRows;
  readonly #load: (messageId: string) => void;
  #wanted: { readonly messageId: string; readonly place: PartPlace | undefined } | undefined;

  constructor(rows: TranscriptRows, load: (messageId: string) => void) {
    this.#rows = rows;
    this.#load = load;
  }

  /** A message that was asked for, to be shown once it is there. */
  get wanted(): string | undefined {
    return this.#wanted?.messageId;
  }

  /** Brings a message into view, or the reader back to a `place` in it; one that is not here is asked for, once. */
  reveal(messageId: string, place?: PartPlace): void {
    // Where the place is, it is shown as it is.
    if (place === undefined || !this.#rows.keys.includes(place.key)) this.#rows.unfoldTo(messageId);
    const asked = this.wanted === messageId ? this.#wanted : undefined;
    this.#wanted = undefined;
    const back = asked?.place ?? place;
    const key = this.#rows.keys.includes(back?.key ?? '') ? back?.key : this.#rows.rowOf(messageId, 0);
    if (key !== undefined && this.#rows.window.scrollTo(key, back?.offset)) {
      if (back === undefined) this.#flash(messageId);
    } else if (asked === undefined) {
      this.#wanted = { messageId, place };
      this.#load(messageId);
    }
  }

  #flash(messageId: string): void {
    const row = this.#rows.window.rows.get(messageId)?.element;
    row?.classList.add('revealed');
    row?.addEventListener('animationend', () => row.classList.remove('revealed'), { once: true });
  }
}
