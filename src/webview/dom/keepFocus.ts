/** Makes a change in `root`; where that takes away what has the focus there, `next` is called. */
export function keepFocus(root: HTMLElement, next: () => void, change: () => void): void {
  const focused = document.activeElement;
  const isHere = root.contains(focused);
  change();
  if (!isHere || !(focused instanceof HTMLElement)) return;
  if (focused.hidden) next();
  takeLostFocus(next);
}

/** Who was at something that is gone goes on elsewhere. */
export function takeLostFocus(next: () => void): void {
  if (document.activeElement === document.body) next();
}
