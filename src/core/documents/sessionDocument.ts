import type { Session } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';
import { isBefore, type Place } from '../transcript/place.ts';
import type { Passage } from './passage.ts';

/** A piece of a document that changes as one: its head, a message, its end. */
export interface Unit {
  readonly id: string;
  /** In Markdown; an empty line stands between them. */
  readonly texts: readonly string[];
}

type Revert = NonNullable<Session['revert']>;

/**
 * A session as a Markdown document, as far as it is known: of each message no more than its text. What comes of it depends
 * on the messages alone, and not on the order in which they came.
 */
export class SessionDocument {
  /** In the order of the messages, once they are sorted: a page of older ones is put in order as a whole. */
  readonly #unsorted: Passage[] = [];
  #isSorted = true;
  readonly #byId = new Map<string, Passage>();
  readonly #open = new Map<string, Passage>();
  /** Only what stands behind this message belongs to it. */
  #after: Place | undefined;

  /** Of the messages that have no end yet. */
  get open(): Iterable<Passage> {
    return this.#open.values();
  }

  get first(): Passage | undefined {
    return this.#passages[0];
  }

  get last(): Passage | undefined {
    return this.#passages.at(-1);
  }

  get size(): number {
    return this.#unsorted.length;
  }

  has(messageId: string): boolean {
    return this.#byId.has(messageId);
  }

  get(messageId: string): Passage | undefined {
    return this.#byId.get(messageId);
  }

  /** Leaves out that message and all before it, from here on as well. */
  beginAfter(place: Place): void {
    this.#after = place;
    for (const { id } of this.#passages.filter((passage) => !isBefore(place, passage))) this.remove(id);
  }

  /** Takes a message; answers whether the document is another one for it. */
  put(passage: Passage): boolean {
    if (this.#after !== undefined && !isBefore(this.#after, passage)) return false;
    const known = this.#byId.get(passage.id);
    if (known !== undefined && known.created === passage.created) {
      this.#passages[this.#indexOf(passage)] = passage;
    } else {
      if (known !== undefined) this.remove(known.id);
      const last = this.#unsorted.at(-1);
      this.#isSorted &&= last === undefined || isBefore(last, passage);
      this.#unsorted.push(passage);
    }
    this.#byId.set(passage.id, passage);
    if (passage.isOpen) this.#open.set(passage.id, passage);
    else this.#open.delete(passage.id);
    return known === undefined || !isSamePassage(known, passage);
  }

  remove(messageId: string): boolean {
    const known = this.#byId.get(messageId);
    if (known === undefined) return false;
    this.#passages.splice(this.#indexOf(known), 1);
    this.#byId.delete(messageId);
    this.#open.delete(messageId);
    return true;
  }

  /** The ids of the messages from one place on up to another one, both of them among these. */
  between(from: Place, to: Place): readonly string[] {
    return this.#passages
      .slice(this.#indexOf(from), this.#indexOf(to) + 1)
      .filter((passage) => !isBefore(to, passage))
      .map(({ id }) => id);
  }

  /** What the document is made of, under a head and without what a revert took back. */
  units(head: readonly string[], revert: Revert | undefined): readonly Unit[] {
    const standing = this.#countStanding(revert);
    const units: Unit[] = [{ id: 'head', texts: head }];
    let before: Passage | undefined;
    for (const [index, passage] of this.#passages.entries()) {
      if (index === standing) break;
      const texts = textsOf(passage, before, this.#passages[index + 1]);
      if (texts === undefined) continue;
      units.push({ id: passage.id, texts });
      before = passage;
    }
    const reverted = this.#passages.length - standing;
    if (reverted > 0) units.push({ id: 'end', texts: ['---', `*${describeReverted(reverted)}*`] });
    return units;
  }

  /** A message of which only parts were reverted stands with its others: it was put so. */
  #countStanding(revert: Revert | undefined): number {
    if (revert === undefined) return this.#passages.length;
    const cut = this.#byId.get(revert.messageID);
    if (cut !== undefined) return this.#indexOf(cut) + (revert.partID === undefined ? 0 : 1);
    // Where only what comes later is known, all of it was taken back.
    const later = this.#passages.findIndex(({ id }) => id > revert.messageID);
    return later === -1 ? this.#passages.length : later;
  }

  get #passages(): Passage[] {
    if (!this.#isSorted) this.#unsorted.sort((one, other) => (isBefore(one, other) ? -1 : 1));
    this.#isSorted = true;
    return this.#unsorted;
  }

  /** Of the first passage that does not stand before the place. */
  #indexOf(place: Place): number {
    let [low, high] = [0, this.#passages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const passage = this.#passages[middle];
      if (passage !== undefined && isBefore(passage, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Undefined: the message says nothing. */
function textsOf(
  passage: Passage,
  before: Passage | undefined,
  next: Passage | undefined,
): readonly string[] | undefined {
  const { author, heading, again, blocks, end, parentId } = passage;
  const goesOn = parentId !== undefined && next?.parentId === parentId;
  const isEnded = end !== '' && !goesOn;
  if (blocks.length === 0 && !isEnded && !passage.isCompaction) return undefined;
  const goOn = before?.endsWithCall === true ? again : '';
  const above = before?.author === author ? goOn : heading;
  return [...(above === '' ? [] : [above]), ...blocks, ...(isEnded ? [end] : [])];
}

function describeReverted(count: number): string {
  return count === 1
    ? l10n.t('1 reverted message is left out.')
    : l10n.t('{0} reverted messages are left out.', count);
}

function isSamePassage(one: Passage, other: Passage): boolean {
  return (
    one.created === other.created &&
    one.parentId === other.parentId &&
    one.author === other.author &&
    one.heading === other.heading &&
    one.again === other.again &&
    one.end === other.end &&
    one.endsWithCall === other.endsWithCall &&
    isSameTexts(one.blocks, other.blocks)
  );
}

export function isSameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
