import { errorPartId } from '../../core/entries/noteText.ts';
import type { Entries } from './entries.ts';
import { partsPerRow } from './messageRow.ts';
import type { MissingMessages } from './missingMessages.ts';
import { keyOf } from './rowKeys.ts';
import type { TranscriptRows } from './transcriptRows.ts';

/** A row, and how many pixels of it stand above the view. */
interface PartPlace {
  readonly key: string;
  readonly offset: number;
}

/** Brings the reader to messages, parts and turns; to those that are folded away or not here yet, too. */
export class MessageNavigation {
  readonly #entries: Entries;
  readonly #rows: TranscriptRows;
  readonly #missing: MissingMessages;
  readonly #load: (messageId: string) => void;
  #wanted: { readonly messageId: string; readonly place: PartPlace | undefined } | undefined;
  /** A step to another turn that waits for messages, and the message from which the reader took it. */
  #step: { readonly step: 1 | -1; readonly from: string | undefined } | undefined;

  constructor(
    entries: Entries,
    rows: TranscriptRows,
    missing: MissingMessages,
    load: (messageId: string) => void,
  ) {
    this.#entries = entries;
    this.#rows = rows;
    this.#missing = missing;
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

  /** Brings a part into view, opened; undefined if its message is not here yet: it is asked for. */
  revealPart(messageId: string, partId: string): HTMLElement | undefined {
    this.#rows.unfoldTo(messageId, partId);
    const parts = this.#entries.get(messageId)?.parts ?? [];
    const index = partId === errorPartId ? parts.length - 1 : parts.findIndex(({ id }) => id === partId);
    const key = keyOf(messageId, Math.max(0, Math.floor(index / partsPerRow)));
    const { window } = this.#rows;
    if (!window.rows.has(key) && !window.scrollTo(key)) {
      this.reveal(messageId);
      return undefined;
    }
    const row = window.rows.get(key)?.element;
    const part = row?.querySelector<HTMLElement>(`[data-part-id="${CSS.escape(partId)}"]`) ?? undefined;
    part?.querySelector<HTMLElement>(':scope > * > .disclosure-button[aria-expanded=false]')?.click();
    part?.querySelector<HTMLElement>('[data-testid=more-files]')?.click();
    if (part?.classList.contains('folded') === true) part.querySelector<HTMLElement>('.more button')?.click();
    return part ?? row;
  }

  /** Goes to the prompt before or after the top of the view; if messages are missing on the way, once they are here. */
  goToTurn(step: 1 | -1): void {
    const messages = this.#entries.all;
    const { current, window } = this.#rows;
    let at = this.#entries.indexOf(current ?? '');
    do {
      if (this.#missing.asksBeside(at, step)) {
        this.#step = { step, from: current };
        return;
      }
      at += step;
    } while (this.#rows.isShown(at) && messages[at]?.head.role !== 'user');
    const prompt = this.#rows.isShown(at) ? messages[at] : undefined;
    const key = prompt && this.#rows.rowOf(prompt.head.id, 0);
    if (key !== undefined) window.scrollTo(key);
    else if (step > 0) window.scrollToEnd();
  }

  /** Takes the step that waited, unless the reader went elsewhere meanwhile. */
  stepOn(): void {
    const waiting = this.#step;
    this.forgetStep();
    if (waiting !== undefined && waiting.from === this.#rows.current) this.goToTurn(waiting.step);
  }

  /** Gives up the step that waits. */
  forgetStep(): void {
    this.#step = undefined;
  }

  #flash(messageId: string): void {
    const row = this.#rows.window.rows.get(messageId)?.element;
    row?.classList.add('revealed');
    row?.addEventListener('animationend', () => row.classList.remove('revealed'), { once: true });
  }
}
