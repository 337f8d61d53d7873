import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import type { CompanionState } from '../../../src/core/state/companions.ts';
import { Offers } from '../../../src/core/state/offers.ts';
import { addTodo, changeTodos, type TodosEdit } from '../../../src/core/todos/editTodos.ts';
import { isNothing, settleTodos } from '../../../src/core/todos/shownTodos.ts';
import { TodoStore } from '../../../src/core/todos/todoStore.ts';
import { makeMessageId } from '../../../src/core/turns/messageId.ts';
import { TodoRecord } from '../../../src/flows/todos/todoRecord.ts';
import { TodoTelling } from '../../../src/flows/todos/todoTelling.ts';
import type { Session, Todo } from '../../../src/protocol/records.ts';
import { ids, relaysOf, type Room, say, type Window, useRoom } from '../continuation/room.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { call, linesOf, useCompanionRoom } from './companionRoom.ts';

const todo = (content: string, status: Todo['status'] = 'pending'): Todo => ({
  content,
  status,
  priority: 'medium',
});
const toldBegin = 'The user changed the todo list';

/** What a person of that window wants of todos. */
function recordOf(window: Window) {
  const { relays } = relaysOf(window, 'w1');
  const record = new TodoRecord({
    ...window,
    writeInTurn: (...written) => relays.writeInTurn(...written),
    makeRevision: () => makeMessageId(ids),
  });
  const want = async ({ id }: Session, edit: TodosEdit): Promise<void> => {
    const list = await window.openCode.listTodos(id);
    const note = makeMessageId(ids);
    await record.wish(id, (wanted) => ({ ...edit(list, wanted), note }));
  };
  const wanted = async ({ id }: Session) => record.of(await window.openCode.getSession(id));
  return { record, relays, want, wanted };
}

const checkOff = (content: string): TodosEdit =>
  changeTodos([{ content, nth: 0 }], [`edit ${content}`], { status: 'completed' });

async function countTold(window: Window, { id }: Session): Promise<number> {
  const { messages } = await window.openCode.listMessages(id, { limit: 100 });
  // The scripted model repeats what it is told behind its own words.
  const told = messages.flatMap(({ info, parts }) =>
    parts.filter(({ type }) => info.role === 'user' || type === 'tool'),
  );
  return JSON.stringify(told).split(toldBegin).length - 1;
}

describe('todos that a person changes, with the companion', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened));

  const write = (...todos: readonly Todo[]): string => call('todowrite', { todos });

  it('are in the list that the agent writes next, which knew nothing of them, and the agent is told once', async () => {
    const session = await room.newSession(window);
    const { want, wanted } = recordOf(window);
    const plan = [todo('Read'), todo('Write')];
    const stale = [todo('Read', 'in_progress'), todo('Write'), todo('Test')];
    const running = say(
      window,
      session,
      [
        write(...plan),
        `hold: changing ;; ${write(...stale)}`,
        call('read', { filePath: 'README.md' }),
        'say: done',
      ].join(' ;; '),
    );
    await room.model.reached('changing');
    await want(session, checkOff('Write'));
    await want(session, addTodo('added', todo('Deploy')));
    room.model.release('changing');
    await running;
    assert.deepEqual(await window.openCode.listTodos(session.id), [
      todo('Read', 'in_progress'),
      todo('Write', 'completed'),
      todo('Test'),
      todo('Deploy'),
    ]);
    assert.ok(isNothing(await wanted(session)), 'the list says it all');
    assert.equal(await countTold(window, session), 1);
    const request = room.model.requests.findLast(({ messages }) =>
      JSON.stringify(messages).includes(toldBegin),
    );
    assert.ok(request, 'the next step has read it');
  });

  it('are told with the next step of any other kind', async () => {
    const session = await room.newSession(window);
    const { want, wanted } = recordOf(window);
    const running = say(
      window,
      session,
      [write(todo('Read')), `hold: reading ;; ${call('read', { filePath: 'README.md' })}`, 'say: done'].join(
        ' ;; ',
      ),
    );
    await room.model.reached('reading');
    await want(session, addTodo('added', todo('Deploy')));
    room.model.release('reading');
    await running;
    assert.equal(await countTold(window, session), 1);
    assert.ok(!isNothing(await wanted(session)), 'the agent has not written it');
    await say(window, session, `${write(todo('Read', 'completed'))} ;; say: written`);
    assert.deepEqual(await window.openCode.listTodos(session.id), [
      todo('Read', 'completed'),
      todo('Deploy'),
    ]);
    assert.ok(isNothing(await wanted(session)));
  });

  it('are told with the next prompt where the session rests, and begin nothing', async () => {
    const session = await room.newSession(window);
    const { want } = recordOf(window);
    await say(window, session, `${write(todo('Read'))} ;; say: written`);
    const before = (await linesOf(window, session)).length;
    await want(session, checkOff('Read'));
    assert.equal((await linesOf(window, session)).length, before);
    await say(window, session, 'say: What next?');
    const { messages } = await window.openCode.listMessages(session.id, { limit: 2 });
    const parts = messages[0]?.parts ?? [];
    assert.deepEqual(
      parts.map((part) => part.type === 'text' && [part.synthetic === true, part.text.split('\n')[0]]),
      [
        [false, 'say: What next?'],
        [true, `${toldBegin}:`],
      ],
    );
    await say(window, session, 'say: And then?');
    assert.equal(await countTold(window, session), 1);
  });
});

describe('todos that a person changes, without a companion', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useRoom((opened) => ({ room, window } = opened));

  it('are told in one message once the session rests, and stand until the agent has written them', async () => {
    const session = await room.newSession(window);
    const { record, relays, want, wanted } = recordOf(window);
    const todos = new TodoStore();
    const states = new Map<string, CompanionState>([[session.directory, { kind: 'none' }]]);
    const telling = new TodoTelling({
      ...window,
      todos,
      record,
      relays,
      offers: new Offers(window.openCode),
      companions: { states, onDidChange: new Emitter<void>().event },
      load: async (id) => todos.load(id, await window.openCode.listTodos(id)),
    });
    try {
      const running = say(
        window,
        session,
        `${call('todowrite', { todos: [todo('Read'), todo('Write')] })} ;; hold: working ;; say: done`,
      );
      await room.model.reached('working');
      await want(session, checkOff('Read'));
      await want(session, checkOff('Write'));
      await want(session, addTodo('added', todo('Deploy')));
      // It waits with the session.
      await waitFor(() => relays.pending(session.id).length === 1, { what: 'a message that waits' });
      room.model.release('working');
      await running;
      await waitFor(async () => (await linesOf(window, session)).at(-1)?.includes(toldBegin) === true, {
        what: 'to be told',
      });
      assert.equal(await countTold(window, session), 1);
      const list = [todo('Read', 'completed'), todo('Write', 'completed'), todo('Deploy')];
      await say(window, session, `${call('todowrite', { todos: list })} ;; say: written`);
      assert.ok(isNothing(settleTodos(await window.openCode.listTodos(session.id), await wanted(session))));
      assert.equal(await countTold(window, session), 1);
    } finally {
      telling.dispose();
    }
  });
});
