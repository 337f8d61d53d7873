/**
 * Leaves the editor's own Copy in the menu of what is clicked where some of it is selected; else the menu is of the message
 * alone. The editor reads what it is told as the menu opens.
 */
export function offerCopy(root: HTMLElement): void {
  root.addEventListener(
    'contextmenu',
    ({ target }) => {
      const owner =
        target instanceof Element ? target.closest<HTMLElement>('[data-vscode-context]') : undefined;
      if (!owner) return;
      const told = JSON.parse(owner.dataset['vscodeContext'] ?? '{}') as Record<string, unknown>;
      const preventDefaultContextMenuItems = !isSelectedIn(owner);
      owner.dataset['vscodeContext'] = JSON.stringify({ ...told, preventDefaultContextMenuItems });
    },
    { capture: true },
  );
}

function isSelectedIn(element: HTMLElement): boolean {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(element, true);
}
