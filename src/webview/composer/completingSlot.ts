import { l10n } from '../../core/l10n.ts';
import { element } from '../dom/element.ts';
import { Late } from '../dom/late.ts';
import type { Completing } from './completing.ts';

const completings = new Late(
  () => import('./completing.ts'),
  () => l10n.t('What completes a word could not be loaded. Reload the window.'),
);

type Others = ConstructorParameters<typeof Completing> extends [unknown, ...infer Rest] ? Rest : never;

/** Where completions are listed, once a word is typed that may have some. */
export class CompletingSlot {
  readonly #field: HTMLTextAreaElement;
  readonly #others: () => Others;
  #element: HTMLElement = element('div', { hidden: true });
  #completing: Completing | undefined;
  /** It could not be loaded, and that was said once: a word can be typed in full. */
  #isLost = false;

  /** `others` gives what completing needs beside the field. */
  constructor(field: HTMLTextAreaElement, others: () => Others) {
    this.#field = field;
    this.#others = others;
  }

  get element(): HTMLElement {
    return this.#element;
  }

  /** Looks for what completes the word that is being typed. */
  ask(): void {
    if (this.#completing !== undefined) this.#completing.ask();
    else if (!this.#isLost && /[@/]/.test(this.#field.value)) {
      completings.use(
        ({ Completing: Made }) => this.#begin(Made),
        () => (this.#isLost = true),
      );
    }
  }

  /** Takes what was asked for. */
  found(...found: Parameters<Completing['found']>): void {
    this.#completing?.found(...found);
  }

  /** Whether the key was for what is offered. */
  takes(event: KeyboardEvent): boolean {
    return this.#completing?.takes(event) ?? false;
  }

  /** The field has lost the focus: what is offered goes on only where the focus came to it. */
  leave({ relatedTarget }: FocusEvent): void {
    if (relatedTarget !== this.#element) this.close();
  }

  /** Offers nothing, also not what was asked for and is still to come. */
  close(): void {
    this.#completing?.close();
  }

  #begin(Made: typeof Completing): void {
    if (this.#completing === undefined) {
      this.#completing = new Made(this.#field, ...this.#others());
      this.#element.replaceWith(this.#completing.element);
      this.#element = this.#completing.element;
    }
    if (document.activeElement === this.#field) this.#completing.ask();
  }
}
