import { l10n } from '../../core/l10n.ts';
import type { EntryChange, MessageEntry, PartEntry } from '../../protocol/page/entries.ts';
import type { OutlineTurn, SessionPicture } from '../../protocol/page/toPage.ts';
import type { SessionHeader, Wait } from '../../protocol/page/header.ts';
import { element, icon } from '../dom/element.ts';
import { Entries, type Message } from '../turns/entries.ts';
import type { Position } from '../dom/host.ts';
import { Late } from '../dom/late.ts';
import type { MessageEnd } from '../../core/turns/messageEnd.ts';
import { endedAt, messageEnd } from './messageEnd.ts';
import { MessageNavigation } from './messageNavigation.ts';
import type { MessageTravel } from './messageTravel.ts';
import { messageOf } from './rowKeys.ts';
import type { RowWindow } from '../dom/rowWindow.ts';
import { type RowsSurroundings, TranscriptRows } from './transcriptRows.ts';
import { typedAsText } from '../../core/prompts/typedText.ts';
import { promptsOf } from '../turns/answerFigures.ts';

const travels = new Late(
  () => import('./messageTravel.ts'),
  () => l10n.t('What brings further messages could not be loaded. Reload the window.'),
);

const words = new Late(
  () => import('./sessionWords.ts'),
  () => l10n.t('What copies and reads out the session could not be loaded. Reload the window.'),
);

/** The messages of one session: what the page knows of them and the rows that show them. */
export class SessionView {
  readonly sessionId: string;
  readonly element: HTMLElement;
  readonly #entries = new Entries();
  readonly rows: TranscriptRows;
  readonly #window: RowWindow;
  readonly #navigation: MessageNavigation;
  readonly #surroundings: RowsSurroundings;
  #travel: MessageTravel | undefined;
  /** Whether missing messages are asked for in a moment. */
  #isPlanned = false;
  readonly #notice = element('div', { class: 'notice' });
  #seen = 0;

