import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { endProcess, makeOpenCodeHome, type OpenCodeHome } from '../../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../../workbench/scriptedModel.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { FakeClient, fakeProgram } from './fakeClient.ts';

const run = promisify(execFile);

interface Session {
  readonly id: string;
  readonly title: string;
  readonly outcome?: string;
}

interface Message {
  readonly type: string;
  readonly content?: readonly { readonly text?: string; readonly name?: string }[];
  readonly error?: { readonly type: string };
}

const plugin = `export default {
  id: 'companion',
  async setup(ctx) {
    ctx.tool.transform((tools) => tools.add({
      name: 'todowrite',
      description: 'Keeps a list',
      input: { type: 'object' },
      execute: async (input, { sessionID, progress }) => {
        progress({ half: true });
        await ctx.storage.set('todos', input);
        return { content: [{ type: 'text', text: 'kept' }], metadata: { sessionID } };
      },
    }));
    ctx.tool.hook('execute.after', (e) => void e.result.content.push({ type: 'text', text: 'and seen' }));
    ctx.session.hook('context', (e) => void e.system.push('Mind the companion.'));
    ctx.rpc.register('todos', () => ctx.storage.get('todos'));
  },
};`;

describe('the program of the fake OpenCode 2.x', () => {
  let model: ScriptedModel;

  before(async () => {
    model = await startScriptedModel();
  });

  after(() => model.close());

  const endings: (() => Promise<unknown>)[] = [];

  // In the opposite order: homes go last.
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  async function makeHome(): Promise<OpenCodeHome> {
    const home = await makeOpenCodeHome({ modelUrl: model.url });
    endings.push(() => home.remove());
    return home;
  }

  /** Starts a server, in a home of its own or in that of another one. */
  async function start(options: Parameters<typeof FakeClient.start>[1] = {}): Promise<FakeClient> {
    const server = await FakeClient.start(model.url, options);
    if (options.home === undefined) endings.push(() => server.home.remove());
    endings.push(() => server.stop());
    return server;
  }

  function spawnFake(
    home: OpenCodeHome,
    args: readonly string[],
    password?: string,
  ): ChildProcessWithoutNullStreams {
    const env = { ...home.environment, ...(password === undefined ? {} : { OPENCODE_PASSWORD: password }) };
    const child = spawn(fakeProgram, args, { cwd: home.workspace, env });
    endings.push(() => endProcess(child));
    return child;
  }

  async function startSession(server: FakeClient, text: string): Promise<string> {
    const { id } = await server.data<Session>('POST', '/api/session', { title: 'Kept' });
    await server.data('POST', `/api/session/${id}/prompt`, { text });
    return id;
  }

  it('says its version', async () => {
    const { stdout } = await run(fakeProgram, ['--version']);
    assert.equal(stdout, 'opencode v2.0.26\n');
  });

  it('ends by SIGTERM with what ran closed, and finds all of it again', async () => {
    const first = await start();
    const id = await startSession(first, 'say: Half.\nhold: term\nsay: never');
    await first.until(({ type }) => type === 'session.text.delta');
    await model.reached('term');
    assert.equal(await first.stop(), 130);
    const again = await start({ home: first.home });
    const messages = await again.data<Message[]>('GET', `/api/session/${id}/message?order=asc`);
    assert.deepEqual(
      messages.map(({ type, content, error }) => [type, content?.[0]?.text, error?.type]),
      [
        ['user', undefined, undefined],
        ['assistant', 'Half.', 'aborted'],
      ],
    );
    assert.equal((await again.data<Session>('GET', `/api/session/${id}`)).outcome, undefined);
    assert.deepEqual(await again.data('GET', '/api/session/active'), {});
  });

  it('shares sessions with another server on the same data, and no events', async () => {
    const one = await start();
    const other = await start({ home: one.home });
    const id = await startSession(one, 'say: Here.');
    await one.until(({ type }) => type === 'session.execution.succeeded');
    const messages = await other.data<Message[]>('GET', `/api/session/${id}/message`);
    assert.equal(messages.length, 3);
    assert.deepEqual(
      other.events.filter(({ data }) => data.sessionID === id),
      [],
    );
  });

  it('exports a session, and imports it where it was deleted', async () => {
    const server = await start();
    const { home } = server;
    const id = await startSession(server, 'say: Kept.');
    await server.until(({ type }) => type === 'session.execution.succeeded');
    const options = { cwd: home.workspace, env: home.environment };
    const { stdout } = await run(fakeProgram, ['export', id], options);
    await server.data('DELETE', `/api/session/${id}`);
    const file = join(home.home, 'exported.json');
    await writeFile(file, stdout);
    await run(fakeProgram, ['import', file], options);
    assert.equal((await server.data<Session>('GET', `/api/session/${id}`)).title, 'Kept');
    assert.equal((await server.data<Message[]>('GET', `/api/session/${id}/message`)).length, 3);
    const listed = await run(fakeProgram, ['session', 'list', '--format', 'json'], options);
    assert.deepEqual(
      (JSON.parse(listed.stdout) as Session[]).map((session) => session.id),
      [id],
    );
  });

  it('says its address in one line and ends with its standard input', async () => {
    const home = await makeHome();
    const child = spawnFake(home, ['serve', '--stdio'], 'secret');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const headers = { authorization: `Basic ${btoa('opencode:secret')}` };
    assert.equal((await fetch(`${url}/api/info`, { headers })).status, 200);
    child.stdin.end();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('registers as a service, for its user alone, and once', async () => {
    const home = await makeHome();
    const service = spawnFake(home, ['serve', '--service']);
    await once(createInterface({ input: service.stdout }), 'line');
    const file = join(home.home, '.local/state/opencode/service.json');
    const registration = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    assert.deepEqual([registration['pid'], registration['version']], [service.pid, '2.0.26']);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const second = spawnFake(home, ['serve', '--service']);
    assert.deepEqual(await once(second, 'exit'), [0, null]);
  });

  it('answers for a folder once its plugins are up', async () => {
    const server = await start({ environment: { FAKE_OPENCODE_COLD: '300' } });
    const cold = await server.ask('GET', '/api/agent');
    assert.deepEqual([cold.status, (cold.body as { service: string }).service], [503, 'plugin']);
    await waitFor(async () => (await server.ask('GET', '/api/agent')).status === 200, { what: 'the agents' });
  });

  it('goes by the names of another patch version, and says so in its description', async () => {
    const server = await start({ environment: { FAKE_OPENCODE_VERSION: '2.0.4' } });
    const { paths } = (await server.ask('GET', '/openapi.json')).body as { paths: Record<string, object> };
    const reply = paths['/api/session/{sessionID}/permission/{requestID}/reply'];
    assert.match(JSON.stringify(reply), /"reply":\{"type":"string"/);
    assert.deepEqual(Object.keys(paths['/api/session/{sessionID}'] ?? {}), ['get', 'delete']);
    const id = await startSession(server, 'tool: bash {"command":"true"}\nsay: Done.');
    const { data } = await server.heard(id, 'permission.asked');
    await server.data('POST', `/api/session/${id}/permission/${String(data['id'])}/reply`, { reply: 'once' });
    await server.heard(id, 'session.execution.succeeded');
    await server.data('POST', `/api/session/${id}/rename`, { title: 'Other' });
    assert.equal((await server.data<Session>('GET', `/api/session/${id}`)).title, 'Other');
  });

  it('imports what 1.18 exports with the old names of its tools', async () => {
    const server = await start();
    const { home, workspace, environment } = server.home;
    const time = { created: 1, updated: 2, completed: 2 };
    const state = { status: 'completed', input: { command: 'ls' }, output: 'a', metadata: { exit: 0 } };
    const exported = {
      info: { id: 'ses_old', title: 'Old', directory: workspace, time },
      messages: [
        { info: { id: 'msg_1', role: 'user', time }, parts: [{ id: 'prt_1', type: 'text', text: 'Look.' }] },
        {
          info: { id: 'msg_2', role: 'assistant', agent: 'build', modelID: 'm', providerID: 'p', time },
          parts: [{ id: 'prt_2', type: 'tool', callID: 'call_1', tool: 'bash', state }],
        },
      ],
    };
    const file = join(home, 'old.json');
    await writeFile(file, JSON.stringify(exported));
    await run(fakeProgram, ['import', file], { cwd: workspace, env: environment });
    const messages = await server.data<Message[]>('GET', '/api/session/ses_old/message?order=asc');
    assert.deepEqual(
      messages.map(({ type, content }) => [type, content?.[0]?.name]),
      [
        ['user', undefined],
        ['assistant', 'bash'],
      ],
    );
  });

  it('runs plugins: their tools, hooks, storage and calls; and not one whose setup throws', async () => {
    const server = await start();
    const { home } = server;
    await server.stop();
    const files = ['companion.mjs', 'broken.mjs'].map((name) => join(home.home, name));
    await writeFile(files[0] ?? '', plugin);
    await writeFile(files[1] ?? '', `export default { id: 'broken', setup() { throw new Error('no'); } };`);
    const plugins = files.map((file) => ({ package: file, options: {} }));
    const environment = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ plugins }) };
    const again = await start({ home, environment });
    assert.deepEqual(await again.data('GET', '/api/plugin'), [{ id: 'companion' }]);
    await startSession(again, 'tool: todowrite {"todos":["one"]}\nsay: Done.');
    const { data } = await again.until(({ type }) => type === 'session.tool.success');
    assert.deepEqual(data['content'], [
      { type: 'text', text: 'kept' },
      { type: 'text', text: 'and seen' },
    ]);
    assert.deepEqual(data['metadata'], { sessionID: data.sessionID });
    assert.match(model.requests.at(-1)?.system ?? '', /Mind the companion/);
    assert.deepEqual(await again.data('POST', '/api/rpc/companion/todos', {}), { todos: ['one'] });
    assert.match(again.output(), /broken\.mjs is not active/);
  });
});
