import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import type { OpenCode, Prompt } from '../../../src/core/ports/openCode.ts';
import { parseLineage } from '../../../src/protocol/lineage.ts';
import { isArchived } from '../../../src/core/sessions/sessionKind.ts';
import { loadMessagesBack } from '../../../src/core/transcript/messagesBack.ts';
import { makeMessageId } from '../../../src/core/turns/messageId.ts';
import type { ServerEvent, ServerEventOf } from '../../../src/protocol/events.ts';
import type { MessageWithParts, Session } from '../../../src/protocol/records.ts';
import { type ScriptedModel, startScriptedModel } from '../../workbench/scriptedModel.ts';
import { openSecondWindow, type SecondServer, type SecondWindow, startSecondServer } from './secondServer.ts';

const model = { providerID: 'local', modelID: 'steady' };
const key = 'sk-very-secret-key-0123456789';

describe('OpenCode 2.x through the port', () => {
  let scripted: ScriptedModel;
  let server: SecondServer;
  let window: SecondWindow;
  let openCode: OpenCode;

  const create = (rest: object = {}): Promise<Session> =>
    openCode.createSession({
      directory: server.workspace,
      title: 'A session',
      agent: 'build',
      model,
      ...rest,
    });
  const makeId = (): string => makeMessageId({ now: Date.now, random: Math.random });
  const prompt = async (session: Session, text: string, rest: Partial<Prompt> = {}): Promise<string> => {
    const messageId = makeId();
    await openCode.promptSession(session.id, {
      messageId,
      agent: 'build',
      model,
      parts: [{ type: 'text', text }],
      ...rest,
    });
    return messageId;
  };
  /** The end of the session's run that came after so many others. */
  const untilEnd = async ({ id }: Session, before = 0) => {
    let ends: readonly ServerEventOf<'turn.ended'>[] = [];
    await window.until('the end of the run', () => {
      ends = window.events.filter(
        (event) => event.type === 'turn.ended' && event.properties.sessionID === id,
      ) as typeof ends;
      return ends.length > before;
    });
    return ends[before]?.properties.outcome ?? assert.fail();
  };
  const run = async (session: Session, text: string, before = 0): Promise<string> => {
    const id = await prompt(session, text);
    await untilEnd(session, before);
    return id;
  };
  const list = async ({ id }: Session): Promise<readonly MessageWithParts[]> =>
    (await openCode.listMessages(id, { limit: 100 })).messages;
  const textsOf = (messages: readonly MessageWithParts[]): string[] =>
    messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? part.text : [])));
  const told = (type: ServerEvent['type']) => window.events.filter((event) => event.type === type);

  before(async () => {
    scripted = await startScriptedModel();
    const provider = { local: { options: { baseURL: scripted.url, apiKey: key } } };
    server = await startSecondServer({
      modelUrl: scripted.url,
      environment: { OPENCODE_CONFIG_CONTENT: JSON.stringify({ snapshot: true, provider }) },
    });
    window = await openSecondWindow(server);
    ({ openCode } = window);
  });

  after(async () => {
    window.close();
    await server.stop();
    await scripted.close();
  });

  it('makes, lists, changes, puts away and deletes sessions', async () => {
    const session = await create({ metadata: { theirs: 1 } });
    assert.equal(session.directory, server.workspace);
    assert.ok((await openCode.listSessions(server.workspace)).some(({ id }) => id === session.id));
    const rule = { permission: 'bash', pattern: 'ls', action: 'allow' as const };
    await openCode.updateSession(session.id, { permission: [rule] });
    const changed = await openCode.updateSession(session.id, {
      title: 'Named',
      permission: [{ ...rule, permission: 'webfetch' }],
    });
    assert.equal(changed.title, 'Named');
    assert.deepEqual(
      changed.permission?.map(({ permission }) => permission),
      ['shell', 'webfetch'],
    );
    const away = await openCode.updateSession(session.id, { archived: 1234 });
    assert.equal(away.time.archived, 1234);
    assert.equal(away.metadata?.['theirs'], 1);
    const back = await openCode.updateSession(session.id, { archived: 0 });
    assert.ok(!isArchived(back));
    await openCode.deleteSession(session.id);
    await window.until('the deletion', ({ type, properties }) =>
      type === 'session.deleted' ? properties.info.id === session.id : false,
    );
    await assert.rejects(openCode.getSession(session.id), NotFoundProblem);
  });

  it('answers a prompt under an id of ours, and tells live what is read afterwards', async () => {
    const session = await create();
    const id = await run(session, 'say: Hello there.');
    const messages = await list(session);
    assert.deepEqual(textsOf(messages), ['say: Hello there.', 'Hello there.']);
    const [asked, answer] = messages;
    assert.equal(asked?.info.id, id);
    assert.equal(asked.info.agent, 'build');
    assert.ok(answer?.info.role === 'assistant');
    assert.equal(answer.info.parentID, id);
    const live = told('message.updated').findLast(
      (event) => event.type === 'message.updated' && event.properties.info.id === answer.info.id,
    );
    const timeless = (info: unknown) => ({ ...(info as object), time: undefined });
    assert.ok(live?.type === 'message.updated');
    assert.deepEqual(timeless(live.properties.info), timeless(answer.info));
    const parts = window.events.flatMap((event) =>
      event.type === 'message.part.updated' && event.properties.part.messageID === answer.info.id
        ? event.properties.part.id
        : [],
    );
    assert.deepEqual(
      [...new Set(parts)],
      answer.parts.map((part) => part.id),
    );
  });

  it('keeps the texts of a prompt apart, with what they say of themselves', async () => {
    const session = await create();
    const metadata = { kind: 'note' };
    await prompt(session, '', {
      parts: [
        { type: 'text', text: 'say: Yes.' },
        { type: 'text', text: 'Context', synthetic: true, metadata },
      ],
    });
    await untilEnd(session);
    const [asked] = await list(session);
    assert.deepEqual(
      asked?.parts.map((part) => part.type === 'text' && [part.text, part.synthetic, part.metadata]),
      [
        ['say: Yes.', undefined, undefined],
        ['Context', true, metadata],
      ],
    );
  });

  it('switches the agent only where another one is asked', async () => {
    const session = await create();
    await run(session, 'say: One.');
    await prompt(session, 'say: Two.', { agent: 'reviewer' });
    await untilEnd(session, 1);
    assert.equal((await openCode.getSession(session.id)).agent, 'reviewer');
    const agents = (await list(session)).map(({ info }) => info.agent);
    assert.deepEqual(agents, ['build', 'build', 'reviewer', 'reviewer']);
  });

  it('gives back a prompt for an agent that there is not: nothing of it comes up later', async () => {
    const session = await create();
    const id = await prompt(session, 'say: Never.', { agent: 'nobody' });
    assert.equal((await untilEnd(session)).kind, 'failed');
    await window.until('the refusal', ({ type, properties }) =>
      type === 'session.error' ? properties.sessionID === session.id : false,
    );
    await assert.rejects(openCode.getMessage(session.id, id), NotFoundProblem);
    await run(session, 'say: Fine.', 1);
    assert.ok(!textsOf(await list(session)).some((text) => text.includes('Never')));
  });

  it('stops a run, and takes back what of ours waits behind it', async () => {
    const session = await create();
    await prompt(session, 'hold: stop ;; say: Late.');
    await scripted.reached('stop');
    const waiting = await prompt(session, 'say: Behind.');
    assert.equal((await openCode.getMessage(session.id, waiting)).info.id, waiting);
    assert.deepEqual(Object.keys(await openCode.listStatuses(server.workspace)), [session.id]);
    await openCode.abortSession(session.id);
    assert.equal((await untilEnd(session)).kind, 'aborted');
    await assert.rejects(openCode.getMessage(session.id, waiting), NotFoundProblem);
    scripted.release('stop');
  });

  it('tells a session something without a turn, which no answer answers', async () => {
    const session = await create();
    const toldId = makeId();
    const parts = [{ type: 'text' as const, text: 'By the way.' }];
    await openCode.tellSession(session.id, { messageId: toldId, agent: 'build', model, parts });
    assert.equal((await openCode.getMessage(session.id, toldId)).info.id, toldId);
    await window.until('its arrival', ({ type, properties }) =>
      type === 'message.admitted' ? properties.messageID === toldId : false,
    );
    const id = await run(session, 'say: Noted.');
    const messages = await list(session);
    assert.ok(messages.some(({ info }) => info.id === toldId));
    const answer = messages.at(-1)?.info;
    assert.equal(answer?.role === 'assistant' && answer.parentID, id);
  });

  it('asks for permissions, and hands on what a person says', async () => {
    const session = await create();
    await prompt(session, 'tool: shell {"command":"echo asked"}\nsay: Done.');
    const asked = (await window.until('the request', ({ type, properties }) =>
      type === 'permission.asked' ? properties.sessionID === session.id : false,
    )) as ServerEventOf<'permission.asked'>;
    const { properties: request } = asked;
    assert.deepEqual([request.permission, request.patterns], ['shell', ['echo asked']]);
    assert.deepEqual(await openCode.listPermissions(server.workspace), [request]);
    await openCode.replyPermission(server.workspace, request, 'once');
    assert.equal((await untilEnd(session)).kind, 'settled');
    await assert.rejects(openCode.replyPermission(server.workspace, request, 'once'), NotFoundProblem);
    const call = (await list(session)).flatMap(({ parts }) => parts).find((part) => part.type === 'tool');
    assert.ok(call?.type === 'tool' && call.state.status === 'completed');
    assert.equal(call.callID, request.tool?.callID);
    assert.match(call.state.output, /asked/);
  });

  it('ends a run as rejected whose permission a person refuses', async () => {
    const session = await create();
    await prompt(session, 'tool: shell {"command":"echo no"}\nsay: Done.');
    const asked = (await window.until('the request', ({ type, properties }) =>
      type === 'permission.asked' ? properties.sessionID === session.id : false,
    )) as ServerEventOf<'permission.asked'>;
    await openCode.replyPermission(server.workspace, asked.properties, 'reject');
    assert.equal((await untilEnd(session)).kind, 'rejected');
  });

  it('asks the questions of an agent, and answers them by what stands behind their labels', async () => {
    const session = await create();
    const questions = [
      { question: 'Which database?', header: 'DB', options: [{ label: 'PG', description: 'Postgres' }] },
      {
        question: 'Which parts?',
        header: 'Parts',
        options: [{ label: 'a' }, { label: 'b' }],
        multiple: true,
      },
    ];
    await prompt(session, `tool: question ${JSON.stringify({ questions })}\nsay: Done.`);
    const asked = (await window.until('the question', ({ type, properties }) =>
      type === 'question.asked' ? properties.sessionID === session.id : false,
    )) as ServerEventOf<'question.asked'>;
    assert.deepEqual(
      asked.properties.questions.map(({ question, multiple }) => [question, multiple]),
      [
        ['Which database?', false],
        ['Which parts?', true],
      ],
    );
    assert.deepEqual(await openCode.listQuestions(server.workspace), [asked.properties]);
    await openCode.replyQuestion(server.workspace, asked.properties, [['PG'], ['a', 'mine']]);
    assert.equal((await untilEnd(session)).kind, 'settled');
    const call = (await list(session)).flatMap(({ parts }) => parts).find((part) => part.type === 'tool');
    assert.deepEqual(call?.type === 'tool' && call.state.status === 'completed' && call.state.metadata, {
      answers: [['PG'], ['a', 'mine']],
    });
  });

  it('forks, says where a fork came from, and refuses an empty one', async () => {
    const session = await create();
    await assert.rejects(openCode.forkSession(session.id), Problem);
    await run(session, 'say: One.');
    const second = await run(session, 'say: Two.', 1);
    const fork = await openCode.forkSession(session.id, second);
    assert.deepEqual(textsOf(await list(fork)), ['say: One.', 'One.']);
    assert.deepEqual([parseLineage(fork)?.kind, parseLineage(fork)?.from], ['fork', session.id]);
    await window.until('the word of the fork', ({ type, properties }) =>
      type === 'session.created' ? properties.info.id === fork.id : false,
    );
  });

  it('compacts with guidance, and says where there is nothing to compact', async () => {
    const session = await create();
    await run(session, 'say: A long story.');
    const messages = await list(session);
    await openCode.compactSession(session, { model, guidance: 'Keep the story.', messages });
    const summary = (await list(session)).find(
      ({ info }) => info.role === 'assistant' && info.summary === true,
    );
    assert.ok(summary?.info.role === 'assistant');
    assert.ok(summary.info.time.completed !== undefined && summary.info.error === undefined);
    const request = scripted.requests.findLast(({ kind }) => kind === 'compaction');
    assert.ok(request?.messages.some(({ text }) => text.includes('Keep the story.')));
    const empty = await create();
    await assert.rejects(openCode.compactSession(empty, { model, guidance: '', messages: [] }), Problem);
  });

  it('takes files back to before a prompt, and puts them there again', async () => {
    const session = await create({ permission: [{ permission: '*', pattern: '*', action: 'allow' }] });
    const id = await run(session, 'tool: write {"path":"made.txt","content":"made"}\nsay: Done.');
    const diff = await openCode.diffMessage(session.id, id);
    assert.deepEqual(
      diff.map(({ file, status }) => [file, status]),
      [['made.txt', 'added']],
    );
    const reverted = await openCode.revertSession(session.id, id);
    assert.equal(reverted.revert?.messageID, id);
    assert.equal((await openCode.unrevertSession(session.id)).revert, undefined);
    await openCode.revertSession(session.id, id);
    await run(session, 'say: Anew.', 1);
    await window.until('the removal', ({ type, properties }) =>
      type === 'message.removed' ? properties.messageID === id : false,
    );
    assert.ok(!(await list(session)).some(({ info }) => info.id === id));
  });

  it('runs a command, and says under which id its answers know it', async () => {
    const session = await create();
    const messageId = makeId();
    await openCode.runCommand(session.id, {
      name: 'tidy',
      arguments: 'all',
      agent: 'build',
      model,
      messageId,
    });
    const admitted = (await window.until('the word of it', ({ type, properties }) =>
      type === 'message.admitted' ? properties.messageID === messageId : false,
    )) as ServerEventOf<'message.admitted'>;
    const outcome = await untilEnd(session);
    assert.ok(outcome.kind === 'settled');
    assert.equal(outcome.answer.parentID, admitted.properties.as);
    assert.deepEqual(textsOf(await list(session)), ['say: Tidied all', 'Tidied all']);
  });

  it('reads an answer in JSON out of what a model says', async () => {
    const session = await create();
    await openCode.extractFromSession(
      session.id,
      {
        messageId: makeId(),
        agent: 'build',
        model,
        parts: [{ type: 'text', text: 'say: Well: {"goal":"g"}' }],
      },
      { type: 'object' },
    );
    const outcome = await untilEnd(session);
    assert.ok(outcome.kind === 'settled');
    const [, answer] = await list(session);
    assert.ok(answer?.info.role === 'assistant');
    assert.deepEqual([outcome.answer.structured, answer.info.structured], [{ goal: 'g' }, { goal: 'g' }]);
  });

  it('runs a line of the person', async () => {
    const session = await create();
    const messageId = makeId();
    await openCode.runShell(session.id, { command: 'echo mine', agent: 'build', model, messageId });
    const [shell] = await list(session);
    assert.equal(shell?.info.id, messageId);
    const [call] = shell.parts;
    assert.ok(call?.type === 'tool' && call.state.status === 'completed');
    assert.match(call.state.output, /mine/);
    await window.until('the word of it', ({ type, properties }) =>
      type === 'message.updated'
        ? properties.info.id === messageId && properties.info.role === 'assistant'
        : false,
    );
  });

  it('offers agents, models, commands and files, and reads no key', async () => {
    const { workspace } = server;
    await mkdir(join(workspace, 'deep'), { recursive: true });
    await writeFile(join(workspace, 'deep', 'needle.ts'), '');
    const offered = await Promise.all([
      openCode.listAgents(workspace),
      openCode.listProviders(workspace),
      openCode.listCommands(workspace),
      openCode.findFiles(workspace, 'needle'),
      openCode.hasCompanion(workspace),
    ]);
    const [agents, { providers }, , files, hasCompanion] = offered;
    assert.ok(agents.some(({ name }) => name === 'build'));
    assert.ok(Object.keys(providers.find(({ id }) => id === 'local')?.models ?? {}).includes('steady'));
    assert.deepEqual(files, ['deep/needle.ts']);
    assert.equal(hasCompanion, false);
    const response = await fetch(`${server.endpoint.url}/api/model?location[directory]=${workspace}`, {
      headers: {
        authorization: `Basic ${Buffer.from(`opencode:${server.endpoint.password}`).toString('base64')}`,
      },
    });
    assert.ok((await response.text()).includes(key), 'the server does answer with it');
    assert.ok(!JSON.stringify(offered).includes(key));
    assert.ok(!window.logged.join('\n').includes(key));
  });

  it('reads a long session page by page, from any place in it', async () => {
    const session = await create();
    for (let turn = 0; turn < 6; turn += 1) await run(session, `say: ${turn}.`, turn);
    const all = await list(session);
    assert.equal(all.length, 12);
    const ids = (messages: readonly MessageWithParts[]) => messages.map(({ info }) => info.id);
    assert.deepEqual(ids(await loadMessagesBack(openCode, session.id, () => false, 5)), ids(all));
    const place = { id: all[6]?.info.id ?? '', created: all[6]?.info.time.created ?? 0 };
    const before = await openCode.listMessages(session.id, { limit: 3, before: place });
    assert.deepEqual(ids(before.messages), ids(all.slice(3, 6)));
    const upTo = await openCode.listMessages(session.id, { limit: 3, before: { last: place } });
    assert.deepEqual(ids(upTo.messages), ids(all.slice(4, 7)));
    const early = await openCode.listMessages(session.id, { limit: 3, before: { time: place.created } });
    assert.deepEqual(ids(early.messages), ids(all.slice(3, 6)));
    for (const message of all)
      assert.deepEqual(await openCode.getMessage(session.id, message.info.id), message);
  });

  it('takes a file of 20 MB along, and none of it into the log', async () => {
    const session = await create();
    const file = join(server.workspace, 'large.png');
    const bytes = randomBytes(20_000_000);
    await writeFile(file, bytes);
    const url = `file://${file}`;
    await prompt(session, '', {
      parts: [
        { type: 'text', text: 'say: Large.' },
        { type: 'file', mime: 'image/png', url, filename: 'large.png' },
      ],
    });
    await untilEnd(session);
    const [asked] = await list(session);
    assert.ok(asked?.parts.some((part) => part.type === 'file' && part.filename === 'large.png'));
    assert.ok(!window.logged.join('\n').includes(bytes.subarray(0, 300).toString('base64').slice(0, 300)));
  });
});
