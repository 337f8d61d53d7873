import assert from 'node:assert/strict';
import { join } from 'node:path';
import { addTodo, changeTodos } from '../../../src/core/todos/editTodos.ts';
import { isNothing } from '../../../src/core/todos/shownTodos.ts';
import { createCompanionFiles } from '../../../src/editor/keeping/companionFiles.ts';
import { makeMessageId } from '../../../src/core/turns/messageId.ts';
import { TodoRecord } from '../../../src/flows/todos/todoRecord.ts';
import { companionQuestion } from '../../../src/protocol/companion.ts';
import type { ServerEventOf } from '../../../src/protocol/events.ts';
import type { Session, Todo } from '../../../src/protocol/records.ts';
import { authorizationHeader } from '../../../src/server/http/endpoint.ts';
import { type ScriptedModel, startScriptedModel } from '../../workbench/scriptedModel.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { allow, answersOf, call, linesOf } from '../companion/companionRoom.ts';
import { endRelays, ids, model, relaysOf, say, untilQuiet } from '../continuation/room.ts';
import { type FlowWindow, openFlowWindow } from './flowWindow.ts';
import { type SecondServer, startSecondServer } from './secondServer.ts';

const built = join(import.meta.dirname, '../../../dist/companion.js');

const todo = (content: string, status: Todo['status'] = 'pending'): Todo => ({
  content,
  status,
  priority: 'medium',
});

