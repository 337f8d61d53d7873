import { l10n } from '../../core/l10n.ts';
import { ended } from '../../core/entries/runErrorText.ts';
import { formatWait } from '../../core/figures.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { element, icon, textButton } from '../dom/element.ts';

// What is shown of few sessions, or a moment after it was painted.
export { contextMeter } from './contextMeter.ts';
export { DeletedNotice } from './deletedNotice.ts';
export { linkBack, linksOn } from './lineage.ts';
export { askTitle } from './renaming.ts';
export { RevertNotice } from './revertNotice.ts';

type Status<Type> = Extract<SessionHeader['status'], { readonly type: Type }>;

/** Says in `place` what a session does that works elsewhere, or waits to try again; `run` runs a command on it. */
export function showStatus(
  place: HTMLElement,
  status: SessionHeader['status'],
  run: (command: string) => void,
): void {
  if (status.type === 'retry') showRetry(place, status, run);
  else if (status.type === 'elsewhere') {
    place.replaceChildren(
      icon('multiple-windows'),
      element('span', {
        text: l10n.t('In another OpenCode process'),
        title: l10n.t(
          'Another OpenCode process works in this session. What it writes is shown once it is stored; a prompt from here begins a second run beside it.',
        ),
      }),
    );
  }
}

/** The buttons stay while the seconds are counted, so that one that is pressed or has the focus is not taken away. */
function showRetry(place: HTMLElement, status: Status<'retry'>, run: (command: string) => void): void {
  const { attempt, next, message } = status;
  const words = l10n.t(
    'Attempt {0} failed, again in {1}: {2}',
    attempt,
    formatWait(next, Date.now()),
    ended(message),
  );
  const said = place.querySelector<HTMLElement>('.retry-words') ?? element('span', { class: 'retry-words' });
  said.textContent = words;
  said.title = words;
  if (said.parentElement === place) return;
  place.replaceChildren(icon('sync'), said, retryButtons(run));
}

/** What a person may do meanwhile. */
function retryButtons(run: (command: string) => void): HTMLElement {
  const act = (label: string, command: string, testId: string): HTMLElement =>
    textButton({ label, class: 'link', testId, run: () => run(command) });
  return element(
    'span',
    { class: 'retry-actions' },
    act(l10n.t('Retry Now'), 'opencodeSessions.session.retry', 'retry-now'),
    act(l10n.t('Other Model…'), 'opencodeSessions.session.retryWithModel', 'retry-other-model'),
    act(l10n.t('Stop'), 'opencodeSessions.session.abort', 'retry-stop'),
  );
}
