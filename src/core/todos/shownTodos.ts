import type { Todo } from '../../protocol/records.ts';
import type { TodoEdit, TodoEdits, TodoName } from '../../protocol/todoEdits.ts';

/** What a person wants of a list. */
export type WantedTodos = Pick<TodoEdits, 'edits' | 'order' | 'note' | 'asked'>;

export const noWishes: WantedTodos = { edits: [] };

/** A todo as it will be, once the agent's list says what the person wants of it. */
export interface ShownTodo {
  readonly todo: Todo;
  /** Where it stands in the agent's list; undefined: that has none such. */
  readonly at: number | undefined;
  /** What it is called in that list; undefined: the person added it. */
  readonly of: TodoName | undefined;
  /** What the person wants of it. */
  readonly edit: TodoEdit | undefined;
  /** Whether the agent's list says otherwise. */
  readonly isPending: boolean;
  /** Whether the person took it out: it is shown, and is in the list no more. */
  readonly isRemoved: boolean;
  /** Whether the person put it at another place, where the agent's list does not have it yet. */
  readonly isMoved: boolean;
}

/** Todos that say the same but for blanks are called the same. */
export function keyOf(content: string): string {
  return content.replaceAll(/\s+/g, ' ').trim();
}

/**
 * The list that will be: what the agent has written last, with what the person wants, who goes before. What the person
 * said of a todo is put over it; what the agent took out stays where the person edited it, and comes last; what the
 * agent added is left where it is. Of a list that says all this already, it is that list.
 */
export function showTodos(list: readonly Todo[], wanted: WantedTodos): readonly ShownTodo[] {
  const shown = showUnordered(list, wanted);
  return inOrder(shown, wanted.order) ?? shown;
}

/** What the agent's list is to be. */
export function mergeTodos(list: readonly Todo[], wanted: WantedTodos): readonly Todo[] {
  return standing(showTodos(list, wanted)).map(({ todo }) => todo);
}

/** Those that will be in the list. */
export function standing(shown: readonly ShownTodo[]): readonly ShownTodo[] {
  return shown.filter(({ isRemoved }) => !isRemoved);
}

/** What the person wants and the agent's list does not say yet. */
export function settleTodos(list: readonly Todo[], wanted: WantedTodos): WantedTodos {
  const shown = showUnordered(list, wanted);
  const pending = new Map<TodoEdit, ShownTodo>();
  for (const one of shown) {
    const { edit, isPending, isRemoved } = one;
    // What stands under its old name, too, is named by that.
    if (edit !== undefined && isPending && (isRemoved || !pending.has(edit))) pending.set(edit, one);
  }
  const edits = wanted.edits.filter((edit) => pending.has(edit));
  const isSame = edits.length === wanted.edits.length;
  return {
    ...wanted,
    edits: isSame ? wanted.edits : edits.map((edit) => rename(list, edit, pending.get(edit)?.at)),
    order: inOrder(shown, wanted.order) === undefined ? undefined : wanted.order,
  };
}

export function isNothing({ edits, order }: WantedTodos): boolean {
  return edits.length === 0 && order === undefined;
}

/** Once others of that name are settled, a todo is named by the list as it stands: by how many there are now. */
function rename(list: readonly Todo[], edit: TodoEdit, place: number | undefined): TodoEdit {
  if (edit.of === undefined) return edit;
  const { content } = edit.of;
  const same = list.flatMap((todo, at) => (keyOf(todo.content) === keyOf(content) ? [at] : []));
  const nth = place === undefined ? -1 : same.indexOf(place);
  const named = nth === -1 ? { nth: same.length, count: same.length + 1 } : { nth, count: same.length };
  return { ...edit, of: { content, ...named } };
}

/** As the agent's list has them; what it does not have comes last. */
function showUnordered(list: readonly Todo[], { edits }: WantedTodos): readonly ShownTodo[] {
  const matches = matchEdits(list, edits);
  const shown = list.map((todo, at) => showListed(todo, at, matches));
  const others = edits
    .filter((edit) => !matches.found.has(edit) && edit.removed !== true)
    .toSorted((a, b) => (a.of?.nth ?? Infinity) - (b.of?.nth ?? Infinity) || 0);
  return [...shown, ...others.map(showUnlisted)];
}

interface Matches {
  /** By the place in the agent's list. */
  readonly edits: ReadonlyMap<number, TodoEdit>;
  readonly names: ReadonlyMap<number, TodoName>;
  /** The edits that concern something in the list, or that it needs nothing of. */
  readonly found: ReadonlySet<TodoEdit>;
  /** Todos that stand under the name that the person took away, while they stand under their new one as well. */
  readonly leftOver: ReadonlyMap<number, TodoEdit>;
}

