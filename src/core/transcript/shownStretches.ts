import { isBefore, type Place } from './transcriptView.ts';

interface Stretch {
  /** undefined: from the first message on. */
  readonly from: Place | undefined;
  /** undefined: to the end, and what comes there. */
  readonly to: Place | undefined;
}

/** The stretches of a session's messages that a page has: the newest ones, and others that the reader went to. */
export class ShownStretches {
  /** Oldest first; between any two a message is missing. */
  #stretches: readonly Stretch[];

  /** `from`: the first of the newest messages; undefined: all messages. */
  constructor(from: Place | undefined) {
    this.#stretches = [{ from, to: undefined }];
  }

  /** The first message of all that are shown; undefined: the session's first. */
  get oldest(): Place | undefined {
    return this.#stretches[0]?.from;
  }

  /** The first of those that go on to the end. */
  get newest(): Place | undefined {
    return this.#stretches.at(-1)?.from;
  }

  has(place: Place): boolean {
    return this.#stretches.some(({ from, to }) => !endsBefore(place, from) && !endsBefore(to, place));
  }

  /** The page was given the messages from one to the other; where they meet what it has, they share a message. */
  add(from: Place, to: Place): void {
    const apart = this.#stretches.filter(
      (stretch) => endsBefore(stretch.to, from) || endsBefore(to, stretch.from),
    );
    const met = this.#stretches.filter((stretch) => !apart.includes(stretch));
    const first = met[0]?.from;
    const joined: Stretch = {
      from: met.length > 0 && !endsBefore(from, first) ? first : from,
      to: met.length > 0 && !endsBefore(met.at(-1)?.to, to) ? met.at(-1)?.to : to,
    };
    this.#stretches = [
      ...apart.filter(({ to: end }) => endsBefore(end, from)),
      joined,
      ...apart.filter(({ from: start }) => endsBefore(to, start)),
    ];
  }
}

/** Whether one bound stands before the other; an open one stands at the very beginning or end, before or after none. */
function endsBefore(a: Place | undefined, b: Place | undefined): boolean {
  return a !== undefined && b !== undefined && isBefore(a, b);
}
