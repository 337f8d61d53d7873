/** A message and the time that it is told with, in milliseconds since 1970. */
export interface Placed {
  readonly id: string;
  readonly created: number;
}

interface Neighbours {
  readonly previous?: Placed | undefined;
  readonly next?: Placed | undefined;
}

/** Between two messages of one time; a number of these days still has room for it. */
const step = 1 / 1024;
/** So many messages whose time is not the server's are remembered. */
const keptMoves = 5000;
/** So many sessions, and of each so many of the newest messages. */
const keptSessions = 100;
const keptNewest = 300;

/**
 * Gives messages times that say in which order the server has them. Its own times and ids do not: a prompt has the time at
 * which it was taken in, and stands where it was delivered, perhaps hours later, and ids may be of anybody.
 *
 * A time is changed only where it would say something else, and by as little as can be: to that of the message before
 * it, or, of what stands before messages that were told earlier, to that of the one after it. What was told once
 * stays, however it is asked for again.
 */
export class MessageOrder {
  /** The times of messages that are not the server's. */
  readonly #moved = new Map<string, number>();
  /** Of sessions that were heard of: their newest messages, in their order. */
  readonly #newest = new Map<string, Map<string, number>>();

  /** Takes messages between which none is missing. `previous` and `next`: what stands right beside them, as it was told. */
  place(messages: readonly Placed[], { previous, next }: Neighbours = {}): readonly Placed[] {
    const placed = messages.map(({ id, created }) => ({ id, created: this.#moved.get(id) ?? created }));
    placed.forEach((one, index) => {
      const before = placed[index - 1] ?? previous;
      if (before !== undefined) one.created = Math.max(one.created, earliestAfter(before, one.id));
    });
    for (let index = placed.length - 1, after = next; index >= 0 && after !== undefined; index -= 1) {
      const one = placed[index];
      if (one === undefined) break;
      one.created = Math.min(one.created, latestBefore(after, one.id));
      after = one;
    }
    placed.forEach(({ id, created }, index) => this.#remember(id, created, messages[index]?.created));
    return placed;
  }

  /** What `place` said of the last messages of a session. */
  noteNewest(sessionId: string, placed: readonly Placed[]): void {
    const newest = this.#newestOf(sessionId);
    for (const { id, created } of placed) newest.set(id, created);
    // They are kept in their order: what was told earlier may stand behind what a page brings.
    const sorted = [...newest].map(([id, created]) => ({ id, created })).toSorted(compare);
    newest.clear();
    for (const { id, created } of sorted.slice(-keptNewest)) newest.set(id, created);
  }

  /** The time of a message that is told of: a new one stands behind all that were told before. */
  append(sessionId: string, { id, created }: Placed): number {
    const newest = this.#newestOf(sessionId);
    const known = newest.get(id) ?? this.#moved.get(id);
    if (known !== undefined) return known;
    const last = [...newest].at(-1);
    const time =
      last === undefined ? created : Math.max(created, earliestAfter({ id: last[0], created: last[1] }, id));
    newest.set(id, time);
    const [oldest] = newest.keys();
    if (newest.size > keptNewest && oldest !== undefined) newest.delete(oldest);
    this.#remember(id, time, created);
    return time;
  }

  /** What a session has no more; of a deleted one nothing is kept. */
  remove(sessionId: string, ids?: readonly string[]): void {
    if (ids === undefined) this.#newest.delete(sessionId);
    for (const id of ids ?? []) {
      this.#newest.get(sessionId)?.delete(id);
      this.#moved.delete(id);
    }
  }

  #remember(id: string, created: number, own: number | undefined): void {
    this.#moved.delete(id);
    if (created === own) return;
    this.#moved.set(id, created);
    const [oldest] = this.#moved.keys();
    if (this.#moved.size > keptMoves && oldest !== undefined) this.#moved.delete(oldest);
  }

  #newestOf(sessionId: string): Map<string, number> {
    const newest = this.#newest.get(sessionId) ?? new Map<string, number>();
    this.#newest.delete(sessionId);
    this.#newest.set(sessionId, newest);
    const [oldest] = this.#newest.keys();
    if (this.#newest.size > keptSessions && oldest !== undefined) this.#newest.delete(oldest);
    return newest;
  }
}

function earliestAfter(before: Placed, id: string): number {
  return id > before.id ? before.created : before.created + step;
}

function latestBefore(after: Placed, id: string): number {
  return id < after.id ? after.created : after.created - step;
}

function compare(a: Placed, b: Placed): number {
  return a.created - b.created || (a.id < b.id ? -1 : 1);
}
