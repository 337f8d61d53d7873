import { l10n } from '../../core/l10n.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { PermissionEntry, QuestionEntry } from '../../protocol/page/requests.ts';
import type { Announcer } from '../dom/announcer.ts';
import { setAnswered } from './answered.ts';
import type { FieldValues } from '../dom/host.ts';
import { PermissionCard } from './permissionCard.ts';
import { questionCard } from './questionCard.ts';
import type { RequestCard as Card } from './requestCard.ts';
import { readKey } from './requestKeys.ts';
import { allowAll, offerAll } from './severalRequests.ts';

const keptCards = 20;

/**
 * So long, in milliseconds, a card stands with no key pressed before keys answer it: what is pressed earlier was meant for
 * what stood there before.
 */
const moment = 700;

/** A session, and what waits in it. */
export type Asked = readonly [
  sessionId: string,
  permissions: readonly PermissionEntry[],
  questions: readonly QuestionEntry[],
];

export interface RequestDockPorts {
  readonly announcer: Announcer;
  readonly post: (message: FromPage) => void;
  /** Takes the focus of who has answered the last request. */
  readonly onDone: () => void;
  /** What was typed into an earlier page, by card. */
  readonly answers: Readonly<Record<string, FieldValues>>;
  readonly onTyped: () => void;
}

/**
 * What waits for an answer, above the composer. A card stays as it is, with what was typed, until it is answered,
 * also while the page shows another session; the editor throws a page away that is hidden, but not what it has kept.
 */
export class RequestDock {
  readonly #element: HTMLElement;
  readonly #ports: RequestDockPorts;
  #cards: ReadonlyMap<string, Card> = new Map();
  /** What waits, as it was told last. */
  #asked: Asked | undefined;
  /** Cards out of sight, by session and request, oldest first. */
  readonly #kept = new Map<string, Card>();

