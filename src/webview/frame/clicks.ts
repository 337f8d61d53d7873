import { readCodeBlock } from '../code/codeBlock.ts';
import { host } from '../dom/host.ts';
import { isWebLink } from '../markdown/linkTarget.ts';
import type { InView } from '../messages/keptViews.ts';

/** Follows the links under `root` and does what the buttons of its code say, whoever has put them there. */
export function takeClicks(root: HTMLElement, inView: Pick<InView, 'sessionId'>): void {
  const clicked = (event: MouseEvent): void => {
    if (!(event.target instanceof Element)) return;
    const link = event.target.closest('a');
    const code = event.target.closest<HTMLElement>('[data-code-action]');
    if (link) clickedLink(event, link, inView.sessionId);
    else if (code && event.type === 'click') actOnCode(code);
  };
  root.addEventListener('click', clicked);
  root.addEventListener('auxclick', clicked);
}

/** The editor's script, which listens at the window, opens each link that it hears of, whatever was prevented. */
function clickedLink(event: MouseEvent, link: HTMLAnchorElement, sessionId: string): void {
  event.preventDefault();
  event.stopPropagation();
  const isRightButton = event.button === 2;
  const isSecondOfDouble = event.detail > 1;
  if (!isRightButton && !isSecondOfDouble) follow(link, sessionId);
}

/** A file is looked for where the session works. */
function follow(link: HTMLAnchorElement, sessionId: string): void {
  const { path, line, sessionId: linked } = link.dataset;
  if (linked !== undefined) return host.post({ type: 'openSession', sessionId: linked });
  if (path !== undefined) {
    host.post({ type: 'openFile', sessionId, path, ...(line === undefined ? {} : { line: Number(line) }) });
    return;
  }
  const url = link.getAttribute('href') ?? '';
  if (isWebLink(url)) host.post({ type: 'openLink', url });
}

function actOnCode(button: HTMLElement): void {
  const block = button.closest('.code');
  if (!block) return;
  const { text, language } = readCodeBlock(block);
  switch (button.dataset['codeAction']) {
    case 'copy':
      return host.post({ type: 'copy', text });
    case 'insert':
      return host.post({ type: 'insertAtCursor', text });
    case 'open':
      return host.post({ type: 'openAsFile', text, language });
    default:
  }
}
