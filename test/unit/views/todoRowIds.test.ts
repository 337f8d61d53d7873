import assert from 'node:assert/strict';
import { addTodo, changeTodos, referTo } from '../../../src/core/todos/editTodos.ts';
import { noWishes, showTodos, type WantedTodos } from '../../../src/core/todos/shownTodos.ts';
import type { Todo } from '../../../src/protocol/records.ts';
import { RowIds } from '../../../src/views/todos/rowIds.ts';

const todo = (content: string): Todo => ({ content, status: 'pending', priority: 'medium' });

describe('The names of rows of todos', () => {
  it('stay while a todo is edited, until the agent has written it, and after that', () => {
    const ids = new RowIds();
    const list = [todo('Read'), todo('Write'), todo('Write')];
    const before = showTodos(list, noWishes);
    const names = ids.name(before);
    assert.equal(new Set(names).size, 3);
    const [, , second] = before;
    assert.ok(second);
    const wanted = changeTodos([referTo(before, second)], ['edit'], { content: 'Say' })(list, noWishes);
    assert.deepEqual(ids.name(showTodos(list, wanted)), names);
    const written = [todo('Write'), todo('Read'), todo('Say')];
    const [read, write, say] = names;
    assert.deepEqual(ids.name(showTodos(written, noWishes)), [write, read, say]);
  });

  it('stay for one that was added, and are others for what comes in its place', () => {
    const ids = new RowIds();
    const none: WantedTodos = noWishes;
    const wanted = addTodo('edit', todo('Deploy'))([], none);
    const [added] = ids.name(showTodos([], wanted));
    assert.deepEqual(ids.name(showTodos([todo('Deploy')], none)), [added]);
    assert.notDeepEqual(ids.name(showTodos([todo('Review')], none)), [added]);
  });
});