  /** What was typed into the cards, by session and request, oldest first. */
  readonly #answers: Map<string, FieldValues>;
  /** Whether somebody came to answer, and there is no card yet. */
  #isAwaited = false;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(place: HTMLElement, ports: RequestDockPorts) {
    this.#element = place;
    this.#ports = ports;
    this.#answers = new Map(Object.entries(ports.answers));
    for (const type of ['input', 'change']) {
      this.#element.addEventListener(type, ({ target }) => this.#remember(target));
    }
    // What was left out of a card may have been shown.
    this.#element.addEventListener('click', () => offerAll(this.#element, this.#all));
  }

  get answers(): Readonly<Record<string, FieldValues>> {
    return Object.fromEntries(this.#answers);
  }

  /** Brings whoever came to answer to the first card, or where there is none on to the prompt. */
  attend(): void {
    const [, permissions = [], questions = []] = this.#asked ?? [];
    this.#isAwaited = permissions.length + questions.length > 0;
    if (!this.#isAwaited) this.#ports.onDone();
    else this.#attendCard();
  }

  /** Whether the key answers a card: the one with the focus, else the first one if `isFree`. */
  takes(event: KeyboardEvent, isFree: boolean): boolean {
    if (this.#resting !== undefined && !modifiers.has(event.key)) this.#rest();
    const key = readKey(event);
    const card = key && this.#cardOf(event.target, isFree);
    if (card === undefined || key === undefined || isTextField(event.target)) return false;
    if (key.kind === 'acceptAll') return this.#allowAll(event);
    // A number may be the first sign of what is written.
    if (card.element.classList.contains('fresh')) return key.kind !== 'choose';
    if (event.repeat) return true;
    const isTaken = card.takes(key);
    // The next key is for the next request only once that had a look, too.
    if (isTaken && key.kind !== 'choose') this.#freshen(this.#all);
    return isTaken;
  }

  /** One that has only come, or that somebody may still look at, is not allowed with the others. */
  #allowAll({ repeat }: KeyboardEvent): boolean {
    const isFresh = this.#all.some(({ element: { classList } }) => classList.contains('fresh'));
    if (isFresh || repeat) return true;
    const isTaken = allowAll(this.#element);
    if (isTaken) this.#freshen(this.#all);
    return isTaken;
  }

  /** Where one says no to the request of a card with the focus, else of the first one if `isFree`. */
  refusalFor(target: EventTarget | null, isFree: boolean): HTMLElement | undefined {
    return this.#cardOf(target, isFree)?.refusal;
  }

  show(...asked: Asked): void {
    this.#asked = asked;
    const [sessionId, permissions, questions] = asked;
    // Without requests there is nothing to make; and where there was none, nothing to take away.
    if (permissions.length + questions.length + this.#cards.size === 0) return;
    const { post, announcer } = this.#ports;
    const before = this.#cards;
    const cards = new Map<string, Card>();
    const put = (id: string, create: () => Card): Card => {
      const key = `${sessionId} ${id}`;
      const card = before.get(key) ?? this.#kept.get(key) ?? this.#fillIn(key, create());
      cards.set(key, card);
      this.#kept.delete(key);
      return card;
    };
    for (const request of permissions) {
      put(request.id, () => new PermissionCard(request, sessionId, post)).update?.(request);
    }
    for (const request of questions) {
      put(request.id, () => questionCard(request, sessionId, post));
    }
    // What still waits was not answered, whatever was tried.
    for (const card of cards.values()) setAnswered(card.element, false);
    const isAnswered = [...before].some(
      ([key, card]) => !cards.has(key) && card.element.classList.contains('answered'),
    );
    for (const [key, card] of before) if (cards.get(key) !== card) this.#remove(key, card);
    for (const card of cards.values()) if (!card.element.isConnected) this.#element.append(card.element);
    this.#cards = cards;
    if (isAnswered) this.#passFocus(this.#all[0]);
    const news = [...cards].filter(([id]) => !before.has(id)).map(([, card]) => card);
    this.#freshen(news);
    offerAll(this.#element, this.#all);
    this.#attendCard();
    if (news.length > 0) announcer.interrupt(l10n.t('The agent waits for your answer.'));
  }

  /** In their order. */
  get #all(): readonly Card[] {
    return [...this.#cards.values()];
  }

  #cardOf(target: EventTarget | null, isFree: boolean): Card | undefined {
    const own = this.#all.find((card) => target instanceof Node && card.element.contains(target));
    return (
      own ??
      (isFree ? this.#all.find(({ element: { classList } }) => !classList.contains('answered')) : undefined)
    );
  }

  #attendCard(): void {
    const [first] = this.#all;
    if (!this.#isAwaited || first === undefined) return;
    this.#isAwaited = false;
    focusCard(first);
  }

  /** Keys answer these once the hands have rested. */
  #freshen(cards: readonly Card[]): void {
    for (const card of cards) card.element.classList.add('fresh');
    if (cards.length > 0) this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      for (const card of this.#all) card.element.classList.remove('fresh');
    }, moment);
  }

  #remember(target: EventTarget | null): void {
    const card = target instanceof Element ? target.closest('.request') : null;
    const [key] = [...this.#cards].find(([, one]) => one.element === card) ?? [];
    if (key === undefined || card === null) return;
    this.#answers.delete(key);
    this.#answers.set(
      key,
      fieldsOf(card).map((field) => (isText(field) ? field.value : field.checked)),
    );
    dropOldest(this.#answers);
    this.#ports.onTyped();
  }

  #fillIn(key: string, card: Card): Card {
    const values = this.#answers.get(key) ?? [];
    for (const [index, field] of fieldsOf(card.element).entries()) {
      const value = values[index];
      if (typeof value === 'string') field.value = value;
      else if (value !== undefined) field.checked = value;
    }
    return card;
  }

  /** Who answered goes on with the next request: with its card, lest a key held down answers that as well. */
  #passFocus(next: Card | undefined): void {
    if (next !== undefined) this.#freshen([next]);
    if (!document.hasFocus() || document.activeElement !== document.body) return;
    if (next === undefined) this.#ports.onDone();
    else focusCard(next);
  }

  #remove(key: string, card: Card): void {
    card.element.remove();
    this.#kept.set(key, card);
    dropOldest(this.#kept);
  }
}

function focusCard({ element: card }: Card): void {
  card.tabIndex = -1;
  card.focus();
}

const modifiers: ReadonlySet<string> = new Set(['Control', 'Shift', 'Alt', 'AltGraph', 'Meta']);

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && isText(target);

const fieldsOf = (card: Element): HTMLInputElement[] => [...card.querySelectorAll('input')];

const isText = ({ type }: HTMLInputElement): boolean => type === 'text';

function dropOldest(kept: Map<string, unknown>): void {
  const [oldest] = kept.keys();
  if (kept.size > keptCards && oldest !== undefined) kept.delete(oldest);
}
