import {
  EventEmitter,
  window,
  type DataTransfer,
  type TreeDataProvider,
  type TreeDragAndDropController,
  type TreeItem,
  type TreeView,
  type TreeViewOptions,
} from 'vscode';
import type { Disposable } from '../core/event.ts';
import { viewIds } from '../manifest.ts';
import { draggedSessionsType } from '../protocol/draggedSessions.ts';

/** A view that the editor knows from the first moment, and whose rows come with the rest of the program. */
export interface EarlyView {
  /** Gives the view its rows, once, and says what is done with those that are dragged. */
  open<Row>(rows: TreeDataProvider<Row>, dragging?: Dragging<Row>): TreeView<Row>;
}

export interface Dragging<Row> {
  /** Hands over what is dragged. */
  readonly drag: (rows: readonly Row[], data: DataTransfer) => void;
  /** Takes what is dropped on a row, or below all of them. */
  readonly drop?: (target: Row | undefined, data: DataTransfer) => Promise<void>;
}

/** What is dragged within the view of todos: the editor names it so. */
export const draggedTodosType = `application/vnd.code.tree.${viewIds.todos.toLowerCase()}`;

export interface EarlyViews {
  readonly sessions: EarlyView;
  readonly todos: EarlyView;
  readonly deliveries: EarlyView;
  readonly automations: EarlyView;
}

/**
 * Registers the views before anything else is loaded: of a view that is shown and has nobody who gives it rows two seconds after
 * the extension was activated, the editor says that there is no data provider (VS Code 1.139). Until the rows are there, it
 * shows that they are on their way.
 */
export function registerEarlyViews(own: <Owned extends Disposable>(owned: Owned) => Owned): EarlyViews {
  const create = (
    id: string,
    dragAndDropController: LateDrag | undefined,
    options: Omit<TreeViewOptions<unknown>, 'treeDataProvider'>,
  ): EarlyView => {
    const rows = own(new LateRows());
    const view = own(
      window.createTreeView(id, {
        treeDataProvider: rows,
        ...(dragAndDropController && { dragAndDropController }),
        canSelectMany: dragAndDropController !== undefined,
        ...options,
      }),
    );
    return {
      open: <Row>(given: TreeDataProvider<Row>, dragging?: Dragging<Row>) => {
        rows.give(given);
        if (dragAndDropController !== undefined)
          dragAndDropController.dragging = dragging as Dragging<unknown> | undefined;
        return view as TreeView<Row>;
      },
    };
  };
  return {
    sessions: create(viewIds.sessions, new LateDrag([draggedSessionsType, 'text/plain'], []), {
      showCollapseAll: true,
    }),
    todos: create(viewIds.todos, new LateDrag([draggedTodosType, 'text/plain'], [draggedTodosType]), {
      manageCheckboxStateManually: true,
    }),
    deliveries: create(viewIds.deliveries, new LateDrag([], []), { canSelectMany: false }),
    automations: create(viewIds.automations, undefined, { showCollapseAll: true }),
  };
}

/** What is done with rows that are dragged, once somebody knows. */
class LateDrag implements TreeDragAndDropController<unknown> {
  readonly dragMimeTypes: readonly string[];
  readonly dropMimeTypes: readonly string[];
  dragging: Dragging<unknown> | undefined;

  constructor(dragMimeTypes: readonly string[], dropMimeTypes: readonly string[]) {
    this.dragMimeTypes = dragMimeTypes;
    this.dropMimeTypes = dropMimeTypes;
  }

  handleDrag(rows: readonly unknown[], data: DataTransfer): void {
    this.dragging?.drag(rows, data);
  }

  async handleDrop(target: unknown, data: DataTransfer): Promise<void> {
    await this.dragging?.drop?.(target, data);
  }
}

/** Rows that are asked for before there is anybody who has them. */
class LateRows implements TreeDataProvider<unknown>, Disposable {
  readonly #didChangeTreeData = new EventEmitter<unknown>();
  readonly #given = Promise.withResolvers<TreeDataProvider<unknown>>();
  #rows: TreeDataProvider<unknown> | undefined;
  #subscription: Disposable | undefined;

  readonly onDidChangeTreeData = this.#didChangeTreeData.event;

  give(rows: TreeDataProvider<unknown>): void {
    this.#rows = rows;
    this.#subscription = rows.onDidChangeTreeData?.((changed) => this.#didChangeTreeData.fire(changed));
    this.#given.resolve(rows);
  }

  async getChildren(row?: unknown): Promise<unknown[]> {
    const rows = this.#rows ?? (await this.#given.promise);
    return (await rows.getChildren(row)) ?? [];
  }

  getTreeItem(row: unknown): ReturnType<TreeDataProvider<unknown>['getTreeItem']> {
    return this.#known.getTreeItem(row);
  }

  getParent(row: unknown): unknown {
    return this.#known.getParent?.(row);
  }

  resolveTreeItem(...asked: Parameters<NonNullable<TreeDataProvider<unknown>['resolveTreeItem']>>) {
    const [item] = asked;
    return this.#known.resolveTreeItem?.(...asked) ?? (item satisfies TreeItem);
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#didChangeTreeData.dispose();
  }

  /** Only rows that were given are asked about. */
  get #known(): TreeDataProvider<unknown> {
    if (this.#rows === undefined) throw new Error('A row was asked about before there were any.');
    return this.#rows;
  }
}
