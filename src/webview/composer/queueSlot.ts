import { l10n } from '../../core/l10n.ts';
import type { QueuedPrompt } from '../../protocol/page/composer.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import { element } from '../dom/element.ts';
import { Late } from '../dom/late.ts';
import type { QueueList } from './queueList.ts';

/** What makes the list of the prompts that wait. */
export const queues = new Late(
  () => import('./queueList.ts'),
  () => l10n.t('The queued prompts could not be loaded. Reload the window.'),
);

/** Where prompts that wait are listed, once there is one. */
export class QueueSlot {
  readonly #post: (message: FromPage) => void;
  readonly #onLeftOver: (text: string) => void;
  #element: HTMLElement = element('ol', { hidden: true });
  #list: QueueList | undefined;
  #shown: readonly [sessionId: string, queue: readonly QueuedPrompt[]] = ['', []];
  #isIdle = true;

  /** `onLeftOver` takes what was typed into a prompt that waits no more, e.g. because it was sent meanwhile. */
  constructor(post: (message: FromPage) => void, onLeftOver: (text: string) => void) {
    this.#post = post;
    this.#onLeftOver = onLeftOver;
  }

  get element(): HTMLElement {
    return this.#element;
  }

  /** What was changed in the prompts that are being edited. */
  get unkept(): string {
    return this.#list?.unkept ?? '';
  }

  /** Whether the session is idle: what still waits then is held. */
  setIdle(isIdle: boolean): void {
    this.#isIdle = isIdle;
    this.#list?.setIdle(isIdle);
  }

  show(sessionId: string, queue: readonly QueuedPrompt[]): void {
    this.#shown = [sessionId, queue];
    if (this.#list !== undefined) this.#list.show(sessionId, queue);
    else if (queue.length > 0) queues.use(({ QueueList: Made }) => this.#begin(Made));
  }

  #begin(Made: typeof QueueList): void {
    if (this.#list !== undefined) return;
    this.#list = new Made(this.#post, this.#onLeftOver);
    this.#element.replaceWith(this.#list.element);
    this.#element = this.#list.element;
    this.#list.setIdle(this.#isIdle);
    this.#list.show(...this.#shown);
  }
}
