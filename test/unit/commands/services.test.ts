import assert from 'node:assert/strict';
import { newBrief } from '../../../src/commands/service/newBrief.ts';
import { sendBrief } from '../../../src/commands/service/sendBrief.ts';
import {
  sessionForFolder,
  type SessionForFolderDeps,
} from '../../../src/commands/service/sessionForFolder.ts';
import { groupByService } from '../../../src/commands/service/groupByService.ts';
import type { Draft } from '../../../src/core/continuation/drafts/draft.ts';
import { Problem } from '../../../src/core/errors.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import { type FolderPlace, ServiceMap } from '../../../src/core/services/serviceFolders.ts';
import type { BriefRequest } from '../../../src/flows/startBrief.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { anAnswer, aProof, aSession, aTodo } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';
import { someDrafts } from './drafts.ts';

const now = 1_795_000_000_000;
const api = { directory: '/work/services/api', name: 'services/api', root: '/work' };
const web = { directory: '/work/services/web', name: 'services/web', root: '/work' };

interface Given {
  readonly sessions?: readonly Session[];
  /** The rows that a person picks, one after the other; none: they pick none. */
  readonly picks?: readonly string[];
  readonly place?: FolderPlace;
  readonly templates?: Readonly<Record<string, string>>;
  readonly directories?: readonly string[];
  readonly wait?: () => Promise<void>;
  readonly listTodos?: () => unknown;
}

