import {
  commands,
  DataTransferItem,
  EventEmitter,
  TreeItemCheckboxState,
  type DataTransfer,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
} from 'vscode';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { CurrentSession } from '../../core/sessions/currentSession.ts';
import { referTo, type TodoReference } from '../../core/todos/editTodos.ts';
import { type ShownTodo, standing } from '../../core/todos/shownTodos.ts';
import type { TodoStore } from '../../core/todos/todoStore.ts';
import { countTodos } from '../../core/todos/todoSummary.ts';
import type { Todo } from '../../protocol/records.ts';
import { AfterPaint } from '../afterPaint.ts';
import { RowIds } from './rowIds.ts';
import { toTodoItem } from './todoItem.ts';

export interface TodosTreePorts {
  /** Gives the view its rows; it is there before them, and stays after them. */
  readonly openView: (
    rows: TreeDataProvider<TodoRow>,
    dragging: {
      readonly drag: (rows: readonly TodoRow[], data: DataTransfer) => void;
      readonly drop: (target: TodoRow | undefined, data: DataTransfer) => Promise<void>;
    },
  ) => TreeView<TodoRow>;
  /** What is dragged is called so. */
  readonly draggedType: string;
  readonly todos: Pick<TodoStore, 'isWanting'>;
  readonly editing: {
    readonly onDidChange: Event<{ readonly sessionId: string }>;
    shown(sessionId: string): readonly ShownTodo[] | undefined;
    change(sessionId: string, references: readonly TodoReference[], change: Partial<Todo>): Promise<void>;
    move(
      sessionId: string,
      references: readonly TodoReference[],
      before: TodoReference | undefined,
    ): Promise<void>;
  };
  readonly currentSession: CurrentSession;
  /** Sees to it that the todos of a session are in the store. */
  readonly load: (sessionId: string) => Promise<void>;
  /** Shows a person what went wrong. */
  readonly report: (problem: unknown) => void;
}

export interface TodoRow {
  readonly id: string;
  readonly sessionId: string;
  readonly reference: TodoReference;
  readonly shown: ShownTodo;
  /** For commands that make something else of a todo. */
  readonly todo: Todo;
}

/** The "Todos" view: the todos of the session being looked at, as they will be once its agent has seen what the person wants. */
export class TodosTree implements TreeDataProvider<TodoRow>, Disposable {
  readonly #didChangeTreeData = new EventEmitter<undefined>();
  readonly #ports: TodosTreePorts;
  readonly #view: TreeView<TodoRow>;
  readonly #ids = new RowIds();
  readonly #afterPaint = new AfterPaint(() => {
    this.#ids.forget();
    this.#show();
  });
  readonly #disposables: readonly Disposable[];

  readonly onDidChangeTreeData = this.#didChangeTreeData.event;

  constructor(ports: TodosTreePorts) {
    this.#ports = ports;
    this.#view = ports.openView(this, {
      drag: (rows, data) => this.#drag(rows, data),
      drop: (target, data) => this.#drop(target, data),
    });
    const changed = ({ sessionId }: { readonly sessionId: string }): void => {
      if (sessionId === ports.currentSession.id) this.#show();
    };
    this.#disposables = [
      this.#didChangeTreeData,
      ports.currentSession.onDidChange(() => this.#afterPaint.plan()),
      this.#afterPaint,
      ports.editing.onDidChange(changed),
      this.#view.onDidChangeCheckboxState(({ items }) => void this.#check(items)),
    ];
    this.#show();
  }

  getChildren(row?: TodoRow): TodoRow[] {
    const sessionId = this.#ports.currentSession.id;
    if (row !== undefined || sessionId === undefined) return [];
    const shown = this.#ports.editing.shown(sessionId) ?? [];
    const ids = this.#ids.name(shown);
    return shown.map((one, index) => ({
      id: `${sessionId}:${ids[index] ?? index}`,
      sessionId,
      reference: referTo(shown, one),
      shown: one,
      todo: one.todo,
    }));
  }

  getTreeItem({ id, shown }: TodoRow): TreeItem {
    return toTodoItem(id, shown);
  }

  /**
   * The rows that a key is meant for: all that are selected, or the one that has the focus, which the editor tells nobody
   * before it is selected.
   */
  async selected(): Promise<readonly TodoRow[]> {
    if (this.#view.selection.length < 2) await commands.executeCommand('list.select');
    return this.#view.selection;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #check(items: readonly (readonly [TodoRow, TreeItemCheckboxState])[]): Promise<void> {
    for (const state of [TreeItemCheckboxState.Checked, TreeItemCheckboxState.Unchecked]) {
      const rows = items.flatMap(([row, checked]) => (checked === state ? [row] : []));
      const status = state === TreeItemCheckboxState.Checked ? 'completed' : 'pending';
      await this.#edit(rows, (sessionId, references) =>
        this.#ports.editing.change(sessionId, references, { status }),
      );
    }
  }

  #drag(rows: readonly TodoRow[], data: DataTransfer): void {
    const ids = rows.map(({ id }) => id);
    data.set(this.#ports.draggedType, new DataTransferItem(JSON.stringify(ids)));
    data.set('text/plain', new DataTransferItem(rows.map(({ shown }) => shown.todo.content).join('\n')));
  }

  /** What is dropped on a row takes its place, and that row makes room towards where it came from. */
  async #drop(target: TodoRow | undefined, data: DataTransfer): Promise<void> {
    const text = await data.get(this.#ports.draggedType)?.asString();
    if (text === undefined) return;
    const ids = new Set(JSON.parse(text) as string[]);
    const rows = this.getChildren();
    const dragged = rows.filter(({ id }) => ids.has(id));
    const place = target === undefined ? rows.length : rows.findIndex(({ id }) => id === target.id);
    const first = rows.findIndex(({ id }) => ids.has(id));
    const before = first < place ? rows[place + 1] : rows[place];
    await this.#edit(dragged, (sessionId, references) =>
      this.#ports.editing.move(sessionId, references, before?.reference),
    );
  }

  /** What the editor shows of it by itself is drawn anew where it did not come about. */
  async #edit(
    rows: readonly TodoRow[],
    edit: (sessionId: string, references: readonly TodoReference[]) => Promise<void>,
  ): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    try {
      await edit(
        first.sessionId,
        rows.map(({ reference }) => reference),
      );
    } catch (error) {
      this.#ports.report(error);
    } finally {
      this.#didChangeTreeData.fire(undefined);
    }
  }

  #show(): void {
    const sessionId = this.#ports.currentSession.id;
    const shown = sessionId === undefined ? undefined : this.#ports.editing.shown(sessionId);
    if (sessionId !== undefined && this.#ports.todos.isWanting(sessionId)) void this.#ports.load(sessionId);
    this.#view.description = describe(standing(shown ?? []).map(({ todo }) => todo));
    this.#view.message = message(sessionId, shown !== undefined);
    this.#didChangeTreeData.fire(undefined);
  }
}

/** Where there is nothing to say the editor says itself that there are no todos, and offers to add one. */
function message(sessionId: string | undefined, isKnown: boolean): string {
  if (sessionId === undefined) return l10n.t('Open a session to see its todos.');
  return isKnown ? '' : l10n.t('The todos are being read.');
}

function describe(todos: readonly Todo[]): string {
  if (todos.length === 0) return '';
  const { done, total } = countTodos(todos);
  return l10n.t('{0}/{1}', done, total);
}