describe('the companion within OpenCode 2.x', function () {
  this.timeout(60_000);
  let scripted: ScriptedModel;
  let server: SecondServer;
  let window: FlowWindow;

  const post = async (path: string, body: object = {}): Promise<void> => {
    const response = await fetch(server.endpoint.url + path, {
      method: 'POST',
      headers: {
        ...authorizationHeader(server.endpoint),
        'content-type': 'application/json',
        'x-opencode-directory': encodeURIComponent(server.workspace),
      },
      body: JSON.stringify(body),
    });
    assert.ok(response.ok, `${path} was answered with ${response.status}`);
  };
  const newSession = (title = 'Parser'): Promise<Session> =>
    window.openCode.createSession({ directory: server.workspace, title, agent: 'build', model });
  const ask = async (): Promise<ServerEventOf<'companion.answered'>['properties']> => {
    const before = window.events.length;
    await window.openCode.giveSign(server.workspace, companionQuestion);
    const isAnswer = (event: { type: string }): boolean => event.type === 'companion.answered';
    const answer = await waitFor(() => window.events.slice(before).find(isAnswer), { what: 'an answer' });
    return (answer as ServerEventOf<'companion.answered'>).properties;
  };

  before(async () => {
    scripted = await startScriptedModel();
    const plugins = [{ package: built, options: {} }];
    server = await startSecondServer({
      modelUrl: scripted.url,
      environment: { OPENCODE_CONFIG_CONTENT: JSON.stringify({ plugins }) },
    });
    // A person's own copy stands where “Install Companion…” writes it, beside the one that an editor hands in.
    const files = createCompanionFiles({
      version: '0.0.0',
      source: built,
      environment: server.environment,
      home: server.home,
    });
    const place = { kind: 'folder', directory: server.workspace } as const;
    await files.install(place, await files.look(place));
    window = await openFlowWindow(server);
    await ask();
  });
  afterEach(endRelays);
  after(async () => {
    window.close();
    await server.stop();
    await scripted.close();
  });

  it('is among the plugins, says who it is, and that its hooks are called', async () => {
    assert.ok(await window.openCode.hasCompanion(server.workspace));
    const answer = await ask();
    assert.equal(answer.directory, server.workspace);
    assert.equal(answer.todos, true);
    assert.deepEqual(answer.atOnce, ['event']);
    assert.ok(answer.hooks.includes('event'), answer.hooks.join());
    assert.ok(window.openCode.abilities.todos, 'it keeps the todos that the server does not');
  });

  it('has one of two copies pass the turn on, which the other agent answers once', async () => {
    const session = await newSession();
    await say(
      window,
      session,
      `${call('session', { mode: 'message', agent: 'build', text: 'say: mine now' })} ;; say: over`,
    );
    await untilQuiet(window, session);
    const lines = await linesOf(window, session);
    assert.equal(lines.filter((line) => line.startsWith('build: mine now')).length, 1, lines.join('\n'));
    assert.match((await answersOf(window, session, 'session'))[0] ?? '', /goes on with your text/);
  });

  it('has a fork begun, and says at the tool which agents there are', async () => {
    const session = await newSession();
    await say(window, session, 'say: first');
    await say(window, session, `${call('session', { mode: 'fork', text: 'say: forked' })} ;; say: over`);
    const fork = await waitFor(
      async () =>
        (await window.openCode.listSessions(server.workspace)).find((one) => one.fork?.from === session.id),
      { what: 'the fork' },
    );
    await untilQuiet(window, fork);
    assert.ok((await linesOf(window, fork)).some((line) => line.startsWith('build: forked')));
    const { body } = scripted.requests.findLast(({ tools }) => tools.includes('session')) ?? assert.fail();
    assert.match(JSON.stringify(body.tools), /Agents: [^"]*\bplan\b/);
  });

  it('asks the person before another session is written to, and passes on what is allowed', async () => {
    const [from, to] = [await newSession('From'), await newSession('To')];
    await say(window, to, 'say: here');
    const running = say(
      window,
      from,
      `${call('session_send', { sessionID: to.id, text: 'The port is 8080.' })} ;; say: sent`,
    );
    const asked = await allow(window, from, 'message');
    assert.deepEqual(asked.patterns, [to.id]);
    await running;
    await waitFor(
      async () => (await linesOf(window, to)).some((line) => line.includes('The port is 8080.')),
      {
        what: 'the message',
      },
    );
  });

  it('tells a session that works between two steps, once', async () => {
    const session = await newSession();
    const { relays } = relaysOf(window, 'w1');
    const running = say(window, session, 'hold: begun ;; tool: read {"path":"README.md"} ;; say: read it');
    await scripted.reached('begun');
    await relays.add(session.id, [{ agent: 'build', model, text: 'The port is 9090 by now.', silent: true }]);
    scripted.release('begun');
    await running;
    const told = scripted.requests.filter(({ messages }) =>
      messages.some(({ role, text }) => role === 'tool' && text.includes('The port is 9090')),
    );
    assert.ok(told.length > 0, 'the next step has read it');
    await waitFor(() => relays.pending(session.id).length === 0, { what: 'nothing that waits' });
  });

  it('keeps todos, tells of them, and puts into the next list what a person changed, of which the agent is told', async () => {
    const session = await newSession();
    const { relays } = relaysOf(window, 'w1');
    const record = new TodoRecord({
      ...window,
      writeInTurn: (...written) => relays.writeInTurn(...written),
      makeRevision: () => makeMessageId(ids),
    });
    const write = (...todos: readonly Todo[]): string => call('todowrite', { todos });
    await say(window, session, `${write(todo('Read'), todo('Write'))} ;; say: planned`);
    const list = await window.openCode.listTodos(session.id);
    assert.deepEqual(list, [todo('Read'), todo('Write')]);
    const isTold = (event: { type: string }): boolean => event.type === 'todo.updated';
    assert.deepEqual(window.events.find(isTold)?.properties, { sessionID: session.id, todos: list });
    await record.wish(session.id, (wanted) => ({
      ...changeTodos([{ content: 'Write', nth: 0 }], ['e1'], { status: 'completed' })(list, wanted),
      note: makeMessageId(ids),
    }));
    await record.wish(session.id, (wanted) => addTodo('e2', todo('Deploy'))(list, wanted));
    await say(window, session, `${write(todo('Read', 'completed'), todo('Write'))} ;; say: done`);
    assert.deepEqual(await window.openCode.listTodos(session.id), [
      todo('Read', 'completed'),
      todo('Write', 'completed'),
      todo('Deploy'),
    ]);
    assert.ok(isNothing(record.of(await window.openCode.getSession(session.id))), 'the list says it all');
    const { messages } = await window.openCode.listMessages(session.id, { limit: 20 });
    const prompt = messages.findLast(({ info }) => info.role === 'user');
    assert.deepEqual(
      prompt?.parts.map(
        (part) => part.type === 'text' && [part.synthetic === true, part.text.split('\n')[0]],
      ),
      [
        [false, `${write(todo('Read', 'completed'), todo('Write'))} ;; say: done`],
        [true, 'The user changed the todo list:'],
      ],
    );
    const other = await newSession('Other');
    assert.deepEqual(await window.openCode.listTodos(other.id), [], 'each session has its own');
    record.dispose();
  });

  it('has a compaction keep the open todos', async () => {
    const session = await newSession();
    await say(window, session, `${call('todowrite', { todos: [todo('Deploy')] })} ;; say: planned`);
    const { messages } = await window.openCode.listMessages(session.id, { limit: 20 });
    await window.openCode.compactSession(session, { model, guidance: '', messages });
    const asked = scripted.requests.findLast(({ kind }) => kind === 'compaction') ?? assert.fail();
    assert.match(asked.system, /Deploy/);
  });

  it('stands once more where the server loads its plugins anew, and did not stay twice', async () => {
    await post('/api/location/reload');
    await ask();
    const session = await newSession();
    await say(
      window,
      session,
      `${call('session', { mode: 'message', agent: 'build', text: 'say: anew' })} ;; say: over`,
    );
    await untilQuiet(window, session);
    assert.equal((await linesOf(window, session)).filter((line) => line.startsWith('build: anew')).length, 1);
  });
});
