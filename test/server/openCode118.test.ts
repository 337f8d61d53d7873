import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusyProblem, NotFoundProblem, Problem } from '../../src/core/errors.ts';
import type { OpenCode, PageEnd, Prompt } from '../../src/core/ports/openCode.ts';
import { TodoStore } from '../../src/core/todos/todoStore.ts';
import { promptAttachments } from '../../src/core/prompts/promptAttachments.ts';
import { toAttachmentPart } from '../../src/core/prompts/promptText.ts';
import { toSelectionAttachment } from '../../src/core/prompts/selectionAttachment.ts';
import type { ServerEvent } from '../../src/protocol/events.ts';
import { makeMessageId } from '../../src/core/turns/messageId.ts';
import type { AssistantMessage, Session } from '../../src/protocol/records.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type RunningOpenCode, startOpenCode, withSnapshots } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';

const model = { providerID: 'local', modelID: 'steady' };

const echo = (text: string) => ({ command: `echo ${text}`, agent: 'build', model });

describe('OpenCode 1.18 through the port', () => {
  let scripted: ScriptedModel;
  let server: RunningOpenCode;
  let window: ConnectedWindow;
  let openCode: OpenCode;
  const todos = new TodoStore();

  const create = (rest: object = {}): Promise<Session> =>
    openCode.createSession({ directory: server.workspace, title: 'A session', ...rest });
  const prompt = (session: Session, text: string, rest: Partial<Prompt> = {}): Promise<void> =>
    openCode.promptSession(session.id, { agent: 'build', model, parts: [{ type: 'text', text }], ...rest });
  const until = (what: string, fits: (event: ServerEvent) => boolean) => window.untilEvent(what, fits);
  const untilIdle = ({ id }: Session) =>
    until(
      'the end of the run',
      (event) => event.type === 'session.idle' && event.properties.sessionID === id,
    );
  const answers = async (session: Session): Promise<AssistantMessage[]> => {
    const { messages } = await openCode.listMessages(session.id, { limit: 100 });
    return messages.map(({ info }) => info).filter((info) => info.role === 'assistant');
  };
  const texts = async (session: Session): Promise<string[]> => {
    const { messages } = await openCode.listMessages(session.id, { limit: 100 });
    return messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
    );
  };

  before(async () => {
    scripted = await startScriptedModel();
    server = await startOpenCode({ modelUrl: scripted.url, environment: withSnapshots });
    window = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      sinks: [todos],
    });
    await window.connection.connect();
    ({ openCode } = window.connection);
  });

  after(async () => {
    window.close();
    await server.stop();
    await scripted.close();
  });

  it('keeps the picture that was read with the call, as data and without a name', async () => {
    const data =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const filePath = join(server.workspace, 'a.png');
    await writeFile(filePath, data, 'base64');
    const session = await create();
    await prompt(session, `tool: read ${JSON.stringify({ filePath })}\nsay: Seen.`);
    await untilIdle(session);
    const { messages } = await openCode.listMessages(session.id, { limit: 100 });
    const calls = messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool'));
    const url = `data:image/png;base64,${data}`;
    assert.deepEqual(
      calls.flatMap(({ state }) => (state.status === 'completed' ? state.attachments : [])),
      [{ mime: 'image/png', url }],
    );
  });

  it('streams an answer and keeps our message id', async () => {
    const session = await create();
    const messageId = 'msg_0000000000abcdefghijklmnop';
    await prompt(session, 'think: Let me see.\nsay: Hello there', { messageId });
    const delta = await until(
      'a streamed piece',
      (event) => event.type === 'message.part.delta' && event.properties.sessionID === session.id,
    );
    assert.equal(delta.type, 'message.part.delta');
    await untilIdle(session);
    assert.deepEqual(
      (await answers(session)).map(({ parentID }) => parentID),
      [messageId],
    );
    assert.deepEqual(await texts(session), ['think: Let me see.\nsay: Hello there', 'Hello there']);
  });

  it('tells agent, model and variant to the server, and asks that model', async () => {
    const session = await create();
    await prompt(session, 'say: seen', {
      agent: 'plan',
      model: { providerID: 'local', modelID: 'thinker', variant: 'high' },
    });
    await untilIdle(session);
    const { agent, model: used } = await openCode.getSession(session.id);
    assert.equal(agent, 'plan');
    assert.deepEqual(used, { providerID: 'local', id: 'thinker', variant: 'high' });
    const request = scripted.requests.findLast(({ kind, model }) => kind === 'turn' && model === 'thinker');
    assert.ok(request !== undefined);
  });

  it('reads the selected lines of a file for the model, and takes those of an unsaved one as they are', async () => {
    const session = await create();
    const outside = await mkdtemp(join(tmpdir(), 'opencode-sessions-'));
    const path = join(outside, 'cart.ts');
    await writeFile(path, 'one\ntwo\nthree\nfour\n');
    const selection = { isEmpty: false, start: { line: 1 }, end: { line: 2, character: 1 } };
    const unsaved = { path: 'Untitled-1', isSaved: false, selection, text: 'fünf “$5”' };
    const attachments = [
      toSelectionAttachment({ path, isSaved: true, selection, text: '' }),
      toSelectionAttachment(unsaved),
    ];
    await prompt(session, 'say: read', {
      parts: [{ type: 'text', text: 'say: read' }, ...attachments.map(toAttachmentPart)],
    });
    await untilIdle(session);
    await rm(outside, { recursive: true });
    const seen = scripted.requests.findLast(({ kind }) => kind === 'turn')?.messages ?? [];
    const told = seen.map(({ text }) => text).join('\n');
    assert.match(told, /2: two\n3: three\n/);
    assert.doesNotMatch(told, /\bone\b|\bfour\b/);
    assert.match(told, /Untitled-1:2–3[^]*fünf “\$5”/);
    const [sent] = (await openCode.listMessages(session.id, { limit: 100 })).messages;
    assert.deepEqual(sent && promptAttachments(sent, session.directory), attachments);
  });

  it('brings the todos of an agent to the todo store', async () => {
    const session = await create();
    const list = [{ content: 'Read', status: 'in_progress', priority: 'high' }];
    await prompt(session, `tool: todowrite ${JSON.stringify({ todos: list })}\nsay: noted`);
    await untilIdle(session);
    assert.deepEqual(todos.get(session.id), list);
    assert.deepEqual(await openCode.listTodos(session.id), list);
  });

  it('answers a permission, and the tool goes on', async () => {
    const session = await create();
    await prompt(session, 'tool: bash {"command":"echo allowed > said.txt","description":"says"}\nsay: ok');
    const [request] = await waitFor(
      () => window.sessions.permissions(session.id).length > 0 && window.sessions.permissions(session.id),
      { what: 'the permission request' },
    );
    assert.equal(request?.permission, 'bash');
    await openCode.replyPermission(server.workspace, request, 'once');
    await untilIdle(session);
    assert.equal(await readFile(join(server.workspace, 'said.txt'), 'utf8'), 'allowed\n');
    assert.deepEqual(window.sessions.permissions(session.id), []);
    await assert.rejects(
      openCode.replyPermission(server.workspace, request, 'once'),
      (error) => error instanceof NotFoundProblem && /answered already/.test(error.message),
    );
  });

  it('answers a question with a choice', async () => {
    const session = await create();
    const questions = [
      { question: 'Which?', header: 'Choice', options: [{ label: 'A', description: 'first' }] },
    ];
    await prompt(session, `tool: question ${JSON.stringify({ questions })}\nsay: thanks`);
    const [request] = await waitFor(
      () => window.sessions.questions(session.id).length > 0 && window.sessions.questions(session.id),
      { what: 'the question' },
    );
    await openCode.replyQuestion(server.workspace, request ?? assert.fail(), [['A']]);
    await untilIdle(session);
    assert.ok((await texts(session)).includes('thanks'));
    assert.deepEqual(window.sessions.questions(session.id), []);
  });

  it('shows a subagent as a session below its parent', async () => {
    const session = await create();
    const task = { description: 'look it up', prompt: 'say: found', subagent_type: 'helper' };
    await prompt(session, `tool: task ${JSON.stringify(task)}\nsay: told`);
    await untilIdle(session);
    const child = window.sessions.all().find(({ parentID }) => parentID === session.id);
    assert.equal(child?.agent, 'helper');
  });

  it('stops a run, and its session is idle again', async () => {
    const session = await create();
    await prompt(session, 'say: begun\nhold: stopped');
    await scripted.reached('stopped');
    assert.equal(window.sessions.status(session.id).type, 'busy');
    await assert.rejects(openCode.revertSession(session.id, 'msg_1'), BusyProblem);
    await openCode.abortSession(session.id);
    await untilIdle(session);
    assert.equal(window.sessions.status(session.id).type, 'idle');
    assert.equal(window.ends.of(session.id)?.kind, 'aborted');
  });

  it('tells what the provider refused', async () => {
    const session = await create();
    await prompt(session, 'fail: 400 x* the account is empty');
    await untilIdle(session);
    const end = window.ends.of(session.id);
    assert.equal(end?.kind === 'failed' && end.error.data.message, 'the account is empty');
  });

  it('shows that a failed request is tried again', async () => {
    const session = await create();
    await prompt(session, 'fail: 503 overloaded\nsay: came through');
    await until(
      'the retry',
      (event) =>
        event.type === 'session.status' &&
        event.properties.sessionID === session.id &&
        event.properties.status.type === 'retry',
    );
    await untilIdle(session);
    assert.ok((await texts(session)).includes('came through'));
  });

  it('gives a structured answer', async () => {
    const session = await create();
    const schema = { type: 'object', properties: { files: { type: 'array', items: { type: 'string' } } } };
    const parts = [{ type: 'text' as const, text: 'structured: {"files":["a.ts"]}' }];
    await openCode.extractFromSession(session.id, { agent: 'build', model, parts }, schema);
    await untilIdle(session);
    // The server cannot list a session that holds such a prompt (1.18), so the answer is taken from its event.
    const event = window.events.findLast(
      (event) =>
        event.type === 'message.updated' &&
        event.properties.info.sessionID === session.id &&
        event.properties.info.role === 'assistant',
    );
    assert.ok(event?.type === 'message.updated' && event.properties.info.role === 'assistant');
    assert.deepEqual(event.properties.info.structured, { files: ['a.ts'] });
    const { info } = await openCode.getMessage(session.id, event.properties.info.id);
    assert.deepEqual(info.role === 'assistant' && info.structured, { files: ['a.ts'] });
  });

  it('forks before a message, renames, archives and takes out of the archive', async () => {
    const session = await create({ metadata: { own: 1 } });
    await prompt(session, 'say: one');
    await untilIdle(session);
    const { messages } = await openCode.listMessages(session.id, { limit: 10 });
    const whole = await openCode.forkSession(session.id);
    const empty = await openCode.forkSession(session.id, messages[0]?.info.id);
    assert.equal((await openCode.listMessages(whole.id, { limit: 10 })).messages.length, messages.length);
    assert.equal((await openCode.listMessages(empty.id, { limit: 10 })).messages.length, 0);
    assert.deepEqual(whole.metadata, { own: 1 });
    await openCode.updateSession(whole.id, { title: 'Renamed', archived: 5 });
    assert.equal((await openCode.getSession(whole.id)).time.archived, 5);
    const back = await openCode.updateSession(whole.id, { archived: 0 });
    assert.deepEqual([back.title, back.time.archived], ['Renamed', 0]);
  });

  it('compacts, reverts and takes the revert back', async () => {
    const session = await create();
    await prompt(session, 'say: one');
    await untilIdle(session);
    const { messages: before } = await openCode.listMessages(session.id, { limit: 10 });
    await openCode.compactSession(session, { model, guidance: '', messages: before });
    assert.ok((await answers(session)).some(({ summary }) => summary === true));
    const { messages } = await openCode.listMessages(session.id, { limit: 10 });
    const reverted = await openCode.revertSession(session.id, messages[0]?.info.id ?? '');
    assert.equal(reverted.revert?.messageID, messages[0]?.info.id);
    assert.equal((await openCode.unrevertSession(session.id)).revert, undefined);
  });

  it('pages through messages from the newest to the oldest', async () => {
    const session = await create();
    for (const text of ['first', 'second']) {
      const before = (await answers(session)).length;
      await prompt(session, `say: ${text}`);
      await waitFor(async () => (await answers(session)).filter((m) => m.finish === 'stop').length > before, {
        what: `the answer ${text}`,
      });
    }
    const newest = await openCode.listMessages(session.id, { limit: 3 });
    assert.equal(newest.messages.length, 3);
    assert.ok(newest.before !== undefined);
    const oldest = await openCode.listMessages(session.id, { limit: 3, before: newest.before });
    assert.equal(oldest.messages.length, 1);
    assert.equal(oldest.before, undefined);
  });

  it('pages from any message, and from any time', async () => {
    const session = await create();
    for (const text of ['first', 'second']) await openCode.runShell(session.id, echo(text));
    const { messages } = await openCode.listMessages(session.id, { limit: 10 });
    const ids = messages.map(({ info }) => info.id);
    const { id, time } = messages[2]?.info ?? assert.fail();
    const listBefore = async (before: PageEnd, limit = 2) => {
      return (await openCode.listMessages(session.id, { limit, before })).messages.map(({ info }) => info.id);
    };
    assert.deepEqual(await listBefore({ id, created: time.created }), ids.slice(0, 2));
    assert.deepEqual(await listBefore({ last: { id, created: time.created } }), ids.slice(1, 3));
    assert.deepEqual(await listBefore({ time: time.created + 1 }), ids.slice(1, 3));
    assert.deepEqual(await listBefore({ time: Date.now() + 1000 }), ids.slice(-2));
    const { before } = await openCode.listMessages(session.id, { limit: 2 });
    assert.ok(before !== undefined);
    assert.deepEqual(await listBefore(before, 10), ids.slice(0, 2));
  });

  it('runs a slash command and a shell command, each under a message id of our own', async () => {
    const session = await create();
    const ids = { now: Date.now, random: Math.random };
    const commandId = makeMessageId(ids);
    const tidy = { name: 'tidy', arguments: 'up', agent: 'build', model };
    await openCode.runCommand(session.id, { ...tidy, messageId: commandId });
    assert.ok((await texts(session)).includes('Tidied up'));
    assert.equal((await openCode.getMessage(session.id, commandId)).info.role, 'user');
    const shellId = makeMessageId(ids);
    await openCode.runShell(session.id, { ...echo('from the shell'), messageId: shellId });
    const { messages } = await openCode.listMessages(session.id, { limit: 2 });
    assert.equal(messages[0]?.info.id, shellId);
    const [part] = messages[1]?.parts.filter(({ type }) => type === 'tool') ?? [];
    assert.ok(part?.type === 'tool' && part.state.status === 'completed');
    assert.match(part.state.output, /from the shell/);
  });

  it('sends files along with a slash command', async () => {
    const session = await create();
    const messageId = makeMessageId({ now: Date.now, random: Math.random });
    const url =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const files = [{ type: 'file', mime: 'image/png', filename: 'shelf.png', url }] as const;
    const tidy = { name: 'tidy', arguments: 'up', agent: 'build', model, messageId };
    await openCode.runCommand(session.id, { ...tidy, files });
    const sent = await openCode.getMessage(session.id, messageId);
    assert.deepEqual(promptAttachments(sent, server.workspace), [
      { kind: 'data', mime: 'image/png', filename: 'shelf.png', url },
    ]);
  });

  it('lists agents, providers, commands, tools and files of a folder', async () => {
    const agents = await openCode.listAgents(server.workspace);
    assert.equal(agents.find(({ name }) => name === 'reviewer')?.mode, 'primary');
    assert.equal(agents.find(({ name }) => name === 'helper')?.mode, 'subagent');
    const { providers } = await openCode.listProviders(server.workspace);
    assert.deepEqual(Object.keys(providers[0]?.models ?? {}).sort(), [
      'brief',
      'gpt-patcher',
      'steady',
      'thinker',
    ]);
    assert.deepEqual(Object.keys(providers[0]?.models['thinker']?.variants ?? {}), ['low', 'medium', 'high']);
    assert.ok((await openCode.listCommands(server.workspace)).some(({ name }) => name === 'tidy'));
    assert.ok((await openCode.listToolIds(server.workspace)).includes('todowrite'));
    const [found] = await openCode.findFiles(server.workspace, 'READ');
    assert.equal(found, 'README.md');
  });

  it('lists more sessions than the server gives by itself, and none of the folder below', async () => {
    const many = await server.addWorkspace('many');
    await Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        openCode.createSession({ directory: many, title: `${index}` }),
      ),
    );
    const below = await openCode.createSession({ directory: join(server.workspace, 'below') });
    assert.equal((await openCode.listSessions(many)).length, 120);
    assert.ok(!(await openCode.listSessions(server.workspace)).some(({ id }) => id === below.id));
    assert.equal(window.sessions.get(below.id), undefined);
  });

  it('deletes a session that was stopped before', async () => {
    const session = await create();
    await prompt(session, 'say: begun\nhold: deleted');
    await scripted.reached('deleted');
    await openCode.abortSession(session.id);
    await untilIdle(session);
    await openCode.deleteSession(session.id);
    await waitFor(() => window.sessions.get(session.id) === undefined, { what: 'the session to go' });
    await assert.rejects(openCode.getSession(session.id), NotFoundProblem);
  });

  it('says in a sentence what is not there', async () => {
    const gone = 'ses_e0756a67affeAAAAAAAAAAAAAA';
    await assert.rejects(openCode.getSession(gone), {
      message: 'This session is not on the server any more.',
    });
    await assert.rejects(openCode.getSession('../config'), /is not the id of a session/);
    const session = await create();
    await assert.rejects(openCode.getMessage(session.id, 'msg_none'), {
      message: 'This message is not in the session any more.',
    });
    await assert.rejects(
      openCode.listMessages(session.id, { limit: 1, before: 'nonsense' }),
      (error) => error instanceof Problem && error.message.length > 0,
    );
  });

  it('tells what is asked of the client of its terminal, and in which folder', async () => {
    const authorization = `Basic ${btoa(`${server.username}:${server.password}`)}`;
    const publish = async (type: string, properties: Record<string, string>): Promise<void> => {
      const asked = new URL('/tui/publish', server.url);
      asked.searchParams.set('directory', server.workspace);
      const response = await fetch(asked, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ type, properties }),
      });
      assert.equal(response.status, 200);
    };
    const { id } = await create();
    await publish('tui.session.select', { sessionID: id });
    await until('the session that is to be gone to', (event) => {
      return event.type === 'tui.session.select' && event.properties.sessionID === id;
    });
    await publish('tui.command.execute', { command: 'session.list' });
    await until('the list that is to be shown', (event) => {
      return event.type === 'tui.command.execute' && event.properties.command === 'session.list';
    });
    await publish('tui.prompt.append', { text: 'Look at this.' });
    await until('the text for a prompt', ({ type, properties }) => {
      return type === 'tui.prompt.append' && properties.directory === server.workspace;
    });
  });
});
