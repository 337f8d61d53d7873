import type { Todo } from '../../protocol/records.ts';
import type { TodoEdit, TodoField, TodoOrder } from '../../protocol/todoEdits.ts';
import { NotFoundProblem, Problem } from '../errors.ts';
import { l10n } from '../l10n.ts';
import { keyOf, settleTodos, type ShownTodo, showTodos, standing, type WantedTodos } from './shownTodos.ts';

/** A todo as a person sees it. */
export interface TodoReference {
  /** What the person wants of it, where that is something already. */
  readonly editId?: string | undefined;
  /** What it says, as it is shown, and which one of those that say the same. */
  readonly content: string;
  readonly nth: number;
}

/**
 * What a person asks for, as a pure operation on what was wanted before. It is idempotent, because it is applied again
 * when another window wrote meanwhile. Throws a `Problem` for people.
 */
export type TodosEdit = (list: readonly Todo[], wanted: WantedTodos) => WantedTodos;

export function referTo(shown: readonly ShownTodo[], one: ShownTodo): TodoReference {
  const key = keyOf(one.todo.content);
  const same = shown.filter(({ todo }) => keyOf(todo.content) === key);
  return { editId: one.edit?.id, content: one.todo.content, nth: same.indexOf(one) };
}

/** Adds a todo; `id` is that of the edit. What the person took out before comes back. */
export function addTodo(id: string, todo: Todo): TodosEdit {
  return onShown((shown, wanted) => {
    if (wanted.edits.some((edit) => edit.id === id)) return wanted;
    const known = shown.find((one) => keyOf(one.todo.content) === keyOf(todo.content));
    if (known?.isRemoved === true) return withEdit(wanted, known, id, todo);
    if (known !== undefined) throw sameTodo();
    const said: readonly TodoField[] = ['content', 'priority'];
    return { ...wanted, edits: [...wanted.edits, { id, todo, said: [...said] }] };
  });
}

/** Says something else of these todos; `ids` are those of the edits, for each of them. */
export function changeTodos(
  references: readonly TodoReference[],
  ids: readonly string[],
  change: Partial<Todo>,
): TodosEdit {
  return onEach(references, ids, (shown, wanted, one, id) => {
    if (one.isRemoved) return wanted;
    const { content } = change;
    if (content !== undefined && keyOf(content) !== keyOf(one.todo.content)) {
      if (shown.some(({ todo }) => keyOf(todo.content) === keyOf(content))) throw sameTodo();
    }
    const changed = withEdit(wanted, one, id, change);
    return content === undefined ? changed : withNameInOrder(changed, one.todo.content, content);
  });
}

/** Takes these todos out. */
export function removeTodos(references: readonly TodoReference[], ids: readonly string[]): TodosEdit {
  return onEach(references, ids, (_, wanted, one, id) => {
    if (one.isRemoved) return wanted;
    const { edit } = one;
    // What the agent never heard of is gone with a word.
    if (edit !== undefined && one.at === undefined && one.of === undefined) return withoutEdit(wanted, edit);
    const of = one.of ?? { content: one.todo.content, nth: 0, count: 1 };
    const before = edit ?? { id, said: [] };
    return putEdit(wanted, { ...before, of, todo: one.todo, removed: true, told: undefined });
  });
}

/** Lets go of what the person wanted of these todos, their place included. */
export function takeBackTodos(references: readonly TodoReference[]): TodosEdit {
  return onEach(references, [], (shown, wanted, { edit, isMoved, todo }) => {
    const name = keyOf(edit?.of?.content ?? todo.content);
    const isTaken = shown.some((other) => other.edit !== edit && isCalled(other, name));
    if (name !== keyOf(todo.content) && isTaken) throw sameTodo();
    const left = edit === undefined ? wanted : withoutEdit(wanted, edit);
    if (isMoved) return { ...left, order: undefined };
    return edit?.of === undefined ? left : withNameInOrder(left, todo.content, edit.of.content);
  });
}

