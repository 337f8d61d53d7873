import { l10n } from '../../core/l10n.ts';
import { earlierAttempts } from '../../core/turns/earlierAttempts.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import { element, icon } from '../dom/element.ts';
import type { Expanded } from '../parts/partView.ts';

/**
 * Puts away in `body` what the earlier attempts wrote, behind a button that says how many there were; `all` are the parts of the
 * message, of which the body may show but a stretch.
 */
export function foldAttempts(
  body: HTMLElement,
  shown: readonly PartEntry[],
  all: readonly PartEntry[],
  expanded: Expanded,
): void {
  const earlier = earlierAttempts(all);
  for (const child of body.children) {
    const id = child instanceof HTMLElement ? child.dataset['partId'] : undefined;
    child.classList.toggle('earlier-attempt', id !== undefined && earlier.parts.has(id));
  }
  const first = shown.find(({ id }) => earlier.parts.has(id));
  const before = body.previousElementSibling;
  const known = before?.classList.contains('attempts') ? before : undefined;
  const label =
    earlier.count === 1 ? l10n.t('1 earlier attempt') : l10n.t('{0} earlier attempts', earlier.count);
  if (first !== undefined && known?.textContent === label) return;
  known?.remove();
  if (first !== undefined) body.before(attemptsButton(body, label, `${first.id} attempts`, expanded));
}

function attemptsButton(body: HTMLElement, label: string, key: string, expanded: Expanded): HTMLElement {
  const show = (): void => {
    body.classList.toggle('shows-attempts', expanded.get(key, false));
    button.setAttribute('aria-expanded', String(expanded.get(key, false)));
  };
  const toggle = (): void => {
    expanded.set(key, !expanded.get(key, false));
    show();
  };
  const button = element(
    'button',
    { type: 'button', class: 'disclosure-button attempts', 'data-testid': 'attempts', on: { click: toggle } },
    icon('chevron-right', 'chevron'),
    label,
  );
  show();
  return button;
}