  constructor(sessionId: string, surroundings: RowsSurroundings) {
    this.sessionId = sessionId;
    this.#surroundings = surroundings;
    this.rows = new TranscriptRows(sessionId, this.#entries, {
      ...surroundings,
      reveal: (messageId, partId) => this.#goTo(messageId, partId),
      onMoved: () => {
        this.#planMissing();
        this.#markSeen();
        surroundings.onMoved();
      },
    });
    this.#window = this.rows.window;
    this.#navigation = new MessageNavigation(this.rows, (messageId) =>
      surroundings.post({ type: 'loadUntil', sessionId, messageId }),
    );
    this.element = element('div', { class: 'session' }, this.#notice, this.#window.scroller);
    this.#notice.hidden = true;
  }

  dispose(): void {
    this.element.remove();
    this.#window.dispose();
  }

  get header(): SessionHeader | undefined {
    return this.rows.header;
  }

  get isFollowing(): boolean {
    return this.#window.isFollowing;
  }

  /** Whether there are messages that the page does not have. */
  get isPartial(): boolean {
    return this.#entries.isPartial;
  }

  /** What tells what it does at this moment. */
  get liveSource(): { readonly messages: readonly Message[]; readonly waits: readonly Wait[] } {
    return { messages: this.#entries.all, waits: this.header?.waits ?? [] };
  }

  get position(): Position {
    const folds = this.rows.turnFolds.kept;
    return { ...this.#window.position, ...(folds && { folds }) };
  }

  /** How many messages came at the end since the reader left it. */
  get unseen(): number {
    return Math.max(0, this.#entries.all.length - this.#seen);
  }

  get prompts(): readonly OutlineTurn[] {
    return promptsOf(this.#entries.all);
  }

  /** What the person sent, oldest first, as it was typed; `typed` are the commands among it, by message id. */
  sentTexts(typed: ReadonlyMap<string, string>): readonly string[] {
    return promptsOf(this.#entries.all, typed).map(({ messageId, text }) =>
      typed.has(messageId) ? text : typedAsText(text),
    );
  }

  /** The message at the top of the view. */
  get current(): string | undefined {
    return this.rows.current;
  }

  /** Hands on what is here of the session, as a document. */
  write(act: (text: string) => void): void {
    words.use(({ transcriptText }) =>
      act(transcriptText(this.header?.title ?? '', this.#entries.all, this.isPartial)),
    );
  }

  /** Hands on what the last turn came to, as it is read out. */
  speak(act: (text: string) => void): void {
    const answer = this.#entries.all.findLast((message) => message.head.role === 'assistant');
    if (answer === undefined) return;
    words.use(({ spokenAnswer }) => act(spokenAnswer(answer, this.header?.directory ?? '')));
  }

  /** How the last run was cut off, if it was. */
  get cutOff(): MessageEnd | undefined {
    const { header } = this;
    const index = this.#entries.indexOf(endedAt(header) ?? '');
    return index === -1 ? undefined : messageEnd(this.#entries.all, index, header);
  }

  show(view: SessionPicture, position: Position | undefined): void {
    const isFirst = this.header === undefined;
    const place = isFirst ? position : this.position;
    if (isFirst && place?.folds !== undefined) this.rows.turnFolds.restore(place.folds);
    this.#entries.reset(view.entries, view.hasOlder);
    this.#travel?.missing.came(true);
    this.#travel?.forgetStep();
    this.rows.show(view.header);
    this.#showNotice();
    if (place?.key !== undefined && !place.atEnd && (isFirst || !this.rows.keys.includes(place.key))) {
      this.#navigation.reveal(messageOf(place.key), { key: place.key, offset: place.offset });
    }
    this.#markSeen();
  }

  showHeader(header: SessionHeader): void {
    this.rows.showHeader(header);
  }

  /** Makes several changes, after which the rows are arranged and laid out one time. */
  together(changes: () => void): void {
    this.#window.laying.make(() => this.rows.arranging.make(changes));
  }

  /** Is shown from here on: the rows find their places. */
  shown(): void {
    this.#window.shown();
  }

  /** Is not shown any more, but may be again. */
  left(): void {
    this.#window.left();
  }

  /** Takes messages between which none is missing, wherever they belong. */
  join(run: readonly MessageEntry[], hasOlder: boolean): void {
    const added = this.#entries.join(run, hasOlder);
    this.#travel?.missing.came(added > 0);
    this.#seen += added;
    this.#forgetFar();
    this.rows.arrange(true);
    this.#travel?.stepOn();
    this.#markSeen();
  }

  apply(changes: readonly EntryChange[]): void {
    let isRearranged = false;
    for (const change of changes) {
      isRearranged =
        this.#entries.apply(change) ||
        isRearranged ||
        (change.kind === 'part' && this.rows.needsRow(change.messageId));
    }
    if (isRearranged) {
      this.#forgetFar();
      this.rows.arrange(false);
      this.#showNotice();
    } else this.rows.apply(changes);
    this.#markSeen();
  }

  /** Takes how many messages stand before a fold. */
  count(messageId: string, count: number, isMore: boolean): void {
    this.rows.count(messageId, count, isMore);
  }

  replacePart(messageId: string, part: PartEntry): void {
    this.apply([{ kind: 'part', messageId, part }]);
  }

  /** Brings a message into view; one that is not here is asked for, once. */
  reveal(messageId: string): void {
    this.#navigation.reveal(messageId);
  }

  /** Brings a part into view, opened, and hands it to `act`; its message is asked for if that is not here yet. */
  revealPart(messageId: string, partId: string, act: (part: HTMLElement) => void): void {
    this.#go((travel) => {
      const part = travel.revealPart(messageId, partId);
      if (part !== undefined) act(part);
    });
  }

  /** Folds all turns that are over to a line each, or none. */
  foldTurns(isFolded: boolean): void {
    this.rows.foldTurns(isFolded);
  }

  #goTo(messageId: string, partId?: string): void {
    if (partId === undefined) return this.reveal(messageId);
    this.revealPart(messageId, partId, (part) => {
      this.bringIntoView(part.getBoundingClientRect());
      part.querySelector('button')?.focus({ preventScroll: true });
    });
  }

  /** Scrolls so that `place` is in view, with some room around it, unless it is. */
  bringIntoView(place: DOMRect): void {
    const view = this.#window.scroller.getBoundingClientRect();
    const room = Math.min(80, view.height / 4);
    if (place.top >= view.top + room && place.bottom <= view.bottom - room) return;
    this.#window.scrollBy(place.top - view.top - view.height / 3);
  }

  /** Scrolls by so many pixels. */
  scrollBy(distance: number): void {
    this.#window.scrollBy(distance);
  }

  /** Rows have other elements than before. */
  fit(): void {
    this.#window.fit();
  }

  scrollToEnd(): void {
    this.#window.scrollToEnd();
    this.#markSeen();
  }

  /** Goes to the prompt before or after the top of the view; if messages are missing on the way, once they are here. */
  goToTurn(step: 1 | -1): void {
    this.#go((travel) => {
      travel.goToTurn(step);
      this.#markSeen();
    });
  }

  focus(): void {
    this.scroller.focus({ preventScroll: true });
  }

  /** What scrolls the rows. */
  get scroller(): HTMLElement {
    return this.#window.scroller;
  }

  /** Keeps no more than a reader comes by soon. */
  #forgetFar(): void {
    const { piece } = travels;
    if (piece === undefined) return;
    this.#seen -= this.#made(piece.MessageTravel).missing.forgetFar(this.#navigation.wanted);
  }

  /** Asks for what is missing near the view, once the view is painted; no more where that cannot be loaded. */
  #planMissing(): void {
    if (this.#isPlanned || !this.isPartial) return;
    this.#isPlanned = true;
    requestAnimationFrame(() =>
      setTimeout(() =>
        this.#go(({ missing }) => {
          this.#isPlanned = false;
          missing.askNear();
        }),
      ),
    );
  }

  #go(act: (travel: MessageTravel) => void): void {
    travels.use(({ MessageTravel: Made }) => act(this.#made(Made)));
  }

  #made(Made: typeof MessageTravel): MessageTravel {
    this.#travel ??= new Made(this.#entries, this.rows, this.#navigation, (beside) =>
      this.#surroundings.post({ type: 'loadBeside', sessionId: this.sessionId, ...beside }),
    );
    return this.#travel;
  }

  #markSeen(): void {
    if (this.isFollowing) this.#seen = this.#entries.all.length;
  }

  #showNotice(): void {
    const isEmpty = this.#entries.all.length === 0;
    this.#notice.hidden = !isEmpty;
    if (!isEmpty || this.#notice.hasChildNodes()) return;
    this.#notice.append(
      icon('comment-discussion'),
      element('p', { text: l10n.t('No messages yet. Write the first prompt below.') }),
    );
  }
}
