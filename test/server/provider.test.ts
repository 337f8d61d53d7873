import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../src/core/errors.ts';
import { Emitter } from '../../src/core/event.ts';
import type { OpenCode } from '../../src/core/ports/openCode.ts';
import { ProviderReload } from '../../src/flows/providerReload.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type OpenCodeHome, type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';

/** A list of providers as models.dev has it, with one that nobody has signed in to. */
const knownModels = (modelUrl: string) => {
  const one = {
    id: 'one',
    name: 'One',
    attachment: false,
    reasoning: false,
    tool_call: true,
    temperature: true,
    release_date: '2026-01-01',
    cost: { input: 1, output: 2 },
    limit: { context: 100_000, output: 4000 },
  };
  return {
    made: {
      id: 'made',
      name: 'Made Up',
      env: ['MADE_UP_KEY'],
      npm: '@ai-sdk/openai-compatible',
      api: modelUrl,
      models: { one },
    },
  };
};

/** Ways to sign in to it, as a plugin gives them to the server. */
const plugin = `export const Made = async () => ({ auth: { provider: 'made', methods: [
  { type: 'api', label: 'Key', prompts: [{ type: 'text', key: 'account', message: 'Which account?' }] },
  { type: 'oauth', label: 'Code', authorize: async (inputs) => ({
    url: 'https://made.example/in', method: 'code', instructions: 'Paste it.',
    callback: async (code) => (code === 'right' ? { type: 'success', key: 'of-the-code' } : { type: 'failed' }),
  }) },
  { type: 'oauth', label: 'Page', authorize: async () => ({
    url: 'https://made.example/page', method: 'auto', instructions: 'Code: ABCD-1234',
    callback: async () => ({ type: 'success', key: 'of-the-page' }),
  }) },
  { type: 'oauth', label: 'Page that fails', authorize: async () => { throw new Error('It is down.'); } },
] } });
`;