/** Which todo of the agent's list each edit is about. */
function matchEdits(list: readonly Todo[], all: readonly TodoEdit[]): Matches {
  const edits = new Map<number, TodoEdit>();
  const names = new Map<number, TodoName>();
  const found = new Set<TodoEdit>();
  const leftOver = new Map<number, TodoEdit>();
  const match = (at: number, edit: TodoEdit): void => {
    leftOver.delete(at);
    edits.set(at, edit);
    found.add(edit);
  };
  const claim = (edit: TodoEdit, suits: (todo: Todo) => boolean): void => {
    const at = list.findIndex((todo, index) => !edits.has(index) && isNamed(todo, edit) && suits(todo));
    if (at !== -1) match(at, edit);
  };
  // What the agent took over under its new name is found there first, before the old name is looked for. One that stands
  // under the old name of another is still that other one, where the agent seems not to have heard.
  const has = (name: string): boolean => list.some(({ content }) => keyOf(content) === keyOf(name));
  const isAnothers = ({ content }: Todo, edit: TodoEdit): boolean =>
    all.some((other) => {
      if (other === edit || other.of === undefined || keyOf(other.of.content) !== keyOf(content))
        return false;
      return other.removed === true
        ? edit.of !== undefined && has(edit.of.content)
        : isRenamed(other) && !has(other.todo.content);
    });
  const brought = [...all.filter(({ of }) => of === undefined), ...all.filter(isRenamed)];
  for (const edit of brought) claim(edit, (todo) => says(todo, edit) && !isAnothers(todo, edit));
  for (const key of new Set(list.map(({ content }) => keyOf(content)))) {
    const free = list.flatMap(({ content }, at) => (keyOf(content) === key && !edits.has(at) ? [at] : []));
    const group = all.filter(({ of }) => of !== undefined && keyOf(of.content) === key);
    const { count, there, takers } = identify(group, free.length, found);
    for (const [index, at] of free.entries()) {
      const nth = there[index] ?? index;
      names.set(at, { content: list[at]?.content ?? key, nth, count: Math.max(count, nth + 1) });
      // As many are left of one name as the person left.
      const edit = nth < count ? group.find(({ of }) => of?.nth === nth) : takers.at(-1);
      if (edit === undefined) continue;
      if (found.has(edit)) leftOver.set(at, edit);
      else match(at, edit);
    }
  }
  for (const edit of all) {
    if (edit.removed === true) found.add(edit);
    // Of several that say the same some may be gone.
    else if (!found.has(edit))
      claim(edit, (todo) => isRenamed(edit) || edit.of === undefined || says(todo, edit));
  }
  return { edits, names, found, leftOver };
}

/**
 * Which of the todos of one name a list has: of those that the person took away, as many are gone as the list has fewer
 * than there were.
 */
function identify(
  group: readonly TodoEdit[],
  listed: number,
  found: ReadonlySet<TodoEdit>,
): { readonly count: number; readonly there: readonly number[]; readonly takers: readonly TodoEdit[] } {
  const count = Math.max(0, ...group.map(({ of }) => of?.count ?? 0)) || listed;
  const takers = group.filter((edit) => edit.removed === true || isRenamed(edit));
  const ordered = [...takers.filter((edit) => found.has(edit)), ...takers.filter((edit) => !found.has(edit))];
  const gone = new Set(ordered.slice(0, Math.max(0, count - listed)).map(({ of }) => of?.nth));
  const there: number[] = [];
  for (let nth = 0; there.length < listed; nth += 1) if (!gone.has(nth)) there.push(nth);
  return { count, there, takers };
}

function showListed(todo: Todo, at: number, { edits, names, leftOver }: Matches): ShownTodo {
  const edit = edits.get(at) ?? leftOver.get(at);
  const of = edit?.of ?? names.get(at) ?? { content: todo.content, nth: 0, count: 1 };
  const plain = { todo, at, of, edit, isPending: edit !== undefined, isRemoved: false, isMoved: false };
  if (edit === undefined) return plain;
  if (edit.removed === true || leftOver.has(at)) return { ...plain, isRemoved: true };
  const isPending = !says(todo, edit) || [...leftOver.values()].includes(edit);
  return { ...plain, todo: apply(todo, edit), isPending };
}

function showUnlisted(edit: TodoEdit): ShownTodo {
  const { todo, of } = edit;
  return { todo, at: undefined, of, edit, isPending: true, isRemoved: false, isMoved: false };
}

function isRenamed({ of, todo, removed }: TodoEdit): boolean {
  return of !== undefined && removed !== true && keyOf(of.content) !== keyOf(todo.content);
}

function isNamed({ content }: Todo, { todo }: TodoEdit): boolean {
  return keyOf(content) === keyOf(todo.content);
}

/** Whether a todo is as the person said. */
function says(todo: Todo, edit: TodoEdit): boolean {
  return edit.said.every((field) =>
    field === 'content' ? isNamed(todo, edit) : todo[field] === edit.todo[field],
  );
}

/** What the agent wrote of it stays but for what the person said. */
function apply(todo: Todo, edit: TodoEdit): Todo {
  if (says(todo, edit)) return todo;
  return { ...todo, ...Object.fromEntries(edit.said.map((field) => [field, edit.todo[field]])) };
}

/**
 * Todos of which the order says nothing stay at their places; the others share theirs as the person wants. undefined:
 * they do.
 */
function inOrder(shown: readonly ShownTodo[], order: WantedTodos['order']): readonly ShownTodo[] | undefined {
  if (order === undefined) return undefined;
  const ranks = new Map<string, number[]>();
  for (const [rank, content] of order.contents.entries()) {
    const key = keyOf(content);
    ranks.set(key, [...(ranks.get(key) ?? []), rank]);
  }
  const ranked = shown.flatMap((one, place) => {
    const rank = one.isRemoved ? undefined : ranks.get(keyOf(one.todo.content))?.shift();
    return rank === undefined ? [] : [{ one, place, rank }];
  });
  const sorted = ranked.toSorted((a, b) => a.rank - b.rank);
  if (sorted.every((one, index) => one === ranked[index])) return undefined;
  const moved = new Set(order.moved.map(keyOf));
  const placed = [...shown];
  for (const [index, { place }] of ranked.entries()) {
    const one = sorted[index]?.one;
    if (one !== undefined) placed[place] = { ...one, isMoved: moved.has(keyOf(one.todo.content)) };
  }
  return placed;
}
