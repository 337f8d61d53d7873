import { keptSessions } from '../../core/page/pageMemory.ts';
import { element } from '../dom/element.ts';
import type { SessionView } from './sessionView.ts';

/** What the person looks at. */
export interface InView {
  readonly sessionId: string;
  /** undefined: a notice stands in its place. */
  readonly current: SessionView | undefined;
}

/**
 * The sessions that were looked at last, each as it was left, with one of them or a notice in view. The others stay
 * beside it as they are laid out, but neither painted nor told to anybody: to show one again costs no layout.
 */
export class KeptViews implements InView {
  readonly element = element('main', { class: 'stage' });
  readonly #make: (sessionId: string) => SessionView;
  /** Oldest use first. */
  readonly #views = new Map<string, SessionView>();
  #sessionId = '';
  #current: SessionView | undefined;
  #shown: Element | undefined;

  constructor(make: (sessionId: string) => SessionView) {
    this.#make = make;
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  get current(): SessionView | undefined {
    return this.#current;
  }

  get(sessionId: string): SessionView | undefined {
    return this.#views.get(sessionId);
  }

  /** Marks a session as the one looked at, and used last. */
  turnTo(sessionId: string): void {
    this.#sessionId = sessionId;
    const view = this.#views.get(sessionId);
    if (view) {
      this.#views.delete(sessionId);
      this.#views.set(sessionId, view);
    }
  }

  /** The view of a session, made where none is kept: that of the session used longest ago then goes. */
  open(sessionId: string): SessionView {
    const kept = this.#views.get(sessionId);
    if (kept) return kept;
    const view = this.#make(sessionId);
    this.#views.set(sessionId, view);
    for (const [id, old] of this.#views) {
      if (this.#views.size <= keptSessions) break;
      this.#views.delete(id);
      old.dispose();
    }
    return view;
  }

  show(view: SessionView): void {
    if (this.#current !== view) this.#leave();
    this.#current = view;
    if (this.#stage(view.element)) view.shown();
  }

  showNotice(notice: HTMLElement): void {
    this.#leave();
    this.#stage(notice);
  }

  #leave(): void {
    this.#current?.left();
    this.#current = undefined;
  }

  /** Shows `next` alone; false if it is what is shown. */
  #stage(next: HTMLElement): boolean {
    const before = this.#shown;
    if (next === before) return false;
    if (before?.classList.contains('notice') === true) before.remove();
    before?.classList.add('kept');
    next.classList.remove('kept');
    if (next.parentNode === null) this.element.append(next);
    this.#shown = next;
    return true;
  }
}
