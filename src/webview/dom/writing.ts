/** Lines that are written at once: the browser takes longer for each one the more there are, and seconds for a thousand. */
const lineLimit = 200;

type Field = HTMLTextAreaElement | HTMLInputElement;

/** Whether somebody may be typing there: a box that is ticked is no such field. */
const isTyped = (focused: Element | null): boolean =>
  focused instanceof HTMLTextAreaElement ||
  (focused instanceof HTMLInputElement && !/^(?:checkbox|radio)$/.test(focused.type));

let written: Field | undefined;

/** Whether what the field tells of was not typed by a person, but written here. */
export function isWritten(field: Field): boolean {
  return field === written;
}

/**
 * Writes a text in the place of what stands from `start` to `end`, as if a person typed it, so that undo and redo know of
 * it: of a field that is changed behind their back they make texts that never stood there. False: it was not written so.
 */
export function write(field: Field, text: string, start: number, end: number): boolean {
  const { value, readOnly } = field;
  if (text === value.slice(start, end)) return true;
  if (readOnly || text.split('\n', lineLimit + 1).length > lineLimit) return false;
  const focused = document.activeElement;
  // The focus is taken neither from another part of the editor nor from where somebody else may be typing.
  if (focused !== field && (!document.hasFocus() || isTyped(focused))) return false;
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  written = field;
  document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
  written = undefined;
  if (focused !== field && focused instanceof HTMLElement && focused !== document.body) focused.focus();
  return field.value === `${value.slice(0, start)}${text}${value.slice(end)}`;
}
