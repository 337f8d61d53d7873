import { errorPartId } from '../../core/entries/noteText.ts';
import type { Entries } from '../turns/entries.ts';
import type { MessageNavigation } from './messageNavigation.ts';
import { partsPerRow } from './messageRow.ts';
import { type Beside, MissingMessages } from './missingMessages.ts';
import { keyOf } from './rowKeys.ts';
import type { TranscriptRows } from './transcriptRows.ts';

/** Brings the reader to parts and to other turns, also by way of messages that are not here yet. */
export class MessageTravel {
  readonly missing: MissingMessages;
  readonly #entries: Entries;
  readonly #rows: TranscriptRows;
  readonly #navigation: MessageNavigation;
  /** A step to another turn that waits for messages, and the message from which the reader took it. */
  #step: { readonly step: 1 | -1; readonly from: string | undefined } | undefined;

  /** `load` asks for missing messages. */
  constructor(
    entries: Entries,
    rows: TranscriptRows,
    navigation: MessageNavigation,
    load: (beside: Beside) => void,
  ) {
    this.missing = new MissingMessages(entries, rows, load);
    this.#entries = entries;
    this.#rows = rows;
    this.#navigation = navigation;
  }

  /** Brings a part into view, opened; undefined if its message is not here yet: it is asked for. */
  revealPart(messageId: string, partId: string): HTMLElement | undefined {
    this.#rows.unfoldTo(messageId, partId);
    const parts = this.#entries.get(messageId)?.parts ?? [];
    const index = partId === errorPartId ? parts.length - 1 : parts.findIndex(({ id }) => id === partId);
    const key = keyOf(messageId, Math.max(0, Math.floor(index / partsPerRow)));
    const { window } = this.#rows;
    if (!window.rows.has(key) && !window.scrollTo(key)) {
      this.#navigation.reveal(messageId);
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
      if (this.missing.asksBeside(at, step)) {
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
}
