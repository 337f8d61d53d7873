import assert from 'node:assert/strict';
import { newSession } from '../../../src/commands/session/newSession.ts';
import { Problem } from '../../../src/core/errors.ts';
import type { Dialogs } from '../../../src/core/ports/dialogs.ts';
import type { ModelReference, Session } from '../../../src/protocol/records.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

function setUp(
  given: {
    directories?: string[];
    person?: { readonly [Name in keyof Dialogs]?: (...args: never[]) => unknown };
    create?: () => unknown;
    server?: Parameters<typeof aServer>[0];
    sessions?: readonly Session[];
    picked?: ModelReference;
  } = {},
) {
  const server = aServer({
    createSession:
      given.create ?? (({ directory }: { directory: string }) => aSession({ id: 'made', directory })),
    ...given.server,
  });
  const kept = new Map<string, string | undefined>();
  const opened: string[] = [];
  const followed: string[] = [];
  const sent: string[][] = [];
  const run = newSession({
    sessions: aStore(given.sessions ?? []),
    openCode: server.openCode,
    offers: server.offers,
    followFolder: async (directory) => void followed.push(directory),
    directories: () => given.directories ?? ['/work'],
    directoryName: (directory: string) => directory,
    making: { ids: { now: () => 0, random: () => 0.5 }, wait: async () => undefined },
    unsent: { get: (id) => kept.get(id), set: (id, text) => kept.set(id, text) },
    dialogs: aPerson(given.person).dialogs,
    focusPrompt: (id) => opened.push(id),
    pickedModel: () => given.picked,
    sendText: async ({ id }, { text }) => void sent.push([id, text]),
  });
  /** The folder in which a session was made. */
  const directory = () => {
    const [, made] = server.changes()[0] ?? [];
    return (made as { directory: string } | undefined)?.directory;
  };
  return { run, server, kept, opened, followed, sent, directory };
}

describe('starting a session', () => {
  it('asks nothing that the caller said, and sends the first prompt', async () => {
    const { run, server, opened, sent } = setUp();
    assert.equal(await run({ text: 'Go', agent: 'plan', title: 'Mine' }), 'made');
    assert.deepEqual(opened, ['made'], 'with the cursor in its composer');
    assert.deepEqual(sent, [['made', 'Go']]);
    const [, asked] = server.changes()[0] ?? assert.fail();
    // The mark by which it is found is another each time.
    const { metadata, ...made } = asked as Record<string, unknown>;
    assert.ok(metadata !== undefined);
    assert.deepEqual(made, {
      directory: '/work',
      agent: 'plan',
      model: { providerID: 'local', modelID: 'echo' },
      title: 'Mine',
    });
  });

  it('begins with the model that the folder goes on with, not with that of a command in between', async () => {
    const used = { providerID: 'local', id: 'echo', variant: 'high' };
    const sessions = [aSession({ id: 'ses_1', directory: '/work', model: used })];
    const picked = { providerID: 'local', modelID: 'echo' };
    const modelOf = async (given: Parameters<typeof setUp>[0]): Promise<ModelReference> => {
      const { run, server } = setUp({ sessions, ...given });
      await run({ text: '' });
      const [, made] = server.changes()[0] ?? assert.fail();
      return (made as { model: ModelReference }).model;
    };
    assert.deepEqual(await modelOf({}), { ...picked, variant: 'high' });
    assert.deepEqual(await modelOf({ picked }), picked);
  });

  it('starts without a prompt when the box was left empty', async () => {
    const { run, server, opened } = setUp({ person: { askText: () => '' } });
    assert.equal(await run(), 'made');
    assert.deepEqual(opened, ['made'], 'with the cursor in its composer');
    assert.deepEqual(
      server.changes().map(([name]) => name),
      ['createSession'],
    );
  });

  it('asks for the folder only if there are several, and not on the row of one', async () => {
    const several = setUp({ directories: ['/a', '/b'], person: { pickOne: () => '/b' } });
    await several.run({ text: '' });
    assert.equal(several.directory(), '/b');
    const row = setUp({ directories: ['/a', '/b'] });
    await row.run({ kind: 'folder', directory: '/a', text: '' });
    assert.equal(row.directory(), '/a');
  });

  it('says that a folder is needed when none is open', async () => {
    const { run } = setUp({ directories: [] });
    await assert.rejects(run(), (problem) => problem instanceof Problem && problem.remedy !== undefined);
  });

  it('keeps the prompt when the session could not be made', async () => {
    const { run, kept } = setUp({
      create: () => {
        throw new Problem('No.');
      },
      person: { askText: () => 'A long thought' },
    });
    await assert.rejects(run(), Problem);
    assert.equal(kept.get('new'), 'A long thought');
  });

  it('keeps what was typed and offers to connect a provider where there is no model', async () => {
    const { run, kept, opened } = setUp({
      person: { askText: () => 'Do it' },
      server: { listProviders: () => ({ providers: [], default: {} }) },
    });
    await assert.rejects(run(), (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.remedy?.command, 'opencodeSessions.provider.connect');
      return true;
    });
    assert.deepEqual([kept.get('new'), opened], ['Do it', []]);
  });
});
