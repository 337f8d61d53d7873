import { l10n } from '../../core/l10n.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import { element, icon } from '../dom/element.ts';
import type { Expanded } from '../parts/partView.ts';

/** What of an attempt is written again by the next one; what a call did stays done. */
const rewritten: ReadonlySet<string> = new Set(['text', 'reasoning']);

interface Attempts {
  readonly count: number;
  /** The ids of their parts. */
  readonly parts: ReadonlySet<string>;
}

/** The attempts before the last one: a step that begins anew before it has ended was cut, and is tried again. */
function earlierAttempts(parts: readonly PartEntry[]): Attempts {
  const earlier = new Set<string>();
  let count = 0;
  let begun: string[] | undefined;
  for (const { id, type } of parts) {
    if (type === 'step-start') {
      if (begun !== undefined) count += 1;
      for (const one of begun ?? []) earlier.add(one);
      begun = [];
    } else if (type === 'step-finish') begun = undefined;
    else if (rewritten.has(type)) begun?.push(id);
  }
  return { count: earlier.size === 0 ? 0 : count, parts: earlier };
}

/** Puts away in `body` what the earlier attempts wrote, behind a button that says how many there were. */
export function foldAttempts(body: HTMLElement, parts: readonly PartEntry[], expanded: Expanded): void {
  const earlier = earlierAttempts(parts);
  for (const child of body.children) {
    const id = child instanceof HTMLElement ? child.dataset['partId'] : undefined;
    child.classList.toggle('earlier-attempt', id !== undefined && earlier.parts.has(id));
  }
  const before = body.previousElementSibling;
  const known = before?.classList.contains('attempts') ? before : undefined;
  const label =
    earlier.count === 1 ? l10n.t('1 earlier attempt') : l10n.t('{0} earlier attempts', earlier.count);
  if (known?.textContent === label) return;
  known?.remove();
  const [first] = earlier.parts;
  if (earlier.count > 0 && first !== undefined)
    body.before(attemptsButton(body, label, `${first} attempts`, expanded));
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