describe('Signing in to a provider', () => {
  let scripted: ScriptedModel;
  let server: RunningOpenCode;
  let window: ConnectedWindow;
  let openCode: OpenCode;
  let directory: string;
  let folder: string;

  const kept = async ({ home }: Pick<OpenCodeHome, 'home'>): Promise<Record<string, { key?: string }>> => {
    const file = join(home, '.local/share/opencode/auth.json');
    assert.equal((await stat(file)).mode & 0o077, 0);
    return JSON.parse(await readFile(file, 'utf8'));
  };
  const models = async () =>
    (await openCode.listProviders(directory)).providers.flatMap(({ id, models }) =>
      Object.keys(models).map((model) => `${id}/${model}`),
    );
  const made = async () => {
    const known = await openCode.listKnownProviders(directory);
    return known.find(({ id }) => id === 'made') ?? assert.fail();
  };

  before(async () => {
    scripted = await startScriptedModel();
    folder = await mkdtemp(join(tmpdir(), 'opencode-sessions-providers-'));
    const list = join(folder, 'models.json');
    await writeFile(list, JSON.stringify(knownModels(scripted.url)));
    server = await startOpenCode({
      modelUrl: scripted.url,
      environment: { OPENCODE_MODELS_PATH: list },
    });
    directory = await server.addWorkspace('signing-in');
    await mkdir(join(directory, '.opencode/plugin'), { recursive: true });
    await writeFile(join(directory, '.opencode/plugin/made.js'), plugin);
    await writeFile(join(directory, 'opencode.json'), JSON.stringify({ snapshot: false }));
    window = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      directories: () => [directory],
    });
    await window.connection.connect();
    ({ openCode } = window.connection);
  });

  after(async () => {
    window.close();
    await server.stop();
    await scripted.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('lists who is known, by what they are signed in to', async () => {
    const { name, isConnected, modelCount, env, ways } = await made();
    assert.deepEqual(
      { name, isConnected, modelCount, env },
      { name: 'Made Up', isConnected: false, modelCount: 1, env: ['MADE_UP_KEY'] },
    );
    assert.deepEqual(
      ways.map(({ method, kind, label }) => [method, kind, label]),
      [
        [0, 'key', 'Key'],
        [1, 'browser', 'Code'],
        [2, 'browser', 'Page'],
        [3, 'browser', 'Page that fails'],
      ],
    );
    assert.deepEqual(
      ways[0]?.prompts.map(({ key, message }) => [key, message]),
      [['account', 'Which account?']],
    );
    assert.deepEqual(await models(), []);
  });

  it('keeps a key in the store of OpenCode alone, and has its models once the folder was read anew', async () => {
    await openCode.setProviderKey('made', 'a-key-of-mine', { account: 'mine' });
    assert.deepEqual(await kept(server), {
      made: { type: 'api', key: 'a-key-of-mine', metadata: { account: 'mine' } },
    });
    // Were this not so any more, nothing would have to be disposed.
    assert.deepEqual(await models(), []);
    await openCode.reloadProviders(directory);
    await window.untilEvent(
      'word that what the folder offers changed',
      (event) => event.type === 'server.instance.disposed' && event.properties.directory === directory,
    );
    assert.deepEqual(await models(), ['made/one']);
    assert.equal((await made()).isConnected, true);
    assert.ok(!window.logged.join('\n').includes('a-key-of-mine'));
    assert.ok(!server.output().includes('a-key-of-mine'));
  });

  it('answers with a model that was just signed in to', async () => {
    const session = await openCode.createSession({ directory });
    const model = { providerID: 'made', modelID: 'one' };
    const parts = [{ type: 'text' as const, text: 'say: Here I am' }];
    await openCode.promptSession(session.id, { agent: 'build', model, parts });
    await window.untilEvent(
      'the end of the run',
      (event) => event.type === 'session.idle' && event.properties.sessionID === session.id,
    );
    const { messages } = await openCode.listMessages(session.id, { limit: 10 });
    const said = messages.flatMap(({ parts: all }) =>
      all.flatMap((part) => (part.type === 'text' ? part.text : [])),
    );
    assert.ok(said.includes('Here I am'));
  });

  it('ends nothing that works: the folder is read anew once it is at rest', async () => {
    const didChangeWorking = new Emitter<unknown>();
    const reload = new ProviderReload({
      openCode,
      sessions: { all: () => [] },
      lock: { holder: () => undefined },
      deliveries: { all: () => [], isAboutToRun: () => false },
      onDidChangeWorking: didChangeWorking.event,
      startTimer: () => ({ dispose: () => undefined }),
      log: { warn: assert.fail },
    });
    const session = await openCode.createSession({ directory });
    const model = { providerID: 'made', modelID: 'one' };
    const parts = [{ type: 'text' as const, text: 'say: Begun\nhold: anew\nsay: Whole' }];
    await openCode.promptSession(session.id, { agent: 'build', model, parts });
    const ofSession = (type: 'message.part.delta' | 'session.idle') =>
      window.untilEvent(type, (event) => event.type === type && event.properties.sessionID === session.id);
    await ofSession('message.part.delta');
    const disposals = () => window.events.filter(({ type }) => type === 'server.instance.disposed').length;
    const before = disposals();
    assert.deepEqual((await reload.reload([directory])).waiting, [directory]);
    scripted.release('anew');
    await ofSession('session.idle');
    await waitFor(
      () => {
        didChangeWorking.fire(undefined);
        return disposals() > before;
      },
      { what: 'the folder to be read anew' },
    );
    const { messages } = await openCode.listMessages(session.id, { limit: 10 });
    assert.deepEqual(
      messages.flatMap(({ info }) => (info.role === 'assistant' ? [info.error] : [])),
      [undefined],
    );
    reload.dispose();
  });

  it('takes the code of a page, and says so where it is not the right one', async () => {
    const page = await openCode.beginSignIn(directory, 'made', 1, {});
    assert.deepEqual(page, { url: 'https://made.example/in', kind: 'code', instructions: 'Paste it.' });
    await assert.rejects(openCode.completeSignIn(directory, 'made', 1, 'wrong'), (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.message, 'The provider did not accept the sign-in. Try again.');
      return true;
    });
    await openCode.completeSignIn(directory, 'made', 1, 'right');
    assert.equal((await kept(server))['made']?.key, 'of-the-code');
  });

  it('waits for a page that tells the server by itself', async () => {
    const page = await openCode.beginSignIn(directory, 'made', 2, {});
    assert.equal(page.kind, 'wait');
    await openCode.completeSignIn(directory, 'made', 2);
    assert.equal((await kept(server))['made']?.key, 'of-the-page');
  });

  it('fails in a sentence where a way does not work, and has no page for a key', async () => {
    await assert.rejects(openCode.beginSignIn(directory, 'made', 3, {}), Problem);
    await assert.rejects(openCode.beginSignIn(directory, 'made', 0, {}), /has no page to sign in on/);
    await assert.rejects(openCode.completeSignIn(directory, 'nobody', 0), /Begin again/);
    assert.equal((await kept(server))['made']?.key, 'of-the-page');
  });
});
