import { l10n } from '../core/l10n.ts';
import type { ToPage } from '../protocol/page/toPage.ts';
import { keepComposingKeys } from './dom/composingKeys.ts';
import { element } from './dom/element.ts';
import { host } from './dom/host.ts';
import { Inbox } from './inbox.ts';
import { Page } from './page.ts';

// The transcript page: the host sends what there is to show, the page shows it and asks.

function report(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  host.post({ type: 'error', message });
}

function findRoot(): HTMLElement {
  const known = document.querySelector<HTMLElement>('#transcript');
  if (known) return known;
  const made = element('div', { id: 'transcript' });
  document.body.append(made);
  return made;
}

window.addEventListener('error', (event) => report(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => report(event.reason));
// First of all, so that the host answers while the page is made.
host.post({ type: 'ready' });
const strings = document.querySelector('#strings')?.textContent;
if (strings) l10n.useBundle(JSON.parse(strings) as Readonly<Record<string, string>>);
keepComposingKeys();
const page = new Page(findRoot());
const inbox = new Inbox((message) => {
  try {
    page.receive(message);
  } catch (error) {
    report(error);
  }
});
window.addEventListener('message', (event: MessageEvent<ToPage>) => inbox.receive(event.data));
