/** Tells the editor's own menu whether words are selected: it offers to copy them first. */
export function tellSelection(root: HTMLElement): void {
  document.addEventListener('selectionchange', () => {
    const isSelected = document.getSelection()?.isCollapsed === false;
    root.dataset['vscodeContext'] = JSON.stringify({ isSelected });
  });
}
