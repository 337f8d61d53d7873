import { l10n } from '../../core/l10n.ts';
import { element } from '../dom/element.ts';
import { host } from '../dom/host.ts';
import { Late } from '../dom/late.ts';
import type { InView } from '../messages/keptViews.ts';
import type { Outline } from './outline.ts';

const outlines = new Late(
  () => import('./outline.ts'),
  () => l10n.t('The outline could not be loaded. Reload the window.'),
);

/** Where the outline stands, once it is loaded. */
export class OutlineSlot {
  readonly #inView: InView;
  #element: HTMLElement = element('aside', { hidden: true });
  #outline: Outline | undefined;
  /** Whether it is to be open, also while it is still on its way. */
  #isWanted = false;

  constructor(inView: InView) {
    this.#inView = inView;
  }

  get element(): HTMLElement {
    return this.#element;
  }

  toggle(): void {
    if (this.#outline?.isOpen ?? this.#isWanted) this.close();
    else this.#open();
  }

  close(): void {
    this.#isWanted = false;
    this.#outline?.close();
  }

  /** Takes all prompts of the session in place of those that were at hand. */
  complete(...all: Parameters<Outline['complete']>): void {
    this.#outline?.complete(...all);
  }

  #open(): void {
    this.#isWanted = true;
    outlines.use(
      ({ Outline: Made }) => {
        this.#outline ??= this.#put(
          new Made({
            go: (messageId) => this.#inView.current?.reveal(messageId),
            closed: () => this.#inView.current?.focus(),
          }),
        );
        if (this.#isWanted) this.#show(this.#outline);
      },
      () => this.close(),
    );
  }

  #put(outline: Outline): Outline {
    this.#element.replaceWith(outline.element);
    this.#element = outline.element;
    return outline;
  }

  #show(outline: Outline): void {
    const { current: view } = this.#inView;
    if (view === undefined) return;
    outline.open(view.prompts, view.current, view.isPartial);
    if (view.isPartial) host.post({ type: 'outline', sessionId: view.sessionId });
  }
}
