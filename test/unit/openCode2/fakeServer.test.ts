import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ScriptedModel, startScriptedModel } from '../../workbench/scriptedModel.ts';
import { FakeClient, type SeenEvent } from './fakeClient.ts';

interface Session {
  readonly id: string;
  readonly title?: string;
  readonly outcome?: string;
  readonly fork?: unknown;
  readonly metadata?: unknown;
}

interface Message {
  readonly id: string;
  readonly type: string;
  readonly content?: readonly {
    readonly type: string;
    readonly state?: { readonly status: string; readonly metadata?: unknown };
  }[];
}

interface Form {
  readonly id: string;
  readonly sessionID: string;
}

interface Item {
  readonly id: string;
  readonly delivery: string;
}

const step = ['step.started', 'text.started', 'text.ended', 'step.ended'];
const turn = ['inbox.enqueued', 'execution.started', 'inbox.delivered', ...step, 'execution.succeeded'];
const toolStep = ['step.started', 'tool.input.started', 'tool.input.ended', 'tool.called'];

describe('the fake OpenCode 2.x', () => {
  let model: ScriptedModel;
  let server: FakeClient;
  let names = 0;

  before(async () => {
    model = await startScriptedModel();
    server = await FakeClient.start(model.url);
  });

  after(async () => {
    await server.stop();
    await server.home.remove();
    await model.close();
  });

  /** With a title, so that none is made for it. */
  async function create(fields: object = {}): Promise<string> {
    const location = { directory: server.home.workspace };
    const { id } = await server.data<Session>('POST', '/api/session', {
      title: `S ${++names}`,
      location,
      ...fields,
    });
    await server.until(({ type, data }) => type === 'session.created' && data.sessionID === id);
    return id;
  }

  const at = (id: string, path: string): string => `/api/session/${id}${path}`;

  async function prompt(id: string, text: string, fields: object = {}): Promise<Item> {
    return server.data<Item>('POST', at(id, '/prompt'), { text, ...fields });
  }

  const heard = (id: string, type: string, count = 1): Promise<SeenEvent> => server.heard(id, type, count);

  /** Waits until a person is asked, and answers as one would. */
  async function decide(id: string, decision: string, message?: string): Promise<void> {
    const { data } = await heard(id, 'permission.asked');
    const path = at(id, `/permission/${String(data['id'])}/reply`);
    await server.data('POST', path, { decision, message });
  }

  const ended = (id: string, how = 'succeeded', count = 1): Promise<SeenEvent> =>
    heard(id, `session.execution.${how}`, count);

  async function messages(id: string): Promise<readonly Message[]> {
    return server.data<Message[]>('GET', at(id, '/message?order=asc'));
  }

  const session = (id: string): Promise<Session> => server.data<Session>('GET', at(id, ''));

  it('answers a prompt, and says so in the order of events', async () => {
    const id = await create();
    await prompt(id, 'think: so\nsay: Hello there.');
    await ended(id);
    const thought = ['reasoning.started', 'reasoning.ended'];
    assert.deepEqual(server.sequence(id), ['created', ...turn.slice(0, 4), ...thought, ...turn.slice(4)]);
    const of = server.events.filter(({ data }) => data.sessionID === id);
    const started = of.find(({ type }) => type === 'session.execution.started');
    assert.equal(started?.location, undefined);
    assert.equal(of[0]?.location?.directory, server.home.workspace);
    assert.ok(server.comments.includes('heartbeat'));
    assert.deepEqual(
      (await messages(id)).map(({ type }) => type),
      ['user', 'assistant', 'idle'],
    );
    assert.equal((await session(id)).outcome, 'succeeded');
  });

  it('gives a session without a title one after its turn', async () => {
    const id = await create({ title: undefined });
    await prompt(id, 'say: A name.');
    const named = await heard(id, 'session.renamed');
    assert.equal(named.data['title'], 'A name.');
    assert.deepEqual(server.sequence(id), ['created', ...turn, 'renamed']);
  });

  it('asks before a command, runs it once it may, and records it by its own name', async () => {
    const id = await create();
    await prompt(id, 'tool: bash {"command":"echo $((40+2))"}\nsay: Ran.');
    const asked = await heard(id, 'permission.asked');
    assert.deepEqual(await server.data('GET', '/api/permission/request'), [asked.data]);
    await decide(id, 'once');
    await ended(id);
    const called = [...toolStep, 'permission.asked', 'permission.replied', 'tool.success', 'step.ended'];
    assert.deepEqual(server.sequence(id), [
      'created',
      ...turn.slice(0, 3),
      ...called,
      ...step,
      'execution.succeeded',
    ]);
    const [, answer] = await messages(id);
    assert.deepEqual(answer?.content?.[0], {
      ...answer?.content?.[0],
      name: 'shell',
      state: {
        ...answer?.content?.[0]?.state,
        status: 'completed',
        content: [{ type: 'text', text: '42\n' }],
      },
    });
  });

  it('takes a rejection without a word for an end, and one with a word for an answer', async () => {
    const [id, other] = [await create(), await create()];
    for (const [one, message] of [
      [id, undefined],
      [other, 'Not here.'],
    ] as const) {
      await prompt(one, 'tool: bash {"command":"echo no"}\nsay: On.');
      await decide(one, 'reject', message);
    }
    const interrupted = await ended(id, 'interrupted');
    assert.equal(interrupted.data['reason'], 'shutdown');
    assert.deepEqual(server.sequence(id).slice(-4), [
      'permission.replied',
      'tool.failed',
      'step.failed',
      'execution.interrupted',
    ]);
    assert.equal((await session(id)).outcome, undefined);
    await ended(other);
    assert.equal((await session(other)).outcome, 'succeeded');
  });

  it('saves what is always allowed for the project, and lets it be withdrawn', async () => {
    const id = await create();
    await prompt(id, 'tool: bash {"command":"true always"}\nsay: One.');
    await decide(id, 'always');
    await ended(id);
    const { projectID } = await server.data<{ projectID: string }>('GET', at(id, ''));
    const saved = `/api/permission/saved?projectID=${projectID}`;
    const [rule] = await server.data<{ id: string; action: string; resource: string }[]>('GET', saved);
    assert.deepEqual([rule?.action, rule?.resource], ['shell', 'true *']);
    await prompt(id, 'tool: bash {"command":"true again"}\nsay: Two.');
    await ended(id, 'succeeded', 2);
    await server.data('DELETE', `/api/permission/saved/${rule?.id}`);
    assert.deepEqual(await server.data('GET', saved), []);
  });

  it('asks questions in forms, and refuses answers to other fields', async () => {
    const id = await create();
    const questions = [{ question: 'Which?', header: 'DB', options: [{ label: 'PG', description: 'p' }] }];
    await prompt(id, `tool: question ${JSON.stringify({ questions })}\nsay: Well.`);
    const formOf = ({ data }: SeenEvent): Form => data['form'] as Form;
    const created = await server.until((event) => formOf(event)?.sessionID === id);
    const form = formOf(created);
    const wrong = await server.ask('POST', at(id, `/form/${form.id}/reply`), { answer: { q9: 'PG' } });
    assert.deepEqual([wrong.status, (wrong.body as { _tag: string })._tag], [400, 'FormInvalidAnswerError']);
    await server.data('POST', at(id, `/form/${form.id}/reply`), { answer: { q0: 'PG' } });
    await ended(id);
    const called = [...toolStep, 'form.replied', 'tool.success', 'step.ended'];
    assert.deepEqual(server.sequence(id), [
      'created',
      ...turn.slice(0, 3),
      ...called,
      ...step,
      'execution.succeeded',
    ]);
    const [, answer] = await messages(id);
    assert.deepEqual(answer?.content?.[0]?.state?.metadata, { answers: [['PG']] });
    const again = await server.ask('POST', at(id, `/form/${form.id}/reply`), { answer: { q0: 'PG' } });
    assert.equal(again.status, 409);
  });

  it('has a subagent work in a child, which takes over what its parent has', async () => {
    const id = await create({ metadata: { mark: 1 } });
    await prompt(
      id,
      'tool: task {"description":"Look","prompt":"say: Found.","subagent_type":"helper"}\nsay: Good.',
    );
    await ended(id);
    const made = server.events.find(
      ({ type, data }) => type === 'session.created' && data['parentID'] === id,
    );
    const child = made?.data.sessionID ?? assert.fail('no child');
    assert.deepEqual(server.sequence(child), ['created', ...turn]);
    assert.deepEqual((await session(child)).metadata, { mark: 1 });
    const [, answer] = await messages(id);
    assert.deepEqual(answer?.content?.[0]?.state?.metadata, { sessionID: child, status: 'completed' });
    const order = server.events.filter(({ type }) => /execution\.succeeded$|tool\.success$/.test(type));
    assert.deepEqual(
      order
        .filter(({ data }) => data.sessionID === id || data.sessionID === child)
        .map(({ data }) => data.sessionID),
      [child, id, id],
    );
  });

  it('stops at once, keeps what was said, and leaves what waits for the next prompt', async () => {
    const id = await create();
    await prompt(id, 'say: Half \nhold: stop\nsay: never');
    await model.reached('stop');
    await heard(id, 'session.text.delta');
    const queued = await prompt(id, 'say: Queued.', { delivery: 'queue' });
    assert.deepEqual(await server.data('GET', '/api/session/active'), { [id]: { type: 'running' } });
    assert.deepEqual((await server.ask('POST', at(id, '/interrupt'))).body, { interrupted: true });
    const interrupted = await ended(id, 'interrupted');
    assert.equal(interrupted.data['reason'], 'user');
    assert.deepEqual(server.sequence(id).slice(-4), [
      'inbox.enqueued',
      'text.ended',
      'step.failed',
      'execution.interrupted',
    ]);
    assert.deepEqual((await server.ask('POST', at(id, '/interrupt'))).body, { interrupted: false });
    assert.deepEqual(
      (await server.data<Item[]>('GET', at(id, '/inbox'))).map((item) => item.id),
      [queued.id],
    );
    await prompt(id, 'say: Next.');
    await ended(id);
    assert.deepEqual(await server.data('GET', at(id, '/inbox')), []);
    assert.equal(server.sequence(id).filter((type) => type === 'execution.started').length, 2);
  });

  it('ends a run with the error of the provider', async () => {
    const id = await create();
    await prompt(id, 'fail: 400 x* no credit');
    const failed = await ended(id, 'failed');
    assert.deepEqual(failed.data['error'], { type: 'provider.api', message: 'no credit', status: 400 });
    assert.deepEqual(server.sequence(id), [
      'created',
      ...turn.slice(0, 3),
      'step.started',
      'step.failed',
      'execution.failed',
    ]);
  });

  it('steers prompts in at the next step, and takes queued ones in turn, in one execution', async () => {
    const id = await create();
    const first = await prompt(id, 'hold: busy\nsay: One.');
    await model.reached('busy');
    const later = await prompt(id, 'say: Three.', { delivery: 'queue' });
    const steered = await prompt(id, 'say: Two.');
    const dropped = await prompt(id, 'say: Never.', { delivery: 'queue' });
    await server.data('DELETE', at(id, `/inbox/${dropped.id}`));
    model.release('busy');
    await ended(id);
    const delivered = server.events.filter(
      ({ type, data }) => type === 'session.inbox.delivered' && data.sessionID === id,
    );
    assert.deepEqual(
      delivered.map(({ data }) => data['inboxID']),
      [first.id, steered.id, later.id],
    );
    assert.equal(server.sequence(id).filter((type) => type.startsWith('execution.')).length, 2);
  });

  it('admits the same prompt once, and keeps one that shall not begin for the next', async () => {
    const id = await create();
    const own = `msg_${id}`;
    const one = await prompt(id, 'say: Waits.', { id: own, resume: false });
    assert.deepEqual(await prompt(id, 'say: Waits.', { id: own }), one);
    assert.equal((await server.ask('GET', at(id, `/message/${own}`))).status, 404);
    await prompt(id, 'say: Both.');
    await ended(id);
    assert.equal((await server.ask('GET', at(id, `/message/${own}`))).status, 200);
    const missing = await server.ask('POST', at(id, '/prompt'), {
      text: 'x',
      files: [{ uri: 'file:///no/such' }],
    });
    assert.deepEqual([missing.status, (missing.body as { field: string }).field], [400, 'files']);
  });

  it('leaves the prompt of an agent that is not there in the inbox', async () => {
    const id = await create({ agent: 'nobody' });
    const item = await prompt(id, 'say: Hello.');
    const failed = await ended(id, 'failed');
    assert.deepEqual(failed.data['error'], { type: 'unknown', message: 'Agent not found: nobody' });
    assert.deepEqual(server.sequence(id), [
      'created',
      'inbox.enqueued',
      'execution.started',
      'execution.failed',
    ]);
    assert.deepEqual(await server.data('GET', at(id, '/inbox')), [item]);
    await server.data('POST', at(id, '/agent'), { agent: 'reviewer' });
    assert.equal((await heard(id, 'session.agent.selected')).data['previous'], 'nobody');
  });

  it('compacts, and tells of what is too short for it by the event of the compaction', async () => {
    const id = await create();
    await server.data('POST', at(id, '/compact'), {});
    await ended(id);
    assert.deepEqual(server.sequence(id).slice(3), [
      'inbox.delivered',
      'compaction.started',
      'compaction.failed',
      'execution.succeeded',
    ]);
    await prompt(id, 'say: Something.');
    await ended(id, 'succeeded', 2);
    await server.data('POST', at(id, '/compact'), {});
    await ended(id, 'succeeded', 3);
    assert.deepEqual(server.sequence(id).slice(-4), [
      'inbox.delivered',
      'compaction.started',
      'compaction.ended',
      'execution.succeeded',
    ]);
    const seen = await server.data<Message[]>('GET', at(id, '/context'));
    assert.equal(seen[0]?.type, 'compaction');
  });

  it('forks before a message, without an event of its making, and names the source', async () => {
    const id = await create({ metadata: { mark: 1 } });
    assert.equal((await server.ask('POST', at(id, '/fork'), {})).status, 400);
    await prompt(id, 'say: One.');
    await ended(id);
    const second = await prompt(id, 'say: Two.');
    await ended(id, 'succeeded', 2);
    const fork = await server.data<Session>('POST', at(id, '/fork'), { before: second.id });
    await heard(fork.id, 'session.forked');
    assert.deepEqual(server.sequence(fork.id), ['forked']);
    assert.deepEqual(fork.fork, { sessionID: id, boundary: { type: 'before', messageID: second.id } });
    assert.deepEqual([fork.title, fork.metadata], [`S ${names} (fork #1)`, { mark: 1 }]);
    const original = (await messages(id)).slice(0, 3);
    const copied = await messages(fork.id);
    assert.deepEqual(
      copied.map(({ type }) => type),
      original.map(({ type }) => type),
    );
    assert.ok(copied.every((copy) => !original.some((message) => message.id === copy.id)));
  });

  it('changes title and metadata whole, and deletes children first, what is busy too', async () => {
    const id = await create({ metadata: { old: 1 } });
    await server.data('PATCH', at(id, ''), { title: 'Other', metadata: { fresh: 1 } });
    assert.deepEqual((await session(id)).metadata, { fresh: 1 });
    const child = await create({ parentID: id });
    await prompt(child, 'hold: deleted');
    await model.reached('deleted');
    await server.data('DELETE', at(id, ''));
    await heard(id, 'session.deleted');
    assert.deepEqual(server.sequence(id), ['created', 'renamed', 'metadata.updated', 'deleted']);
    assert.deepEqual(server.sequence(child).slice(-3), ['step.failed', 'execution.interrupted', 'deleted']);
    const gone = server.events
      .filter(({ type }) => type === 'session.deleted')
      .map(({ data }) => data.sessionID);
    assert.ok(gone.indexOf(child) < gone.indexOf(id));
    assert.deepEqual((await server.ask('GET', at(id, ''))).status, 404);
  });

  it('puts files and messages back, and drops them with the next prompt', async () => {
    const id = await create();
    const file = join(server.home.workspace, 'README.md');
    const before = await readFile(file, 'utf8');
    await prompt(id, 'say: First.');
    await ended(id);
    const edit = { filePath: 'README.md', oldString: 'A workspace', newString: 'Edited' };
    const { id: changing } = await prompt(id, `tool: edit ${JSON.stringify(edit)}\nsay: Done.`);
    await ended(id, 'succeeded', 2);
    const after = await readFile(file, 'utf8');
    const [change, ...others] = await server.data<{ file: string; additions: number }[]>(
      'GET',
      at(id, '/diff'),
    );
    assert.deepEqual([change?.file, change?.additions, others], ['README.md', 1, []]);
    await server.data('POST', at(id, '/revert/stage'), { messageID: changing, files: true });
    assert.equal(await readFile(file, 'utf8'), before);
    await server.data('DELETE', at(id, '/revert'));
    assert.equal(await readFile(file, 'utf8'), after);
    await server.data('POST', at(id, '/revert/stage'), { messageID: changing, files: true });
    await prompt(id, 'say: Otherwise.');
    await ended(id, 'succeeded', 3);
    const reverts = server.sequence(id).filter((type) => type.startsWith('revert.'));
    assert.deepEqual(reverts, ['revert.staged', 'revert.cleared', 'revert.staged', 'revert.committed']);
    assert.ok((await messages(id)).every((message) => message.id !== changing));
  });

  it('answers one question without a trace in the session', async () => {
    const id = await create();
    assert.deepEqual(await server.data('POST', at(id, '/generate'), { prompt: 'say: {"a":1}' }), {
      text: '{"a":1}',
    });
    assert.deepEqual(await messages(id), []);
  });

  it('pages from the newest on, to an empty page', async () => {
    const id = await create();
    await prompt(id, 'say: One.');
    await ended(id);
    interface Paged {
      readonly data: readonly Message[];
      readonly cursor: { readonly next: string | null };
    }
    const page = async (query: string): Promise<Paged> =>
      (await server.ask('GET', at(id, `/message?${query}`))).body as Paged;
    const first = await page('limit=2');
    assert.deepEqual(
      first.data.map(({ type }) => type),
      ['idle', 'assistant'],
    );
    const cursor = { id: first.data[1]?.id, order: 'desc', direction: 'next' };
    const own = Buffer.from(JSON.stringify(cursor)).toString('base64url');
    const second = await page(`limit=2&cursor=${own}`);
    assert.deepEqual(
      second.data.map(({ type }) => type),
      ['user'],
    );
    assert.deepEqual(await page(`cursor=${second.cursor.next}`), {
      data: [],
      cursor: { previous: null, next: null },
    });
    assert.equal((await server.ask('GET', at(id, `/message?order=asc&cursor=${own}`))).status, 400);
    assert.equal((await server.ask('GET', at(id, '/message?limit=201'))).status, 400);
  });

  it('tells itself from 1.18: a page outside of the API, nothing at other routes, and no answer without a password', async () => {
    const health = await server.ask('GET', '/global/health', undefined, { authorization: '' });
    assert.match(String(health.body), /^<!doctype html>/);
    assert.deepEqual(await server.ask('GET', '/api/health'), { status: 404, body: undefined });
    const info = await server.ask('GET', '/api/info', undefined, { authorization: '' });
    assert.deepEqual([info.status, (info.body as { _tag: string })._tag], [401, 'UnauthorizedError']);
    const { version, pid } = (await server.ask('GET', '/api/info')).body as { version: string; pid: number };
    assert.deepEqual([version, pid], ['2.0.26', server.process.pid]);
  });

  it('has keys in what it says of models and providers, as the real one has', async () => {
    for (const path of ['/api/model', '/api/provider']) {
      assert.match(JSON.stringify(await server.data('GET', path)), /"apiKey":"none"/);
    }
    const agents = await server.data<{ id: string }[]>('GET', '/api/agent');
    assert.ok(agents.some(({ id }) => id === 'reviewer'));
    assert.deepEqual(await server.data('GET', '/api/fs/find?query=read'), [
      { path: 'README.md', type: 'file' },
    ]);
  });

  it('lists in its description whatever was asked of it here', async () => {
    const { paths } = (await server.ask('GET', '/openapi.json')).body as { paths: Record<string, object> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), pieces: path.split('/') })),
    );
    const isListed = (line: string): boolean => {
      const [method, path = ''] = line.split(' ');
      const asked = path.split('/');
      return routes.some(
        (route) =>
          route.method === method &&
          route.pieces.length === asked.length &&
          route.pieces.every((piece, at) => piece === asked[at] || piece.startsWith('{')),
      );
    };
    const missing = [...server.used].filter((line) => !isListed(line));
    assert.deepEqual(missing, ['GET /global/health', 'GET /api/health', 'GET /openapi.json']);
  });
});
