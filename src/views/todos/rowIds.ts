import { keyOf, type ShownTodo } from '../../core/todos/shownTodos.ts';

interface Known {
  readonly id: string;
  readonly names: readonly string[];
}

/**
 * Names for rows of todos, which have none: a row keeps its name while the todo is the same one, by what it says, what it was
 * called before it was edited, or the edit itself. So what is selected stays selected when a todo is edited, moved, or written
 * by the agent.
 */
export class RowIds {
  #known: readonly Known[] = [];
  #made = 0;

  /** The names of these rows, in their order. */
  name(shown: readonly ShownTodo[]): readonly string[] {
    const counts = new Map<string, number>();
    const free = new Set(this.#known);
    const rows = shown.map((one) => {
      const key = keyOf(one.todo.content);
      const nth = counts.get(key) ?? 0;
      counts.set(key, nth + 1);
      const { of, edit } = one;
      return [
        ...(edit === undefined ? [] : [`edit ${edit.id}`]),
        ...(of === undefined ? [] : [`of ${of.nth} ${keyOf(of.content)}`]),
        `of ${nth} ${key}`,
      ];
    });
    const taken = new Map<readonly string[], string>();
    // What a todo is by itself goes before what it happens to say.
    for (const strength of [1, 2, 3]) {
      for (const names of rows.filter((one) => !taken.has(one))) {
        const known = [...free].find((one) =>
          one.names.some((name) => names.slice(0, strength).includes(name)),
        );
        if (known === undefined) continue;
        free.delete(known);
        taken.set(names, known.id);
      }
    }
    this.#known = rows.map((names) => ({ id: taken.get(names) ?? `todo ${(this.#made += 1)}`, names }));
    return this.#known.map(({ id }) => id);
  }

  forget(): void {
    this.#known = [];
  }
}
