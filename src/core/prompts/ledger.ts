import type { LedgerLine } from '../../protocol/ledger.ts';
import type { Event } from '../event.ts';
import { type DeliveryEntry, withoutWord } from './delivery.ts';
import { firstWords } from './firstWords.ts';

/** What is kept of all that was sent, by whatever window or companion. */
export interface LedgerStore {
  /** A line was added here; those of others are there with the next read. */
  readonly onDidAppend: Event<void>;
  /** Never throws: where it cannot be kept, the log says so, and what is sent is sent. */
  append(line: LedgerLine): void;
  /** The lines since the last call, oldest first; all that is kept at the first. Throws where they cannot be read. */
  readNew(): Promise<readonly LedgerLine[]>;
}

/** So many prompts are listed, those sent last. */
export const listedLimit = 500;
/** So many days are kept. */
export const keptDays = 30;

/** What is kept of a prompt; undefined while it only waits: until it is sent, whatever lets it wait keeps it. */
export function toLedgerLine(
  { state, text, ...entry }: DeliveryEntry,
  changed: number,
): LedgerLine | undefined {
  if (state.kind === 'waiting') return undefined;
  return { ...entry, text: firstWords(text), state, changed };
}

/** Milliseconds without a word after which whoever sends is taken to be gone: its requests end sooner. */
const silence = 60_000;

/**
 * All prompts by their message ids, each as it is known last, and no more than are listed.
 */
export class LedgerBook {
  readonly #lines = new Map<string, LedgerLine>();
  #dropped = 0;

  /** So many were older than those that are listed. */
  get dropped(): number {
    return this.#dropped;
  }

  add(lines: readonly LedgerLine[]): void {
    for (const line of lines) {
      const known = this.#lines.get(line.messageId);
      if (known === undefined || isNewer(line, known)) this.#lines.set(line.messageId, line);
    }
    const surplus = this.#lines.size - listedLimit;
    if (surplus <= 0) return;
    const oldest = [...this.#lines.values()].toSorted((a, b) => a.time - b.time).slice(0, surplus);
    for (const { messageId } of oldest) this.#lines.delete(messageId);
    this.#dropped += surplus;
  }

  get(messageId: string): LedgerLine | undefined {
    return this.#lines.get(messageId);
  }

  /** Those sent last first. */
  all(): readonly LedgerLine[] {
    return [...this.#lines.values()].toSorted((a, b) => b.time - a.time);
  }
}

/** What a prompt comes to be, one after the other: from none of these it goes back. */
const steps: readonly LedgerLine['state']['kind'][] = ['sending', 'accepted', 'stored', 'started', 'ended'];

/** By their times; but clocks jump, and what has arrived is not on its way any more. */
function isNewer(line: LedgerLine, known: LedgerLine): boolean {
  const [at, before] = [steps.indexOf(line.state.kind), steps.indexOf(known.state.kind)];
  return at === -1 || before === -1 || at === before ? known.changed <= line.changed : at > before;
}

function isOnItsWay({ state }: Pick<LedgerLine, 'state'>): boolean {
  return state.kind === 'sending' || state.kind === 'accepted';
}

/** A line as it can be believed at this moment: of what was on its way when its sender ended, nobody knows. */
export function toEntry({ changed, ...entry }: LedgerLine, now: number): DeliveryEntry {
  const { state } = entry;
  const isLost = isOnItsWay({ state }) && now > changed + silence;
  return { ...entry, state: isLost ? withoutWord(state) : state };
}
