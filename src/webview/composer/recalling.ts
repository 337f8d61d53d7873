import { PromptHistory } from './promptHistory.ts';

/** ↑ in the first line of the field and ↓ in the last go through the prompts sent before. */
export class Recalling {
  readonly #field: HTMLTextAreaElement;
  readonly #history: PromptHistory;
  readonly #onRecalled: () => void;

  /** `prompts` gives those that were sent before, newest last; `onRecalled` hears when one of them stands in the field. */
  constructor(field: HTMLTextAreaElement, prompts: () => readonly string[], onRecalled: () => void) {
    this.#field = field;
    this.#history = new PromptHistory(prompts);
    this.#onRecalled = onRecalled;
  }

  /** What stands in the field is a draft of its own. */
  leave(): void {
    this.#history.leave();
  }

  /** Takes the key ↑ or ↓. */
  recall(event: KeyboardEvent): void {
    const { value, selectionStart, selectionEnd, readOnly } = this.#field;
    if (readOnly || event.shiftKey || event.altKey || selectionStart !== selectionEnd) return;
    const isUp = event.key === 'ArrowUp';
    const isAtEdge = isUp
      ? !value.slice(0, selectionStart).includes('\n')
      : !value.slice(selectionEnd).includes('\n');
    if (!isAtEdge) return;
    const isAtEnd = selectionStart === (isUp ? 0 : value.length);
    if (isAtEnd || !this.#isWrapped) {
      if (this.#step(isUp)) event.preventDefault();
      return;
    }
    // Only the browser knows in which row of a wrapped line the caret is: it moves within it as long as it can.
    setTimeout(() => {
      const { value: then, selectionStart: caret } = this.#field;
      if (then === value && caret === selectionStart) this.#step(isUp);
    });
  }

  /** Shows the prompt before or after in the history; false: there is none. */
  #step(isUp: boolean): boolean {
    const text = isUp ? this.#history.back(this.#field.value) : this.#history.forward();
    if (text === undefined) return false;
    this.#field.value = text;
    const caret = isUp ? 0 : text.length;
    this.#field.setSelectionRange(caret, caret);
    this.#onRecalled();
    return true;
  }

  /** Whether a line takes more than one row. */
  get #isWrapped(): boolean {
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(this.#field);
    const height = this.#field.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    return height / parseFloat(lineHeight) > this.#field.value.split('\n').length + 0.5;
  }
}