function setUp(given: Given = {}) {
  const { sessions: known = [], picks = [], templates = {}, directories = ['/work'] } = given;
  const server = aServer({
    listProject: (directory: string) => ({
      here: known.filter((session) => session.directory === directory),
      elsewhere: known.filter((session) => session.directory !== directory),
    }),
    listStatuses: () => ({}),
    listPermissions: () => [],
    listQuestions: () => [],
    listMessages: () => ({ messages: [anAnswer('msg_2', 'msg_1')] }),
    listTodos: given.listTodos ?? (() => [aTodo('Rest')]),
    getSession: (id: string) => known.find((session) => session.id === id),
  });
  const left = [...picks];
  const offered: { readonly title: string; readonly rows: readonly Choice<unknown>[] }[] = [];
  const { dialogs } = aPerson({
    pickOne: (title: string, rows: readonly Choice<unknown>[]) => {
      offered.push({ title, rows });
      const wanted = left.shift();
      return rows.find(({ label }) => label === wanted)?.value;
    },
  });
  const kept = someDrafts();
  const acts: unknown[][] = [];
  const deps: SessionForFolderDeps & Parameters<typeof newBrief>[0] = {
    sessions: aStore(known),
    openCode: server.openCode,
    offers: server.offers,
    proof: aProof(),
    drafts: kept.drafts,
    dialogs,
    locateFolder: async (path) =>
      given.place ?? {
        kind: 'inside',
        folder: [api, web].find(({ directory }) => directory === path) ?? {
          directory: path,
          name: 'work',
          root: '/work',
        },
      },
    findServices: async () => [api, web],
    directories: () => directories,
    directoryName: (directory) => directory.slice(1),
    changedSince: async () => ({ commits: 1, files: 2 }),
    briefTemplates: async (directory) =>
      directory === '/work' ? Object.keys(templates).map((name) => ({ name, directory })) : [],
    readBriefTemplate: async ({ name }) => (templates[name] === 'gone' ? undefined : templates[name]),
    followFolder: async (directory) => void acts.push(['follow', directory]),
    startSession: async (wish) => {
      acts.push(['start', wish]);
      return 'ses_new';
    },
    openTranscript: (id) => acts.push(['open', id]),
    now: () => now,
    wait: given.wait ?? (() => new Promise(() => undefined)),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  return { deps, server, offered, acts, ...kept };
}

const todo = aSession({
  id: 'ses_1',
  directory: api.directory,
  title: 'Orders',
  time: { created: 1, updated: now },
});

describe('the session for a folder', () => {
  it('is begun with a brief where there is none yet, in that folder, and nothing else is asked', async () => {
    const { deps, opened, offered } = setUp({ picks: ['Write a Brief'] });
    await sessionForFolder(deps)({ scheme: 'file', fsPath: api.directory, path: api.directory });
    assert.deepEqual(
      offered.map(({ title }) => title),
      ['Fresh Session for services/api'],
    );
    const [{ order, draft } = assert.fail()] = opened;
    assert.equal(order.verb, 'brief');
    assert.deepEqual(
      [order.sessionId, order.sessionTitle, order.directory],
      ['', 'services/api', api.directory],
    );
    assert.deepEqual([draft.agent, draft.model], ['build', { providerID: 'local', modelID: 'echo' }]);
  });

  it('is one of those that belong to it, the recommended first with its reasons, or a fresh one', async () => {
    const below = aSession({
      id: 'ses_2',
      directory: `${api.directory}/admin`,
      title: 'Admin',
      time: { created: 1, updated: 5 },
    });
    const other = aSession({ id: 'ses_3', directory: web.directory, title: 'Web' });
    const child = aSession({ id: 'ses_4', directory: api.directory, parentID: 'ses_1' });
    const { deps, offered, acts } = setUp({
      sessions: [below, todo, other, child],
      picks: ['Orders', 'Open It'],
    });
    assert.equal(await sessionForFolder(deps)({ directory: api.directory }), 'ses_1');
    const [{ title, rows } = assert.fail()] = offered;
    assert.equal(title, 'OpenCode Session for services/api');
    assert.deepEqual(
      rows.map(({ label, group }) => [label, group]),
      [
        ['Orders', 'Recommended'],
        ['Fresh Session', 'Begin afresh'],
        ['Admin', 'Go on in one: the same feature, a bug fix, a review'],
      ],
    );
    assert.equal(rows[0]?.detail, 'Because 1 of its todos is open, and it was active within the last day.');
    assert.equal(rows[0]?.description, 'just now · 1 of 1 todos open · 2 files changed since (1 commit)');
    assert.match(rows[2]?.description ?? '', /^admin · /);
    assert.deepEqual(acts, [
      ['follow', api.directory],
      ['open', 'ses_1'],
    ]);
  });

  it('is offered also where the server does not say all of it soon, or refuses to', async () => {
    for (const [listTodos, wait] of [
      [() => new Promise(() => undefined), async () => new Promise<void>((resolve) => setImmediate(resolve))],
      [() => Promise.reject(new Error('no')), undefined],
    ] as const) {
      const { deps, offered } = setUp({ sessions: [todo], listTodos, ...(wait && { wait }) });
      await sessionForFolder(deps)({ directory: api.directory });
      const row = offered[0]?.rows.find(({ label }) => label === 'Orders') ?? assert.fail();
      assert.ok(!(row.description ?? '').includes('todos'), 'what is not known is not said');
    }
  });

  it('is made as any other where a person would rather type', async () => {
    const { deps, acts } = setUp({ picks: ['Type the First Prompt'] });
    assert.equal(await sessionForFolder(deps)({ directory: api.directory }), 'ses_new');
    assert.deepEqual(acts, [['start', { directory: api.directory }]]);
  });

  it('asks in the palette for which folder, the services first', async () => {
    const { deps, offered } = setUp({ directories: ['/work', '/other'] });
    assert.equal(await sessionForFolder(deps)(), undefined);
    assert.deepEqual(
      offered[0]?.rows.map(({ label, description, group }) => [label, description, group]),
      [
        ['services/api', 'work', 'Services'],
        ['services/web', 'work', 'Services'],
        ['work', '/work', 'Whole folders'],
        ['other', '/other', 'Whole folders'],
      ],
    );
  });

  for (const [place, words] of [
    [{ kind: 'missing' }, /is not there any more/],
    [{ kind: 'noFolder' }, /is no folder/],
    [{ kind: 'outside', real: '/elsewhere' }, /\/elsewhere lies in no folder of this window/],
  ] as const) {
    it(`says why there can be none: ${place.kind}`, async () => {
      const { deps, server } = setUp({ place });
      await assert.rejects(sessionForFolder(deps)({ directory: '/x' }), (error) => {
        assert.ok(error instanceof Problem);
        assert.match(error.message, words);
        return true;
      });
      assert.deepEqual(server.calls, [], 'the server was asked nothing');
    });
  }

  it('refuses what is no folder on disk', async () => {
    const { deps } = setUp();
    for (const argument of [{ scheme: 'vscode-vfs', fsPath: '/x' }, 7, { directory: '' }, { other: 1 }]) {
      await assert.rejects(sessionForFolder(deps)(argument), /takes a folder on disk/);
    }
  });
});

describe('a new brief', () => {
  it('goes to the session whose row it was asked of', async () => {
    const { deps, opened } = setUp({ sessions: [todo] });
    assert.equal(await newBrief(deps)({ kind: 'session', sessionId: 'ses_1' }), 'ses_1');
    const [{ order, draft } = assert.fail()] = opened;
    assert.deepEqual(
      [order.verb, order.sessionId, order.directory, draft.source],
      ['brief', 'ses_1', api.directory, 'ses_1'],
    );
  });

  it('begins as the folder’s one template says, and asks where there are several', async () => {
    const one = setUp({ templates: { brief: '---\nagent: plan\n---\n# {{service}}\n\n{{ask: Why?}}' } });
    await newBrief(one.deps)({ directory: api.directory });
    assert.deepEqual(
      [one.opened[0]?.draft.agent, one.opened[0]?.draft.body],
      ['plan', '# services/api\n\nWhy?'],
    );
    assert.deepEqual(one.opened[0]?.order.blanks, ['Why?']);
    const several = setUp({
      templates: { brief: 'A', 'brief-endpoint': 'An endpoint' },
      picks: ['endpoint'],
    });
    await newBrief(several.deps)({ directory: api.directory });
    assert.deepEqual(
      several.offered[0]?.rows.map(({ label }) => label),
      ['brief', 'endpoint', 'Built In'],
    );
    assert.equal(several.opened[0]?.draft.body, 'An endpoint');
  });

  it('says which template is empty', async () => {
    const { deps, opened } = setUp({ templates: { brief: ' \n' } });
    await assert.rejects(newBrief(deps)({ directory: api.directory }), /brief\.md is empty/);
    const gone = setUp({ templates: { brief: 'gone' } });
    await assert.rejects(newBrief(gone.deps)({ directory: api.directory }), /brief\.md is gone/);
    assert.deepEqual(opened, []);
  });
});

describe('sending a brief', () => {
  const draft: Draft = { agent: 'plan', body: '# Orders API\n\nBuild it.' };
  const order = {
    verb: 'brief',
    sessionId: '',
    sessionTitle: 'services/api',
    directory: api.directory,
  } as const;

  function sending(given: Given = {}) {
    const { deps, acts } = setUp(given);
    const begun: BriefRequest[] = [];
    const relayed: unknown[][] = [];
    const all = {
      ...deps,
      dialogs: { confirm: async () => true, inform: () => undefined },
      maySendTo: async () => true,
      relays: { pending: () => [], add: async (...added: unknown[]) => void relayed.push(added) },
      lastRelay: { set: () => undefined },
      isBusy: () => false,
      asksBeforeEditing: () => false,
      startBrief: async (request: BriefRequest) => {
        begun.push(request);
        return aSession({ id: 'ses_9', directory: request.directory });
      },
    };
    return { all, acts, begun, relayed };
  }

  it('makes the session in the folder, named by the heading, and opens it', async () => {
    const { all, acts, begun } = sending();
    assert.equal(await sendBrief(all, undefined, order, draft), 'ses_9');
    assert.deepEqual(begun, [
      {
        agent: 'plan',
        model: { providerID: 'local', modelID: 'echo' },
        directory: api.directory,
        title: 'Orders API',
        text: draft.body,
      },
    ]);
    assert.deepEqual(acts, [['open', 'ses_9']]);
  });

  it('waits in the session that it goes on in, as a relay does', async () => {
    const { all, acts, begun, relayed } = sending({ sessions: [todo] });
    assert.equal(await sendBrief(all, todo, { ...order, sessionId: 'ses_1' }, draft), 'ses_1');
    assert.deepEqual(begun, []);
    assert.deepEqual(relayed, [
      ['ses_1', [{ agent: 'plan', model: { providerID: 'local', modelID: 'echo' }, text: draft.body }]],
    ]);
    assert.deepEqual(acts, [
      ['follow', api.directory],
      ['open', 'ses_1'],
    ]);
  });

  it('sends nothing where the folder is gone meanwhile', async () => {
    const { all, begun } = sending({ place: { kind: 'missing' } });
    await assert.rejects(sendBrief(all, undefined, order, draft), /is not there any more/);
    assert.deepEqual(begun, []);
  });
});

describe('grouping by service', () => {
  it('says how services are named where none was found', async () => {
    const notices: Notice[] = [];
    const services = new ServiceMap([]);
    const grouping = { services, set: async () => undefined };
    await groupByService({ grouping, notify: (notice) => notices.push(notice) }, true)();
    assert.match(notices[0]?.message ?? '', /opencodeSessions\.services/);
    const found = { services: new ServiceMap([api]), set: async () => undefined };
    await groupByService({ grouping: found, notify: (notice) => notices.push(notice) }, true)();
    assert.equal(notices.length, 1);
  });
});
