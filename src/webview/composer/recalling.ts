import type { PromptField } from './promptField.ts';
import type { PromptHistory } from './promptHistory.ts';

/** ↑ in the first line of the field and ↓ in the last go through the prompts sent before; `onRecalled` hears of a step. */
export function recall(
  event: KeyboardEvent,
  field: PromptField,
  history: PromptHistory,
  onRecalled: () => void,
): void {
  const { value, selectionStart, selectionEnd, readOnly } = field.element;
  if (readOnly || event.shiftKey || event.altKey || selectionStart !== selectionEnd) return;
  const isUp = event.key === 'ArrowUp';
  const isAtEdge = isUp
    ? !value.slice(0, selectionStart).includes('\n')
    : !value.slice(selectionEnd).includes('\n');
  if (!isAtEdge) return;
  /** Shows the prompt before or after in the history; false: there is none. */
  const step = (): boolean => {
    const text = isUp ? history.back(field.text) : history.forward();
    if (text === undefined) return false;
    field.change(text);
    const caret = isUp ? 0 : field.text.length;
    field.element.setSelectionRange(caret, caret);
    onRecalled();
    return true;
  };
  const isAtEnd = selectionStart === (isUp ? 0 : value.length);
  if (isAtEnd || !isWrapped(field.element)) {
    if (step()) event.preventDefault();
    return;
  }
  // Only the browser knows in which row of a wrapped line the caret is: it moves within it as long as it can.
  setTimeout(() => {
    if (field.text === value && field.element.selectionStart === selectionStart) step();
  });
}

/** Whether a line takes more than one row. */
function isWrapped(field: HTMLTextAreaElement): boolean {
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(field);
  const height = field.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  return height / parseFloat(lineHeight) > field.value.split('\n').length + 0.5;
}
