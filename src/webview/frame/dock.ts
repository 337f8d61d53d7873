import type { SessionHeader } from '../../protocol/page/header.ts';
import type { PageSettings, ToPage } from '../../protocol/page/toPage.ts';
import { Composer, type ToComposer } from '../composer/composer.ts';
import type { Announcer } from '../dom/announcer.ts';
import { element } from '../dom/element.ts';
import { host } from '../dom/host.ts';
import type { InView } from '../messages/keptViews.ts';
import { RequestSlot } from '../requests/requestSlot.ts';
import type { DeletedNotice } from '../header/deletedNotice.ts';
import { headerParts, hasNotice } from '../header/headerBar.ts';
import type * as HeaderParts from '../header/headerParts.ts';
import type { RevertNotice } from '../header/revertNotice.ts';

type Incoming<Type extends ToPage['type']> = Extract<ToPage, { readonly type: Type }>;

/** What the host tells of what stands in the dock. */
export type ToDock = ToComposer | Incoming<'attend' | 'requests' | 'queue'>;

/** What stands below the messages: what waits for an answer, notices about the session, and the composer. */
export class Dock {
  readonly element: HTMLElement;
  readonly #inView: InView;
  readonly #composer: Composer;
  readonly #requests: RequestSlot;
  readonly #run: (command: string) => void;
  #notices: readonly (RevertNotice | DeletedNotice)[] | undefined;
  #header: SessionHeader | undefined;
  #isBusy = false;
  /** What was typed of commands, by the ids of the messages that they became. */
  readonly #typed = new Map<string, string>();

  constructor(inView: InView, announcer: Announcer, run: (command: string) => void, onTyped: () => void) {
    const { post } = host;
    this.#inView = inView;
    this.#requests = new RequestSlot({
      announcer,
      post,
      onDone: () => this.#composer.focus(),
      answers: host.state().answers ?? {},
      onTyped,
    });
    this.#composer = new Composer(post, () => inView.current?.sentTexts(this.#typed) ?? []);
    this.#run = run;
    this.element = element(
      'footer',
      { class: 'dock', hidden: true },
      this.#requests.element,
      this.#composer.element,
    );
  }

  /** Answers that were not given yet. */
  get answers(): RequestSlot['answers'] {
    return this.#requests.answers;
  }

  /** Whether the session in view works. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Puts the cursor where the next prompt is written. */
  focusPrompt(): void {
    this.#composer.focus();
  }

  /** Whether that has the focus, and not one of its lists or of the prompts that wait. */
  isPrompt(target: EventTarget | null): boolean {
    return target instanceof Element && target.matches('.composer-box > textarea');
  }

  /** Whether a key answers what waits: of a card with the focus, or of the first one as long as nothing is written. */
  takesKey(event: KeyboardEvent): boolean {
    return this.#requests.takes(event, this.#isFree(event.target));
  }

  /** Goes to where one says no to what waits; from there, and from other cards, back to the prompt. */
  leadsToRefusal(target: EventTarget | null): boolean {
    const refusal = this.#requests.refusalFor(target, this.isPrompt(target) && this.#composer.isEmpty);
    if (refusal === undefined) return false;
    if (refusal === target) this.focusPrompt();
    else refusal.focus();
    return true;
  }

  receive(message: ToDock): void {
    if (message.type === 'attend') {
      if (message.sessionId === this.#inView.sessionId) this.#requests.attend();
    } else if (message.type === 'requests') {
      const { sessionId, permissions, questions } = message;
      if (sessionId === this.#inView.sessionId) this.#requests.show(sessionId, permissions, questions);
    } else if (message.type === 'queue') {
      const { sessionId, queue } = message;
      if (sessionId === this.#inView.sessionId) this.#composer.showQueue(sessionId, queue);
    } else {
      if (message.type === 'sent') this.#learn(message.typed);
      this.#composer.receive(message);
    }
  }

  useSettings(settings: PageSettings): void {
    this.#composer.useSettings(settings);
  }

  /** Turns to a session. */
  show({ header, draft, queue, permissions, questions, typed, isLent }: Incoming<'showAgain'>['view']): void {
    const { sessionId } = header;
    this.#learn(typed);
    this.#composer.show(sessionId, draft, isLent);
    this.#composer.showQueue(sessionId, queue);
    this.showHeader(header);
    this.#requests.show(sessionId, permissions, questions);
  }

  showHeader(header: SessionHeader): void {
    this.#header = header;
    if (this.#notices !== undefined || hasNotice(header)) {
      headerParts.use((parts) => this.#showNotices(parts));
    }
    this.#composer.showHeader(header);
    this.#isBusy = header.status.type !== 'idle' && header.status.type !== 'elsewhere';
  }

  #showNotices({ RevertNotice: Revert, DeletedNotice: Deleted }: typeof HeaderParts): void {
    if (this.#notices === undefined) {
      const write = (act: (text: string) => void): void => this.#inView.current?.write(act);
      this.#notices = [new Revert(this.#run), new Deleted(host.post, write)];
      this.#composer.element.before(...this.#notices.map(({ element: notice }) => notice));
    }
    if (this.#header !== undefined) for (const notice of this.#notices) notice.show(this.#header);
  }

  /** Whether nothing is written, and the focus is where one writes or reads, not at a button or another field. */
  #isFree(target: EventTarget | null): boolean {
    const isReading = target instanceof Element && target.matches('body, .scroller, .message');
    return this.#composer.isEmpty && (isReading || this.isPrompt(target));
  }

  #learn(typed: Incoming<'sent'>['typed'] = {}): void {
    for (const [messageId, text] of Object.entries(typed)) this.#typed.set(messageId, text);
  }
}
