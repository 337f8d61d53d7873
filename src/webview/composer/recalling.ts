import type { PromptField } from './promptField.ts';
import { PromptHistory } from './promptHistory.ts';

/** How the field stood when a key was pressed. */
export type FieldState = Pick<HTMLTextAreaElement, 'value' | 'selectionStart'>;

/** ↑ in the first line of the field and ↓ in the last go through the prompts sent before. */
export class Recalling {
  readonly #field: PromptField;
  readonly #history: PromptHistory;
  readonly #onRecalled: () => void;

  /** `prompts` gives those sent before, newest last; `onRecalled` hears of a step. */
  constructor(field: PromptField, prompts: () => readonly string[], onRecalled: () => void) {
    this.#field = field;
    this.#history = new PromptHistory(prompts);
    this.#onRecalled = onRecalled;
  }

  /** Ends the walk: what stands there is a draft of its own. */
  leave(): void {
    this.#history.leave();
  }

  /** Takes a key that was pressed in the line at the edge, as the field stood `before` it. */
  take(event: KeyboardEvent, { value, selectionStart }: FieldState): void {
    const isUp = event.key === 'ArrowUp';
    const isAtEnd = selectionStart === (isUp ? 0 : value.length);
    if (isAtEnd || !isWrapped(this.#field.element)) {
      if (this.#step(isUp)) event.preventDefault();
      return;
    }
    // Only the browser knows in which row of a wrapped line the caret is: it moves within it as long as it can.
    setTimeout(() => {
      const field = this.#field;
      if (field.text === value && field.element.selectionStart === selectionStart) this.#step(isUp);
    });
  }

  /** Shows the prompt before or after in the history; false: there is none. */
  #step(isUp: boolean): boolean {
    const field = this.#field;
    const text = isUp ? this.#history.back(field.text) : this.#history.forward();
    if (text === undefined) return false;
    field.change(text);
    const caret = isUp ? 0 : field.text.length;
    field.element.setSelectionRange(caret, caret);
    this.#onRecalled();
    return true;
  }
}

/** Whether a line takes more than one row. */
function isWrapped(field: HTMLTextAreaElement): boolean {
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(field);
  const height = field.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  return height / parseFloat(lineHeight) > field.value.split('\n').length + 0.5;
}
