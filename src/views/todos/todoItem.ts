import { ThemeColor, ThemeIcon, TreeItem, TreeItemCheckboxState } from 'vscode';
import { isolate } from '../../core/isolate.ts';
import { l10n } from '../../core/l10n.ts';
import { plainLine, showUnseen } from '../../core/plainText.ts';
import type { ShownTodo } from '../../core/todos/shownTodos.ts';
import type { Todo } from '../../protocol/records.ts';

/** How a todo stands in the view: what it will be, and whether the agent knows of it. */
export function toTodoItem(id: string, { todo, isPending, isRemoved, isMoved }: ShownTodo): TreeItem {
  const content = plainLine(todo.content);
  const item = new TreeItem(isolate(content));
  const isMarked = isPending || isMoved;
  const priority = priorityName(todo.priority);
  const mark = isMarked ? markName(isRemoved, isPending) : undefined;
  item.id = id;
  item.iconPath = icon(todo, { isRemoved, isMarked });
  if (mark !== undefined) item.description = mark;
  item.tooltip = lines([showUnseen(todo.content), lines([statusName(todo.status), priority], ', '), mark]);
  item.contextValue = ['todo', todo.status, isMarked ? 'yours' : '', isRemoved ? 'removed' : 'listed']
    .filter((word) => word !== '')
    .join(' ');
  const label = lines([content, isRemoved ? undefined : statusName(todo.status), priority, mark], ', ');
  item.accessibilityInformation = { label };
  if (!isRemoved) item.checkboxState = checkbox(todo.status, label);
  return item;
}

function checkbox(status: Todo['status'], label: string): NonNullable<TreeItem['checkboxState']> {
  const isDone = status === 'completed';
  return {
    state: isDone ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked,
    tooltip: isDone ? l10n.t('Reopen') : l10n.t('Check off'),
    accessibilityInformation: { label, role: 'checkbox' },
  };
}

function lines(texts: readonly (string | undefined)[], between = '\n'): string {
  return texts.filter((text) => text !== undefined).join(between);
}

/** The box says what is done; the icon says the rest. What is the person's own stands out by its colour. */
function icon(
  { status, priority }: Todo,
  { isRemoved, isMarked }: { readonly isRemoved: boolean; readonly isMarked: boolean },
): ThemeIcon {
  const icon = (id: string, color: string): ThemeIcon =>
    new ThemeIcon(id, new ThemeColor(isMarked ? 'gitDecoration.modifiedResourceForeground' : color));
  if (isRemoved) return icon('trash', 'disabledForeground');
  switch (status) {
    case 'pending':
      if (priority === 'high') return icon('flame', 'list.warningForeground');
      return isMarked ? icon('account', '') : new ThemeIcon('circle-large-outline');
    case 'in_progress':
      return icon('play-circle', 'textLink.foreground');
    case 'completed':
      return icon('pass-filled', 'testing.iconPassed');
    case 'cancelled':
      return icon('circle-slash', 'disabledForeground');
  }
}

function markName(isRemoved: boolean, isPending: boolean): string {
  if (isRemoved) return l10n.t('removed by you, not yet seen by the agent');
  return isPending
    ? l10n.t('yours, not yet seen by the agent')
    : l10n.t('moved by you, not yet seen by the agent');
}

function statusName(status: Todo['status']): string {
  switch (status) {
    case 'pending':
      return l10n.t('to do');
    case 'in_progress':
      return l10n.t('in progress');
    case 'completed':
      return l10n.t('done');
    case 'cancelled':
      return l10n.t('cancelled');
  }
}

/** Medium goes without saying. */
function priorityName(priority: Todo['priority']): string | undefined {
  switch (priority) {
    case 'high':
      return l10n.t('high priority');
    case 'low':
      return l10n.t('low priority');
    case 'medium':
      return undefined;
  }
}
