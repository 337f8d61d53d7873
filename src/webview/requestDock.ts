import { l10n } from '../core/l10n.ts';
import type { FromPage, PermissionEntry, QuestionEntry } from '../protocol/page.ts';
import type { Announcer } from './announcer.ts';
import { setAnswered } from './answered.ts';
import { element } from './element.ts';
import { permissionCard } from './permissionCard.ts';
import { questionCard } from './questionCard.ts';

const keptCards = 20;

/**
 * What waits for an answer, above the composer. A card stays as it is, with what was typed, until it is answered,
 * also while the page shows another session.
 */
export class RequestDock {
  readonly element = element('div', { class: 'requests' });
  readonly #announcer: Announcer;
  readonly #post: (message: FromPage) => void;
  readonly #onDone: () => void;
  #cards: ReadonlyMap<string, HTMLElement> = new Map();
  /** Cards out of sight, by session and request, oldest first. */
  readonly #kept = new Map<string, HTMLElement>();

  /** `onDone` takes the focus of who has answered the last request. */
  constructor(announcer: Announcer, post: (message: FromPage) => void, onDone: () => void) {
    this.#announcer = announcer;
    this.#post = post;
    this.#onDone = onDone;
  }

  show(
    sessionId: string,
    permissions: readonly PermissionEntry[],
    questions: readonly QuestionEntry[],
  ): void {
    const before = this.#cards;
    const cards = new Map<string, HTMLElement>();
    const put = (id: string, create: () => HTMLElement): void => {
      const key = `${sessionId} ${id}`;
      cards.set(key, before.get(key) ?? this.#kept.get(key) ?? create());
      this.#kept.delete(key);
    };
    for (const request of permissions) put(request.id, () => permissionCard(request, sessionId, this.#post));
    for (const request of questions) put(request.id, () => questionCard(request, sessionId, this.#post));
    // What still waits was not answered, whatever was tried.
    for (const card of cards.values()) setAnswered(card, false);
    const isAnswered = [...before].some(
      ([key, card]) => !cards.has(key) && card.classList.contains('answered'),
    );
    for (const [key, card] of before) if (cards.get(key) !== card) this.#remove(key, card);
    for (const card of cards.values()) if (!card.isConnected) this.element.append(card);
    if (isAnswered) this.#passFocus([...cards.values()][0]);
    const isNews = [...cards.keys()].some((id) => !before.has(id));
    this.#cards = cards;
    if (isNews) this.#announcer.interrupt(l10n.t('The agent waits for your answer.'));
  }

  /** Who answered goes on with the next request: with its card, lest a key held down answers that as well. */
  #passFocus(next: HTMLElement | undefined): void {
    if (!document.hasFocus() || document.activeElement !== document.body) return;
    if (next === undefined) this.#onDone();
    else {
      next.tabIndex = -1;
      next.focus();
    }
  }

  #remove(key: string, card: HTMLElement): void {
    card.remove();
    this.#kept.set(key, card);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptCards && oldest !== undefined) this.#kept.delete(oldest);
  }
}
