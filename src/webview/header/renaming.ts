import { l10n } from '../../core/l10n.ts';
import { element } from '../dom/element.ts';

/**
 * Lets the title be written in its place; `done` hears the new one, or undefined where the old one stays. Where a key
 * ended it, `button` gets the focus.
 */
export function askTitle(
  heading: HTMLElement,
  button: HTMLElement,
  before: string,
  done: (title: string | undefined) => void,
): void {
  if (heading.querySelector('input')) return;
  const field = element('input', {
    type: 'text',
    class: 'rename',
    'aria-label': l10n.t('Title of the session'),
  });
  field.value = before;
  // Line ends are left out by the field itself.
  const offered = field.value;
  let isDone = false;
  const finish = (isKept: boolean): void => {
    if (isDone) return;
    isDone = true;
    const title = field.value.trim();
    const isNew = title !== '' && field.value !== offered;
    field.remove();
    done(isKept && isNew ? title : undefined);
  };
  field.addEventListener('blur', () => finish(true));
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    finish(event.key === 'Enter');
    button.focus();
  });
  heading.replaceChildren(field);
  field.select();
}
