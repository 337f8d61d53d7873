import { l10n } from '../../core/l10n.ts';
import { element } from '../dom/element.ts';
import { isWritten, write } from '../dom/writing.ts';
import type { CompletingSlot } from './completingSlot.ts';

interface FieldListeners {
  /** A person changed the text. */
  readonly typed: () => void;
  readonly keydown: (event: KeyboardEvent) => void;
  readonly paste: (event: ClipboardEvent) => void;
  readonly focus: () => void;
  readonly blur: (event: FocusEvent) => void;
}

/**
 * The field that a prompt is written in. What stands in it is changed so that undo and redo lead through texts that stood
 * there, and to those of no other session: for such a text the field is made anew.
 */
export class PromptField {
  readonly #listeners: FieldListeners;
  readonly #makeCompleting: (field: HTMLTextAreaElement) => CompletingSlot;
  #element: HTMLTextAreaElement;
  #completing: CompletingSlot;
  /** Nothing can be undone in it yet. */
  #isFresh = true;

  /** `makeCompleting` makes what completes the words of one field. */
  constructor(listeners: FieldListeners, makeCompleting: (field: HTMLTextAreaElement) => CompletingSlot) {
    this.#listeners = listeners;
    this.#makeCompleting = makeCompleting;
    this.#element = this.#make();
    this.#completing = makeCompleting(this.#element);
  }

  get element(): HTMLTextAreaElement {
    return this.#element;
  }

  get completing(): CompletingSlot {
    return this.#completing;
  }

  get text(): string {
    return this.#element.value;
  }

  /** Changes the text into another one; the caret stands at its end. */
  change(text: string): void {
    const wanted = withLineFeeds(text);
    const { text: old } = this;
    // A text is put before or behind what stands there, or is another one.
    if (wanted.endsWith(old)) this.replace(wanted.slice(0, wanted.length - old.length), 0, 0);
    else if (wanted.startsWith(old)) this.replace(wanted.slice(old.length), old.length, old.length);
    else this.replace(wanted, 0, old.length);
    this.#element.setSelectionRange(wanted.length, wanted.length);
  }

  /** Puts a text in the place of what stands from `start` to `end`; the caret stands behind it. */
  replace(text: string, start: number, end: number): void {
    const put = withLineFeeds(text);
    const wanted = `${this.text.slice(0, start)}${put}${this.text.slice(end)}`;
    if (!write(this.#element, put, start, end)) this.renew(wanted);
    const caret = start + put.length;
    this.#element.setSelectionRange(caret, caret);
  }

  /** Puts a text behind all that stands there; whoever writes there goes on where they were. */
  append(text: string): void {
    const { selectionStart, selectionEnd } = this.#element;
    const isWrittenIn = document.activeElement === this.#element;
    const end = this.text.length;
    this.replace(this.text.trim() === '' ? text : `\n\n${text}`, end, end);
    if (isWrittenIn) this.#element.setSelectionRange(selectionStart, selectionEnd);
  }

  /** Begins with a text that no undo leads back from. */
  renew(text: string): void {
    if (text === this.text) return;
    if (!this.#isFresh) this.#replaceElement();
    this.#element.value = text;
  }

  #replaceElement(): void {
    const before = { element: this.#element, completing: this.#completing.element };
    const { activeElement } = document;
    const isFocused = activeElement === before.element || activeElement === before.completing;
    this.#element = this.#make();
    this.#element.readOnly = before.element.readOnly;
    this.#element.placeholder = before.element.placeholder;
    this.#completing = this.#makeCompleting(this.#element);
    before.element.replaceWith(this.#element);
    before.completing.replaceWith(this.#completing.element);
    if (isFocused) this.#element.focus();
  }

  #make(): HTMLTextAreaElement {
    this.#isFresh = true;
    const { typed, ...others } = this.#listeners;
    const made = element('textarea', {
      rows: 1,
      'aria-label': l10n.t('Prompt'),
      'aria-autocomplete': 'list',
      dir: 'auto',
      on: {
        ...others,
        input: () => {
          this.#isFresh = false;
          if (!isWritten(made)) typed();
        },
      },
    });
    return made;
  }
}

const withLineFeeds = (text: string): string => text.replaceAll(/\r\n?/g, '\n');