/** Puts these todos, in the order in which they stand, before another one, or at the end. */
export function moveTodos(
  references: readonly TodoReference[],
  before: TodoReference | undefined,
): TodosEdit {
  return onShown((shown, wanted) => {
    const all = standing(shown);
    const moved = references.map((reference) => findTodo(shown, reference)).filter((one) => !one.isRemoved);
    const others = all.filter((one) => !moved.includes(one));
    // Who is put before a row that moves along goes before the next one that stays.
    const target = before === undefined ? undefined : findTodo(shown, before);
    const place = target === undefined ? -1 : shown.indexOf(target);
    const next = place === -1 ? undefined : shown.slice(place).find((one) => others.includes(one));
    const index = next === undefined ? others.length : others.indexOf(next);
    const ordered = [
      ...others.slice(0, index),
      ...all.filter((one) => moved.includes(one)),
      ...others.slice(index),
    ];
    if (ordered.every((one, at) => one === all[at])) return wanted;
    const names = new Set([...(wanted.order?.moved ?? []), ...moved.map(({ todo }) => todo.content)]);
    return { ...wanted, order: { contents: ordered.map(({ todo }) => todo.content), moved: [...names] } };
  });
}

/** Says of all that is wanted that the agent was told. */
export function asTold(wanted: WantedTodos): WantedTodos {
  return {
    ...wanted,
    edits: wanted.edits.map((edit) => ({ ...edit, told: true as const })),
    order: wanted.order && { ...wanted.order, told: true as const },
  };
}

/** Whether the agent was not told of something yet. */
export function isUntold({ edits, order }: WantedTodos): boolean {
  return edits.some(({ told }) => told !== true) || (order !== undefined && order.told !== true);
}

function onShown(edit: (shown: readonly ShownTodo[], wanted: WantedTodos) => WantedTodos): TodosEdit {
  return (list, before) => {
    const wanted = settleTodos(list, before);
    return settleTodos(list, edit(showTodos(list, wanted), wanted));
  };
}

function onEach(
  references: readonly TodoReference[],
  ids: readonly string[],
  edit: (shown: readonly ShownTodo[], wanted: WantedTodos, one: ShownTodo, id: string) => WantedTodos,
): TodosEdit {
  return onShown((shown, wanted) => {
    const found = references.map((reference, index) => findTodo(shown, reference, ids[index]));
    return found.reduce((left, one, index) => edit(shown, left, one, ids[index] ?? ''), wanted);
  });
}

/** The todo that a reference is about; `id` is that of the edit where it was made before. Throws where it is gone. */
export function findTodo(
  shown: readonly ShownTodo[],
  { editId, content, nth }: TodoReference,
  id?: string,
): ShownTodo {
  const edited = shown.find(({ edit }) => edit !== undefined && (edit.id === editId || edit.id === id));
  const named = shown.filter(({ todo }) => keyOf(todo.content) === keyOf(content));
  const found = edited ?? named[nth] ?? named.at(-1);
  if (found !== undefined) return found;
  throw new NotFoundProblem(l10n.t('The todo “{0}” is not in the list any more.', content));
}

function withEdit(wanted: WantedTodos, one: ShownTodo, id: string, change: Partial<Todo>): WantedTodos {
  const before: Pick<TodoEdit, 'id' | 'said'> = one.edit ?? { id, said: [] };
  const todo = { ...one.todo, ...change };
  const fields: readonly TodoField[] = ['content', 'status', 'priority'];
  const said = fields.filter((field) => before.said.includes(field) || field in change);
  const of = one.of === undefined ? {} : { of: one.of };
  return putEdit(wanted, { ...before, ...of, todo, said, removed: undefined, told: undefined });
}

function putEdit(wanted: WantedTodos, edit: TodoEdit): WantedTodos {
  const isKnown = wanted.edits.some(({ id }) => id === edit.id);
  const edits = isKnown
    ? wanted.edits.map((other) => (other.id === edit.id ? edit : other))
    : [...wanted.edits, edit];
  return { ...wanted, edits };
}

function withoutEdit(wanted: WantedTodos, { id }: TodoEdit): WantedTodos {
  return { ...wanted, edits: wanted.edits.filter((edit) => edit.id !== id) };
}

/** An order names todos by what they say. */
function withNameInOrder(wanted: WantedTodos, from: string, to: string): WantedTodos {
  const { order } = wanted;
  if (order === undefined) return wanted;
  const rename = (names: TodoOrder['contents']): string[] =>
    names.map((name) => (keyOf(name) === keyOf(from) ? to : name));
  return { ...wanted, order: { ...order, contents: rename(order.contents), moved: rename(order.moved) } };
}

/** Whether the person gave a todo this name; agents give several the same. */
function isCalled({ todo, of, edit }: ShownTodo, name: string): boolean {
  return edit !== undefined && keyOf(todo.content) === name && keyOf(of?.content ?? '') !== name;
}

function sameTodo(): Problem {
  return new Problem(l10n.t('There is a todo that says this already.'));
}
