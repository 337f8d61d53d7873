import assert from 'node:assert/strict';
import { ChangedTodos } from '../../../src/companion/changedTodos.ts';
import { Emitter } from '../../../src/core/event.ts';
import type { CompanionState } from '../../../src/core/state/companions.ts';
import { referTo } from '../../../src/core/todos/editTodos.ts';
import type { ShownTodo } from '../../../src/core/todos/shownTodos.ts';
import { readTodoEdits } from '../../../src/core/todos/todoProof.ts';
import { TodoStore } from '../../../src/core/todos/todoStore.ts';
import type { RelayRequest } from '../../../src/flows/relaying/relayLegs.ts';
import { TodoEditing } from '../../../src/flows/todos/todoEditing.ts';
import { TodoRecord } from '../../../src/flows/todos/todoRecord.ts';
import { TodoTelling } from '../../../src/flows/todos/todoTelling.ts';
import type { RelayLeg } from '../../../src/protocol/pending.ts';
import type { Session, Todo } from '../../../src/protocol/records.ts';
import { allAbilities, aServer } from '../commands/commands.ts';
import { aLeg, aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

const proof = aProof();
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const plan: readonly Todo[] = ['Read', 'Write', 'Test'].map((content) => ({
  content,
  status: 'pending',
  priority: 'medium',
}));
const log = { debug: () => undefined, info: () => undefined, warn: assert.fail, error: assert.fail };

/** A server with one session, and a window on it. */
function setUp({
  companion,
  archived,
  abilities = allAbilities,
}: {
  readonly companion?: CompanionState;
  readonly archived?: number;
  readonly abilities?: typeof allAbilities;
} = {}) {
  const time = { created: 1, updated: 1, ...(archived === undefined ? {} : { archived }) };
  let session = aSession({ id: 'ses_1', agent: 'build', model: { providerID: 'local', id: 'echo' }, time });
  let list = plan;
  const sessions = aStore([session]);
  const todos = new TodoStore();
  todos.load('ses_1', list);
  const server = aServer(
    {
      getSession: () => session,
      updateSession: (_, change) => write(change),
      listTodos: () => list,
    },
    abilities,
  );
  const write = (change: Partial<Session>): Session => {
    session = { ...session, ...change };
    sessions.apply({ type: 'session.updated', properties: { info: session } });
    return session;
  };
  let revisions = 0;
  let now = 0;
  const timers = new Set<() => void>();
  const startTimer = (callback: () => void) => {
    timers.add(callback);
    return { dispose: () => void timers.delete(callback) };
  };
  let writes: Promise<unknown> = Promise.resolve();
  const makeRecord = (name: string) =>
    new TodoRecord({
      openCode: server.openCode,
      proof,
      writeInTurn: <T>(_: string, act: () => Promise<T>): Promise<T> => {
        const done = writes.then(act, act);
        writes = done;
        return done;
      },
      makeRevision: () => `${name} ${(revisions += 1)}`,
      wait: () => Promise.resolve(),
      startTimer: () => ({ dispose: () => undefined }),
      log,
    });
  const record = makeRecord('one');
  const ids = { now: () => (now += 1), random: () => 0.5 };
  const editing = new TodoEditing({ openCode: server.openCode, sessions, todos, record, ids, log });
  const asked: RelayRequest[] = [];
  const pending: RelayLeg[] = [];
  const states = new Map<string, CompanionState>();
  const didChangeCompanions = new Emitter<void>();
  const setCompanion = (state: CompanionState): void => {
    states.set(session.directory, state);
    didChangeCompanions.fire();
  };
  const telling = new TodoTelling({
    ...server,
    sessions,
    todos,
    record,
    load: () => Promise.resolve(),
    relays: {
      pending: () => pending,
      add: async (_, told) => {
        asked.push(...told);
        pending.push(...told.map(({ messageId = '', text }) => aLeg(messageId, { text, silent: true })));
      },
      edit: async (_, messageId, { text }) => {
        const at = pending.findIndex((leg) => leg.messageId === messageId);
        pending[at] = aLeg(messageId, { text, silent: true });
      },
    },
    companions: { states, onDidChange: didChangeCompanions.event },
    startTimer,
    log,
  });
  if (companion !== undefined) setCompanion(companion);
  return {
    editing,
    telling,
    record,
    other: makeRecord('two'),
    server,
    asked,
    pending,
    setCompanion,
    write,
    executor: { todos: record, sessions, flow: { openCode: server.openCode } } as Parameters<
      ChangedTodos['amend']
    >[0],
    session: () => session,
    shown: () => editing.shown('ses_1') ?? assert.fail('no list'),
    refer: (content: string) => {
      const shown = editing.shown('ses_1') ?? [];
      return referTo(shown, shown.find(({ todo }) => todo.content === content) ?? assert.fail(content));
    },
    agentWrites: async (written: readonly Todo[]) => {
      list = written;
      todos.apply({ type: 'todo.updated', properties: { sessionID: 'ses_1', todos: [...written] } });
      await settled();
    },
    pass: async () => {
      const due = [...timers];
      timers.clear();
      for (const callback of due) callback();
      await settled();
    },
  };
}

const saying = (shown: readonly ShownTodo[]): string[] =>
  shown.map(({ todo, isPending }) => `${todo.content} ${todo.status}${isPending ? ' *' : ''}`);

describe('A change of the todos', () => {
  it('is kept with the session and shown as not seen, until the agent’s list says it', async () => {
    const { editing, refer, shown, agentWrites, session } = setUp();
    await editing.change('ses_1', [refer('Write')], { status: 'completed' });
    assert.deepEqual(saying(shown()), ['Read pending', 'Write completed *', 'Test pending']);
    await agentWrites([{ content: 'Write', status: 'in_progress', priority: 'medium' }]);
    assert.deepEqual(saying(shown()), ['Write completed *']);
    await agentWrites([{ content: 'Write', status: 'completed', priority: 'medium' }]);
    assert.deepEqual(saying(shown()), ['Write completed']);
    assert.deepEqual(readTodoEdits(proof, session())?.edits, []);
    await agentWrites([{ content: 'Write', status: 'pending', priority: 'medium' }]);
    assert.deepEqual(saying(shown()), ['Write pending'], 'what the agent does later is the agent’s');
  });

  it('is done again where another window wrote over it', async () => {
    const { editing, refer, shown, write, session, other } = setUp();
    const before = session().metadata;
    await editing.change('ses_1', [refer('Write')], { status: 'completed' });
    // Another window wrote what it had read before.
    write({ metadata: before });
    await settled();
    assert.deepEqual(saying(shown())[1], 'Write completed *');
    // One that has read it takes it out.
    await other.change('ses_1', (wanted) => ({ ...wanted, edits: [] }));
    await settled();
    assert.deepEqual(saying(shown())[1], 'Write pending');
  });

  it('counts for nothing where no editor of this user wrote it for this session', async () => {
    const { editing, refer, session } = setUp();
    await editing.change('ses_1', [refer('Write')], { status: 'completed' });
    assert.ok(readTodoEdits(proof, session()));
    assert.equal(readTodoEdits(aProof('another'), session()), undefined);
    assert.equal(readTodoEdits(proof, { ...session(), id: 'ses_2' }), undefined);
  });

  it('is refused in a sentence where there are no todos, and in the archive', async () => {
    const add = (editing: TodoEditing) =>
      editing.add('ses_1', { content: 'Deploy', status: 'pending', priority: 'medium' });
    await assert.rejects(add(setUp({ abilities: { ...allAbilities, todos: false } }).editing), /no todos/);
    await assert.rejects(add(setUp({ archived: 2 }).editing), /is archived/);
  });
});

describe('An agent whose todos a person changes', () => {
  it('is asked once, with all that was changed, where no companion runs', async () => {
    const { editing, refer, asked, pass } = setUp({ companion: { kind: 'none' } });
    await editing.change('ses_1', [refer('Write')], { status: 'completed' });
    await editing.add('ses_1', { content: 'Deploy', status: 'pending', priority: 'high' });
    await pass();
    await pass();
    assert.equal(asked.length, 1);
    assert.match(asked[0]?.text ?? '', /"Write" is done[\s\S]*added "Deploy"[\s\S]*4\. Deploy/);
    assert.equal(asked[0]?.silent, true);
    assert.equal(asked[0]?.agent, 'build');
  });

  it('is asked by the same message as long as that waits, and by another one afterwards', async () => {
    const { editing, refer, asked, pending, pass } = setUp({ companion: { kind: 'none' } });
    await editing.change('ses_1', [refer('Write')], { status: 'completed' });
    await pass();
    await editing.remove('ses_1', [refer('Test')]);
    await pass();
    assert.equal(pending.length, 1);
    assert.match(pending[0]?.text ?? '', /removed "Test"/);
    pending.length = 0;
    await editing.change('ses_1', [refer('Read')], { priority: 'low' });
    await pass();
    assert.equal(asked.length, 2);
    assert.notEqual(asked[0]?.messageId, asked[1]?.messageId);
  });

  it('is asked by nobody as long as it is not known whether a companion runs, nor where one does it', async () => {
    const { editing, refer, asked, setCompanion, pass } = setUp();
    await editing.change('ses_1', [refer('Write')], { status: 'completed' });
    await pass();
    assert.equal(asked.length, 0);
    setCompanion({ kind: 'running', version: '1', hooks: [], todos: true });
    await pass();
    assert.equal(asked.length, 0);
    // An earlier one knows nothing of it.
    setCompanion({ kind: 'running', version: '1', hooks: [] });
    await pass();
    assert.equal(asked.length, 1);
  });
});

describe('The companion', () => {
  const call = { tool: 'todowrite', sessionId: 'ses_1', callId: 'call_1' };

  it('puts a change into the list that is written, in place, and tells of it once', async () => {
    const { editing, refer, executor, agentWrites, session } = setUp();
    await editing.change('ses_1', [refer('Write')], { status: 'completed' });
    const changed = new ChangedTodos();
    const todos = plan.map((todo) => ({ ...todo, id: todo.content }));
    await changed.amend(executor, call, { todos });
    assert.deepEqual(todos[1], { content: 'Write', status: 'completed', priority: 'medium', id: 'Write' });
    await agentWrites(todos);
    const [note, ...others] = await changed.takeAfter(executor, call);
    assert.match(note ?? '', /"Write" is done[\s\S]*is now:\n1\. Read/);
    assert.equal(others.length, 0);
    assert.deepEqual(readTodoEdits(proof, session())?.edits, []);
    assert.deepEqual(await changed.takeAfter(executor, { ...call, tool: 'read' }), []);
    assert.equal(await changed.takeNote(executor, 'ses_1'), undefined);
  });

  it('puts it into another list of the same step, and into none of the next', async () => {
    const { editing, refer, executor, agentWrites } = setUp();
    await editing.change('ses_1', [refer('Write')], { status: 'completed' });
    const changed = new ChangedTodos();
    const first = { todos: plan.map((todo) => ({ ...todo })) };
    await changed.amend(executor, call, first);
    await agentWrites(first.todos);
    await changed.takeAfter(executor, call);
    const second = { todos: plan.map((todo) => ({ ...todo })) };
    await changed.amend(executor, { ...call, callId: 'call_2' }, second);
    assert.equal(second.todos[1]?.status, 'completed');
    changed.beginStep('ses_1');
    const third = { todos: plan.map((todo) => ({ ...todo })) };
    await changed.amend(executor, { ...call, callId: 'call_3' }, third);
    assert.equal(third.todos[1]?.status, 'pending');
  });

  it('tells with the answer of any other call, once, and leaves the change to be written', async () => {
    const { editing, refer, executor, shown } = setUp();
    await editing.remove('ses_1', [refer('Write')]);
    const changed = new ChangedTodos();
    const other = { ...call, tool: 'read' };
    const [note] = await changed.takeAfter(executor, other);
    assert.match(note ?? '', /removed "Write"[\s\S]*Write exactly this list/);
    assert.deepEqual(await changed.takeAfter(executor, other), []);
    assert.deepEqual(saying(shown()), ['Read pending', 'Write pending *', 'Test pending']);
  });

  it('leaves alone what is no list of todos, and lists where nothing was changed', async () => {
    const { editing, refer, executor } = setUp();
    const changed = new ChangedTodos();
    const untouched = { todos: [{ content: 'Read', status: 'pending' }] };
    await changed.amend(executor, call, untouched);
    assert.deepEqual(untouched, { todos: [{ content: 'Read', status: 'pending' }] });
    await editing.change('ses_1', [refer('Write')], { status: 'completed' });
    for (const args of [undefined, 'todos', { todos: 'none' }, { todos: [{ text: 'Read' }] }]) {
      const before = JSON.stringify(args);
      await changed.amend(executor, call, args);
      assert.equal(JSON.stringify(args), before);
    }
  });
});
