/** Puts `nodes` in the place of the others; the button that had the focus keeps it, wherever it stands among them. */
export function refill(parent: HTMLElement, nodes: readonly Node[]): void {
  const buttons = (): HTMLButtonElement[] => [...parent.querySelectorAll('button')];
  const before = buttons();
  const at = before.findIndex((button) => button === document.activeElement);
  const name = nameOf(before[at]);
  parent.replaceChildren(...nodes);
  if (at < 0) return;
  const after = buttons();
  const next = after.find((button) => nameOf(button) === name) ?? after[at];
  next?.focus({ preventScroll: true });
}

/** What stays the same of a button whose figures change. */
function nameOf(button: HTMLButtonElement | undefined): string | null | undefined {
  return button?.dataset['testid'] ?? button?.getAttribute('aria-label') ?? button?.textContent;
}
