import { EventEmitter, ThemeColor, ThemeIcon, TreeItem, type TreeDataProvider, type TreeView } from 'vscode';
import type { CurrentSession } from '../core/sessions/currentSession.ts';
import type { Disposable } from '../core/event.ts';
import { isolate } from '../core/isolate.ts';
import { l10n } from '../core/l10n.ts';
import { plainLine, showUnseen } from '../core/plainText.ts';
import { countTodos } from '../core/sessions/todoSummary.ts';
import type { TodoStore } from '../core/sessions/todoStore.ts';
import { AfterPaint } from './afterPaint.ts';
import type { Todo } from '../protocol/records.ts';

export interface TodosTreePorts {
  /** Gives the view its rows; it is there before them, and stays after them. */
  readonly openView: (rows: TreeDataProvider<TodoRow>) => TreeView<TodoRow>;
  readonly todos: Pick<TodoStore, 'get' | 'isWanting' | 'onDidChange'>;
  readonly currentSession: CurrentSession;
  /** Sees to it that the todos of a session are in the store. */
  readonly load: (sessionId: string) => Promise<void>;
}

export interface TodoRow {
  readonly sessionId: string;
  readonly index: number;
  readonly todo: Todo;
}

/** The "Todos" view: the todo list of the session being looked at, as its agent keeps it. */
export class TodosTree implements TreeDataProvider<TodoRow>, Disposable {
  readonly #didChangeTreeData = new EventEmitter<undefined>();
  readonly #ports: TodosTreePorts;
  readonly #view: TreeView<TodoRow>;
  readonly #afterPaint = new AfterPaint(() => this.#show());
  readonly #disposables: readonly Disposable[];

  readonly onDidChangeTreeData = this.#didChangeTreeData.event;

  constructor(ports: TodosTreePorts) {
    this.#ports = ports;
    this.#view = ports.openView(this);
    this.#disposables = [
      this.#didChangeTreeData,
      ports.currentSession.onDidChange(() => this.#afterPaint.plan()),
      this.#afterPaint,
      ports.todos.onDidChange(({ sessionId }) => {
        if (sessionId === ports.currentSession.id) this.#show();
      }),
    ];
    this.#show();
  }

  getChildren(row?: TodoRow): TodoRow[] {
    const sessionId = this.#ports.currentSession.id;
    if (row !== undefined || sessionId === undefined) return [];
    return (this.#ports.todos.get(sessionId) ?? []).map((todo, index) => ({ sessionId, index, todo }));
  }

  getTreeItem({ sessionId, index, todo }: TodoRow): TreeItem {
    const content = plainLine(todo.content);
    const item = new TreeItem(isolate(content));
    const priority = priorityName(todo.priority);
    item.id = `${sessionId}:${index}`;
    item.iconPath = icon(todo);
    item.tooltip = [showUnseen(todo.content), priority].filter((text) => text !== undefined).join('\n');
    item.contextValue = `todo ${todo.status}`;
    item.accessibilityInformation = {
      label: [content, statusName(todo.status), priority].filter((text) => text !== undefined).join(', '),
    };
    return item;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #show(): void {
    const sessionId = this.#ports.currentSession.id;
    const todos = sessionId === undefined ? undefined : this.#ports.todos.get(sessionId);
    if (sessionId !== undefined && this.#ports.todos.isWanting(sessionId)) void this.#ports.load(sessionId);
    this.#view.description = describe(todos);
    this.#view.message = message(sessionId, todos);
    this.#didChangeTreeData.fire(undefined);
  }
}

function describe(todos: readonly Todo[] | undefined): string {
  if (todos === undefined || todos.length === 0) return '';
  const { done, total } = countTodos(todos);
  return l10n.t('{0}/{1}', done, total);
}

function message(sessionId: string | undefined, todos: readonly Todo[] | undefined): string {
  if (sessionId === undefined) return l10n.t('Open a session to see its todos.');
  return todos?.length === 0 ? l10n.t('This session has no todos.') : '';
}

function icon({ status, priority }: Todo): ThemeIcon {
  switch (status) {
    case 'pending':
      if (priority === 'high') return new ThemeIcon('flame', new ThemeColor('list.warningForeground'));
      return new ThemeIcon('circle-large-outline');
    case 'in_progress':
      return new ThemeIcon('play-circle', new ThemeColor('textLink.foreground'));
    case 'completed':
      return new ThemeIcon('pass-filled', new ThemeColor('testing.iconPassed'));
    case 'cancelled':
      return new ThemeIcon('circle-slash', new ThemeColor('disabledForeground'));
  }
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
