import type { Entries } from '../turns/entries.ts';
import { isGap, messageOf } from './rowKeys.ts';
import type { TranscriptRows } from './transcriptRows.ts';

/** Missing messages are asked for while this many rows are still between them and the view. */
const askAhead = 25;
/** With more messages than these, those far from the view are left out until the reader comes near. */
const keptMessages = 1600;

/** Messages that are missing: on which side of which other. */
export interface Beside {
  readonly messageId: string;
  readonly side: 'before' | 'after';
}

/** Keeps those messages of a session on the page that a reader comes by soon: asks for the missing, leaves out the far. */
export class MissingMessages {
  readonly #entries: Entries;
  readonly #rows: TranscriptRows;
  readonly #load: (beside: Beside) => void;
  /** Whether messages that were asked for have not come yet. */
  #isLoading = false;
  /** Beside which message missing ones were asked for last: what did not come then will not come now. */
  #asked = '';

  constructor(entries: Entries, rows: TranscriptRows, load: (beside: Beside) => void) {
    this.#entries = entries;
    this.#rows = rows;
    this.#load = load;
  }

  /** Takes that messages came; where some of them are new (`areNew`), others may come now that did not before. */
  came(areNew: boolean): void {
    this.#isLoading = false;
    if (areNew) this.#asked = '';
  }

  /** Asks for what is missing near the view. */
  askNear(): void {
    const near = this.#rows.window.isShown ? this.#near() : undefined;
    if (near !== undefined) this.#ask(near);
  }

  /** Whether messages are missing on that side of the one at `index`, and are on their way. */
  asksBeside(index: number, step: 1 | -1): boolean {
    const message = this.#entries.all[index];
    if (message === undefined) return false;
    const later = Math.max(index, index + step);
    const isMissing =
      this.#entries.isMissingBefore(later) && (later === 0 || this.#rows.isShown(index + step));
    return isMissing && this.#ask({ messageId: message.head.id, side: step > 0 ? 'after' : 'before' });
  }

  /** Leaves out what is far from the reader, or from the message that is `wanted`; answers with how many messages. */
  forgetFar(wanted: string | undefined): number {
    const { all } = this.#entries;
    if (all.length <= keptMessages) return 0;
    const { window, keys } = this.#rows;
    const messageId = wanted ?? messageOf(keys[window.firstVisible] ?? '');
    const isAtEnd = window.isFollowing && wanted === undefined;
    const index = isAtEnd ? all.length : this.#entries.indexOf(messageId);
    if (index === -1) return 0;
    this.#asked = '';
    return this.#entries.forgetFar(index, keptMessages / 4);
  }

  /** Asks for the messages beside another. False: they were asked for before, and did not come. */
  #ask(beside: Beside): boolean {
    if (this.#isLoading) return true;
    const asked = `${beside.side} ${beside.messageId}`;
    if (asked === this.#asked) return false;
    this.#asked = asked;
    this.#isLoading = true;
    this.#load(beside);
    return true;
  }

  /** The message near the view beside which others are missing, on the side on which the reader is. */
  #near(): Beside | undefined {
    const top = this.#rows.window.firstVisible;
    const [first] = this.#entries.all;
    if (first !== undefined && this.#entries.isMissingBefore(0) && this.#rows.isShown(0) && top < askAhead) {
      return { messageId: first.head.id, side: 'before' };
    }
    const from = Math.max(0, top - askAhead);
    const near = this.#rows.keys.slice(from, top + 2 * askAhead);
    const index = near.findIndex(isGap);
    if (index === -1) return undefined;
    const side = from + index >= top ? 'after' : 'before';
    // A gap is named by the message before it, which a row above may not show by itself.
    const beside = near[side === 'after' ? index : index + 1];
    return beside === undefined ? undefined : { messageId: messageOf(beside), side };
  }
}
