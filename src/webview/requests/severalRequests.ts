import { l10n } from '../../core/l10n.ts';
import { element, textButton } from '../dom/element.ts';
import type { AskedPermission, RequestCard } from './requestCard.ts';
import { acceptAllKey, nameKey, press } from './requestKeys.ts';

/**
 * Says on each card which one of how many it is. Below permissions that ask for the same kind of thing, all of them shown
 * to their end, stands a button that allows each of them once: who comes to it has passed what it allows.
 */
export function offerAll(place: HTMLElement, cards: readonly RequestCard[]): void {
  for (const [index, card] of cards.entries()) {
    card.number.textContent = cards.length > 1 ? l10n.t('{0} of {1}', index + 1, cards.length) : '';
  }
  const asked = cards.flatMap(({ permission }) => permission ?? []).filter(({ isOpen }) => isOpen);
  const before = place.querySelector<HTMLElement>(':scope > .request-all');
  const isOffered =
    asked.length > 1 &&
    new Set(asked.map(({ kind }) => kind)).size === 1 &&
    asked.every(({ isAllowable }) => isAllowable);
  const named = isOffered ? asked.map(({ id }) => id).join(' ') : '';
  if (before?.dataset['requests'] === named) place.append(before);
  else {
    before?.remove();
    if (isOffered) place.append(bar(asked, named));
  }
}

/** Presses that button, where it stands. */
export function allowAll(place: HTMLElement): boolean {
  const button = place.querySelector<HTMLButtonElement>(':scope > .request-all > button');
  return button !== null && press(button);
}

function bar(asked: readonly AskedPermission[], named: string): HTMLElement {
  const label = l10n.t('Allow All {0}', asked.length);
  const button = textButton({
    label,
    class: 'secondary',
    testId: 'permission-all',
    title: l10n.t('Allows once, and no more: {0}', asked.map(({ subject }) => `\n${subject}`).join('')),
    run: () => {
      for (const card of asked) card.allowOnce();
    },
  });
  nameKey(button, acceptAllKey);
  const words = l10n.t(
    '{0} allows each of these {1} requests once, as it is shown above.',
    label,
    asked.length,
  );
  return element(
    'div',
    { class: 'request-all', 'data-requests': named },
    button,
    element('span', { class: 'advice', text: words }),
  );
}
