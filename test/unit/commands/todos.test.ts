import assert from 'node:assert/strict';
import { addTodo } from '../../../src/commands/todo/addTodo.ts';
import { editTodo, markTodo, prioritizeTodo, toggleTodo } from '../../../src/commands/todo/editTodo.ts';
import { moveTodo } from '../../../src/commands/todo/moveTodo.ts';
import { removeTodo, takeBackTodo } from '../../../src/commands/todo/removeTodo.ts';
import type { TodoCommandDeps } from '../../../src/commands/todo/todoRows.ts';
import {
  addTodo as adding,
  changeTodos,
  moveTodos,
  referTo,
  removeTodos,
  takeBackTodos,
  type TodosEdit,
} from '../../../src/core/todos/editTodos.ts';
import { mergeTodos, noWishes, showTodos, type WantedTodos } from '../../../src/core/todos/shownTodos.ts';
import type { Todo } from '../../../src/protocol/records.ts';

const plan: readonly Todo[] = ['Read', 'Write', 'Test'].map((content) => ({
  content,
  status: 'pending',
  priority: 'medium',
}));

/** A view on a list, whose person answers so. */
function setUp(answers: { readonly text?: string; readonly one?: unknown } = {}) {
  let wanted: WantedTodos = noWishes;
  let made = 0;
  let selected: readonly unknown[] = [];
  const shown = () => showTodos(plan, wanted);
  const edit = (one: TodosEdit): Promise<void> => {
    wanted = one(plan, wanted);
    return Promise.resolve();
  };
  const ids = (of: readonly unknown[]) => of.map(() => `edit ${(made += 1)}`);
  const deps: TodoCommandDeps = {
    editing: {
      shown,
      add: async (_, todo) => edit(adding(`edit ${(made += 1)}`, todo)),
      change: async (_, references, change) => edit(changeTodos(references, ids(references), change)),
      remove: async (_, references) => edit(removeTodos(references, ids(references))),
      move: async (_, references, before) => edit(moveTodos(references, before)),
      takeBack: async (_, references) => edit(takeBackTodos(references)),
    },
    currentSessionId: () => 'ses_1',
    selectedTodos: async () => selected,
    dialogs: {
      askText: async ({ validate }) => {
        assert.notEqual(validate?.(' '), undefined);
        return answers.text;
      },
      pickOne: async (_, choices) =>
        choices.find(({ label, value }) => label === answers.one || value === answers.one)?.value,
      pickSeveral: async (_, choices) =>
        choices.filter(({ label }) => label === answers.one).map(({ value }) => value),
    },
  };
  const row = (content: string) => {
    const one = shown().find(({ todo }) => todo.content === content) ?? assert.fail(content);
    return { sessionId: 'ses_1', reference: referTo(shown(), one) };
  };
  return {
    deps,
    row,
    select: (...contents: readonly string[]) => (selected = contents.map(row)),
    list: () =>
      mergeTodos(plan, wanted).map(({ content, status, priority }) =>
        [
          content,
          ...(status === 'pending' ? [] : [status]),
          ...(priority === 'medium' ? [] : [priority]),
        ].join(' '),
      ),
  };
}

describe('The verbs on todos', () => {
  const fromSelection = { fromSelection: true };

  it('act on a row, on all that are selected beside it, and by keys on those that are selected', async () => {
    const { deps, row, list, select } = setUp();
    await toggleTodo(deps)(row('Write'), undefined);
    assert.deepEqual(list(), ['Read', 'Write completed', 'Test']);
    await toggleTodo(deps)(row('Read'), [row('Read'), row('Write')]);
    assert.deepEqual(list(), ['Read completed', 'Write completed', 'Test']);
    select('Read', 'Write');
    await toggleTodo(deps)(fromSelection);
    assert.deepEqual(list(), ['Read', 'Write', 'Test']);
    await removeTodo(deps)(fromSelection);
    assert.deepEqual(list(), ['Test']);
    await takeBackTodo(deps)(row('Read'), [row('Read'), row('Write')]);
    assert.deepEqual(list(), ['Read', 'Write', 'Test']);
  });

  it('ask which todo is meant where none is named', async () => {
    const { deps, list } = setUp({ one: 'Test' });
    await markTodo(deps, 'in_progress')();
    assert.deepEqual(list(), ['Read', 'Write', 'Test in_progress']);
    await assert.rejects(takeBackTodo(setUp().deps)(), /no todos of that kind/);
  });

  it('ask what a todo says, and take an empty answer for none', async () => {
    const { deps, row, list } = setUp({ text: ' Read all ' });
    await editTodo(deps)(row('Read'));
    assert.deepEqual(list(), ['Read all', 'Write', 'Test']);
    await assert.rejects(addTodo(deps)(), /says this already/);
    const left = setUp();
    await addTodo(left.deps)();
    assert.deepEqual(left.list(), ['Read', 'Write', 'Test']);
    const added = setUp({ text: 'Deploy' });
    await addTodo(added.deps)();
    assert.deepEqual(added.list(), ['Read', 'Write', 'Test', 'Deploy']);
  });

  it('set a priority', async () => {
    const { deps, row, list } = setUp({ one: 'high' });
    await prioritizeTodo(deps)(row('Read'));
    assert.deepEqual(list(), ['Read high', 'Write', 'Test']);
  });

  it('move one or several by a place, as far as there is one', async () => {
    const { deps, list, select } = setUp();
    select('Test');
    await moveTodo(deps, 'up')(fromSelection);
    assert.deepEqual(list(), ['Read', 'Test', 'Write']);
    select('Read', 'Test');
    await moveTodo(deps, 'down')(fromSelection);
    assert.deepEqual(list(), ['Write', 'Read', 'Test']);
    await moveTodo(deps, 'down')(fromSelection);
    assert.deepEqual(list(), ['Write', 'Read', 'Test']);
    select('Read');
    await moveTodo(deps, 'up')(fromSelection);
    await moveTodo(deps, 'up')(fromSelection);
    assert.deepEqual(list(), ['Read', 'Write', 'Test']);
  });
});
