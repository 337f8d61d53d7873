import { l10n } from '../../core/l10n.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { element, icon } from '../dom/element.ts';

type Todos = SessionHeader['todos'];

const icons: Readonly<Record<string, string>> = {
  completed: 'pass-filled',
  in_progress: 'circle-filled',
  cancelled: 'circle-slash',
};

/** Todos with their states, as words for those who do not see the icons. */
export function todoList(todos: Todos): HTMLElement {
  return element(
    'ul',
    { class: 'todos' },
    ...todos.map((todo) =>
      element(
        'li',
        { class: `todo ${todo.status}` },
        icon(icons[todo.status] ?? 'circle-outline'),
        element('span', { class: 'visually-hidden', text: `${stateName(todo.status)}: ` }),
        element('span', { text: todo.content }),
        todo.priority === 'high' && isOpen(todo.status) && urgent(),
      ),
    ),
  );
}

const isOpen = (status: string): boolean => status !== 'completed' && status !== 'cancelled';

function urgent(): HTMLElement {
  const label = l10n.t('High priority');
  return element('span', { class: 'urgent', role: 'img', title: label, 'aria-label': label }, icon('flame'));
}

function stateName(status: string): string {
  switch (status) {
    case 'completed':
      return l10n.t('done');
    case 'in_progress':
      return l10n.t('in progress');
    case 'cancelled':
      return l10n.t('cancelled');
    default:
      return l10n.t('to do');
  }
}
