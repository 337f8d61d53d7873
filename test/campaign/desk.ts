import type { Memento } from 'vscode';
import type { Draft } from '../../src/core/continuation/drafts/draft.ts';
import { printDraft } from '../../src/core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../src/core/continuation/drafts/draftOrder.ts';
import type { Drafts, WrittenDraft } from '../../src/core/continuation/drafts/drafts.ts';

/** A sentence that a person was shown. */
export interface Told {
  readonly time: number;
  readonly kind: 'problem' | 'notice' | 'word' | 'step';
  readonly text: string;
  /** The texts that its buttons would send. */
  readonly offers?: readonly string[];
}

/** What a window has of the desk; a window that is gone changes nothing on it and learns nothing from it any more. */
export type Seat = Pick<Desk, 'memory' | 'drafts' | 'tell' | 'typeInBox'>;

/**
 * What outlives a window: the workspace's memory, the drafts on the disk, and what the person at the desk has read.
 */
export class Desk {
  readonly #values = new Map<string, string>();
  readonly #drafts = new Map<string, WrittenDraft>();
  readonly #held = new Set<string>();
  /** When drafts were begun to be sent of which nobody said that this came to an end. */
  readonly #sendingSince = new Map<string, number>();
  readonly #told: Told[] = [];
  readonly #typed: string[] = [];
  #count = 0;

  get told(): readonly Told[] {
    return this.#told;
  }

  tell(kind: Told['kind'], text: string, offers: readonly string[] = []): void {
    this.#told.push({ time: performance.now(), kind, text, offers });
  }

  /** Somebody types it into a box that asks for it. */
  typeInBox(text: string): void {
    this.#typed.push(text);
  }

  /** Whether a text with these words was typed into a box: before that, it is in the person's head alone. */
  wasTypedInBox(words: string): boolean {
    return this.#typed.some((text) => text.includes(words));
  }

  /** As the editor keeps it: what is written is JSON, and is read again at once. */
  readonly memory: Memento = {
    keys: () => [...this.#values.keys()],
    get: <T>(key: string, fallback?: T): T | undefined => {
      const text = this.#values.get(key);
      return text === undefined ? fallback : JSON.parse(text);
    },
    update: (key: string, value: unknown) => {
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  };

  /**
   * All that the memory keeps to be sent, as text. What is told of deliveries is a record of what was sent, and what
   * stands in composers is written down later than it changes: the windows know it.
   */
  remembered(): string {
    const kept = [...this.#values].filter(
      ([key]) => key !== 'prompting.deliveries' && key !== 'transcript.drafts',
    );
    return kept.map(([, value]) => value).join('\n');
  }

  readonly drafts: Drafts = {
    open: (order: DraftOrder, draft: Draft) => {
      this.#count += 1;
      const id = `draft ${this.#count}`;
      this.#drafts.set(id, { id, order, text: printDraft(draft), edited: false });
      return Promise.resolve(id);
    },
    revise: (id, _, draft) => {
      const before = this.#drafts.get(id);
      if (before !== undefined) this.#drafts.set(id, { ...before, text: printDraft(draft) });
      return Promise.resolve(id);
    },
    find: (argument) => Promise.resolve(this.#drafts.get(String(argument))),
    all: () =>
      Promise.resolve(
        [...this.#drafts.values()].map((draft) => ({
          ...draft,
          cutOff: this.#held.has(draft.id) ? undefined : this.#sendingSince.get(draft.id),
        })),
      ),
    show: () => Promise.resolve(),
    hold: (id) => {
      if (this.#held.has(id)) return undefined;
      this.#held.add(id);
      this.#sendingSince.set(id, Date.now());
      return {
        leaveOpen: () => void this.#held.delete(id),
        dispose: () => {
          this.#held.delete(id);
          this.#sendingSince.delete(id);
        },
      };
    },
    mark: (_id, problem) => this.tell('word', problem),
    remove: (id, text) => {
      const draft = this.#drafts.get(id);
      if (text !== undefined && draft !== undefined && draft.text !== text) return Promise.resolve(false);
      this.#drafts.delete(id);
      return Promise.resolve(true);
    },
  };

  /** A place for a window that is gone when `gone` says so. */
  sit(gone: AbortSignal): Seat {
    const { memory, drafts } = this;
    const forEver = new Promise<never>(() => undefined);
    const whileThere =
      <Given extends unknown[], T>(act: (...given: Given) => Promise<T>) =>
      (...given: Given): Promise<T> =>
        gone.aborted ? forEver : act(...given);
    return {
      memory: {
        ...memory,
        update: whileThere(async (key: string, value: unknown) => memory.update(key, value)),
      },
      drafts: {
        open: whileThere((order: DraftOrder, draft: Draft) => drafts.open(order, draft)),
        revise: whileThere((id: string, order: DraftOrder, draft: Draft) => drafts.revise(id, order, draft)),
        find: whileThere((argument: unknown) => drafts.find(argument)),
        all: whileThere(() => drafts.all()),
        show: whileThere((id: string) => drafts.show(id)),
        hold: (id) => {
          const held = gone.aborted ? undefined : drafts.hold(id);
          return (
            held && {
              leaveOpen: () => void (gone.aborted || held.leaveOpen()),
              dispose: () => void (gone.aborted || held.dispose()),
            }
          );
        },
        mark: (...marked) => void (gone.aborted || drafts.mark(...marked)),
        remove: whileThere((id: string, text?: string) => drafts.remove(id, text)),
      },
      typeInBox: (text) => this.typeInBox(text),
      tell: (...told) => void (gone.aborted || this.tell(...told)),
    };
  }

  /** The drafts that stand open, with their ids. */
  openDrafts(): readonly WrittenDraft[] {
    return [...this.#drafts.values()];
  }

  /** A window that ends lets go of what it held. */
  letGo(): void {
    this.#held.clear();
  }
}
