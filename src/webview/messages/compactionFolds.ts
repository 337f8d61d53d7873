import type { Message } from '../turns/entries.ts';

/** What stands at the place up to which a compaction has taken the messages. */
export interface Fold {
  /** How many messages are before it; undefined: not known. `isMore`: at least so many. */
  readonly count: number | undefined;
  readonly isMore: boolean;
  readonly isFolded: boolean;
}

interface FoldPlace {
  /** Of the message that carries the compaction. */
  readonly compactionId: string;
  /** Of the first message that stays in view when it is folded. */
  readonly index: number;
}

/**
 * What compactions have taken from the model is folded away, and can be unfolded. A compaction that comes while the
 * reader looks stays unfolded: nothing moves under the reader. Since each fold hides all that is before it, what is
 * shown is always the end of the messages, from `first` on.
 */
export class CompactionFolds {
  readonly #seen = new Set<string>();
  readonly #folded = new Set<string>();
  readonly #counted = new Map<string, { readonly count: number; readonly isMore: boolean }>();
  /** By the id of the first message that stays. */
  #places = new Map<string, FoldPlace>();
  #first = 0;

  /** The index of the first message that is shown. */
  get first(): number {
    return this.#first;
  }

  /** Finds the compactions; those not seen before are folded if `folds`. */
  update(messages: readonly Message[], folds: boolean): void {
    this.#places = new Map(findPlaces(messages));
    this.#first = 0;
    for (const { compactionId, index } of this.#places.values()) {
      if (!this.#seen.has(compactionId) && folds) this.#folded.add(compactionId);
      this.#seen.add(compactionId);
      if (this.#folded.has(compactionId)) this.#first = Math.max(this.#first, index);
    }
  }

  /** The fold before a message; `hasOlder`: there are messages before those that are loaded. */
  before(messageId: string, hasOlder: boolean): Fold | undefined {
    const place = this.#places.get(messageId);
    if (place === undefined || (place.index === 0 && !hasOlder)) return undefined;
    const known = hasOlder ? this.#counted.get(messageId) : { count: place.index, isMore: false };
    return {
      count: known?.count,
      isMore: known?.isMore ?? false,
      isFolded: this.#folded.has(place.compactionId),
    };
  }

  toggle(messageId: string): void {
    const place = this.#places.get(messageId);
    if (place !== undefined && !this.#folded.delete(place.compactionId)) {
      this.#folded.add(place.compactionId);
    }
  }

  /** Unfolds whatever hides the message at `index`. */
  unfoldTo(index: number): void {
    for (const place of this.#places.values()) {
      if (place.index > index) this.#folded.delete(place.compactionId);
    }
  }

  count(messageId: string, count: number, isMore: boolean): void {
    this.#counted.set(messageId, { count, isMore });
  }
}

/** Where compactions that came to their end have cut: before the messages that they kept as they are. */
function findPlaces(messages: readonly Message[]): [string, FoldPlace][] {
  const summarized = new Set(
    messages.flatMap(({ head }) =>
      head.summary === true && head.completed !== undefined && head.error === undefined
        ? [head.parentID]
        : [],
    ),
  );
  return messages.flatMap(({ head, parts }, at): [string, FoldPlace][] => {
    const compaction = parts.find((part) => part.type === 'compaction');
    if (compaction === undefined || !summarized.has(head.id)) return [];
    const tail = messages.findIndex((message) => message.head.id === compaction.tailStartId);
    const index = tail === -1 ? at : Math.min(tail, at);
    return [[messages[index]?.head.id ?? head.id, { compactionId: head.id, index }]];
  });
}
