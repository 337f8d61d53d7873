import { EventEmitter, type CancellationToken, type TreeDataProvider, type TreeItem } from 'vscode';
import type { Disposable, Event } from '../core/event.ts';
import { Paced } from '../core/paced.ts';

/**
 * Milliseconds between two words of a tree to its view. The editor draws a view at the first word, and then only after
 * 200 ms without another (VS Code 1.139): a tree that tells of each change is not drawn at all while many sessions work.
 */
const interval = 250;

type WholeTree<T> = Required<Omit<TreeDataProvider<T>, 'onDidChangeTreeData'>> & {
  readonly onDidChangeTreeData: Event<T[] | undefined>;
};

/** A tree as its view sees it: a change is told of at once, and those that follow soon after it together. */
export class PacedTree<T> implements TreeDataProvider<T>, Disposable {
  readonly #tree: WholeTree<T>;
  readonly #didChangeTreeData = new EventEmitter<T[] | undefined>();
  readonly #paced: Paced<WholeTree<T>>;
  readonly #subscription: Disposable;
  #rows = new Set<T>();
  #isAll = false;

  readonly onDidChangeTreeData = this.#didChangeTreeData.event;

  constructor(tree: WholeTree<T>, startTimer: (callback: () => void, milliseconds: number) => Disposable) {
    this.#tree = tree;
    this.#paced = new Paced(startTimer, interval, () => this.#tell());
    this.#subscription = tree.onDidChangeTreeData((rows) => {
      for (const row of rows ?? []) this.#rows.add(row);
      this.#isAll ||= rows === undefined;
      this.#paced.plan(tree);
    });
  }

  getChildren(row?: T): ReturnType<TreeDataProvider<T>['getChildren']> {
    return this.#tree.getChildren(row);
  }

  getTreeItem(row: T): ReturnType<TreeDataProvider<T>['getTreeItem']> {
    return this.#tree.getTreeItem(row);
  }

  getParent(row: T): ReturnType<WholeTree<T>['getParent']> {
    return this.#tree.getParent(row);
  }

  resolveTreeItem(
    item: TreeItem,
    row: T,
    token: CancellationToken,
  ): ReturnType<WholeTree<T>['resolveTreeItem']> {
    return this.#tree.resolveTreeItem(item, row, token);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#paced.dispose();
    this.#didChangeTreeData.dispose();
  }

  #tell(): void {
    const rows = this.#isAll ? undefined : [...this.#rows];
    this.#rows = new Set();
    this.#isAll = false;
    this.#didChangeTreeData.fire(rows);
  }
}
