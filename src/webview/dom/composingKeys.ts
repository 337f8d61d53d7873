/** Whether a key is for the input method of a script that is composed: some tell of the last one by its code alone. */
function isComposing({ isComposing: isDuring, keyCode }: KeyboardEvent): boolean {
  return isDuring || keyCode === 229;
}

/** Keeps the keys of a composition from all who listen in the page: none of them is meant for a button, a list or the editor. */
export function keepComposingKeys(): void {
  window.addEventListener('keydown', (event) => isComposing(event) && event.stopImmediatePropagation(), true);
}
