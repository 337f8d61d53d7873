import { composerParts } from './composerParts.ts';
import type { PromptField } from './promptField.ts';
import type { Recalling } from './recalling.ts';

type Arguments = ConstructorParameters<typeof Recalling>;

/** Goes through the prompts sent before, once a key asks for that. */
export class RecallSlot {
  readonly #field: PromptField;
  readonly #others: readonly [Arguments[1], Arguments[2]];
  #recalling: Recalling | undefined;
  /** Of the text that stands there: a key that was pressed in another is for nothing here. */
  #draft = {};

  constructor(field: PromptField, ...others: readonly [Arguments[1], Arguments[2]]) {
    this.#field = field;
    this.#others = others;
  }

  /** What stands there is a draft of its own. */
  leave(): void {
    this.#draft = {};
    this.#recalling?.leave();
  }

  /** Takes ↑ in the first line of the field and ↓ in the last. */
  take(event: KeyboardEvent): void {
    const { value, selectionStart, selectionEnd, readOnly } = this.#field.element;
    if (readOnly || event.shiftKey || event.altKey || selectionStart !== selectionEnd) return;
    const between = event.key === 'ArrowUp' ? value.slice(0, selectionStart) : value.slice(selectionEnd);
    if (between.includes('\n')) return;
    const draft = this.#draft;
    composerParts.use(({ Recalling: Made }) => {
      this.#recalling ??= new Made(this.#field, ...this.#others);
      if (draft === this.#draft) this.#recalling.take(event, { value, selectionStart });
    });
  }
}
