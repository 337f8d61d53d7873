import type { Disposable } from '../event.ts';

/** What shows one session at a time to a person, e.g. a transcript. */
export interface SessionViewer {
  readonly sessionId: string | undefined;
  readonly isVisible: boolean;
}

/** The sessions that a person has before their eyes. Viewers say what they show; who asks need not know them. */
export class VisibleSessions {
  readonly #viewers = new Set<SessionViewer>();

  /** Whether any viewer is before a person's eyes, whatever it shows. */
  get isAnyVisible(): boolean {
    return [...this.#viewers].some(({ isVisible }) => isVisible);
  }

  has(sessionId: string): boolean {
    return [...this.#viewers].some((viewer) => viewer.sessionId === sessionId && viewer.isVisible);
  }

  /** Asks the viewer, too, until what is given back is disposed. */
  add(viewer: SessionViewer): Disposable {
    this.#viewers.add(viewer);
    return { dispose: () => this.#viewers.delete(viewer) };
  }
}
