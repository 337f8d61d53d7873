import assert from 'node:assert/strict';
import { describeFolder, ElsewhereSessions } from '../../../src/core/sessions/elsewhereSessions.ts';
import { findOrigin } from '../../../src/core/sessions/sessionKind.ts';
import { tellStory } from '../../../src/core/rows/story.ts';
import { rowContext, rowDescription, rowLabel } from '../../../src/core/sessions/sessionRow.ts';
import { SessionTree, type TreeNode } from '../../../src/core/rows/sessionTree.ts';
import { ServiceMap } from '../../../src/core/services/serviceFolders.ts';
import type { DirectorySnapshot } from '../../../src/core/ports/serverSink.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { withProvedRelays } from '../../../src/core/turns/relayProof.ts';
import { aLeg, aProof, aSession } from './builders.ts';

const far = (id: string, given: Partial<Session> = {}): Session =>
  aSession({ id, directory: '/work/packages/a', path: 'packages/a', projectID: 'p', ...given });
const near = (id: string, given: Partial<Session> = {}): Session =>
  aSession({ id, directory: '/work', path: '', projectID: 'p', ...given });

const snapshot = (given: Partial<DirectorySnapshot> = {}): DirectorySnapshot => ({
  directory: '/work',
  sessions: [],
  statuses: {},
  permissions: [],
  questions: [],
  ...given,
});

function aList(
  snapshots: readonly DirectorySnapshot[],
  directories: readonly string[] = snapshots.map(({ directory }) => directory),
) {
  const elsewhere = new ElsewhereSessions(() => directories, aProof());
  let asked = 0;
  elsewhere.onDidFollow(() => (asked += 1));
  elsewhere.reset(snapshots);
  const sessions = snapshots.flatMap((one) => one.sessions);
  const tree = (matches?: (session: { readonly id: string }) => boolean) =>
    new SessionTree({ sessions, directories, elsewhere, matches, originOf: findOrigin, proof: aProof() });
  return { elsewhere, tree, asked: () => asked };
}

/** The tree as nested lists of ids. */
function outline(tree: SessionTree, nodes: readonly TreeNode[] = tree.roots): unknown[] {
  return nodes.map((node) => {
    const name = node.kind === 'session' ? node.sessionId : node.kind;
    const below = outline(tree, tree.children(node));
    return below.length === 0 ? name : { [name]: below };
  });
}

describe('The sessions of other folders of a project', () => {
  it('are compared with what the server holds, and nothing is told where that is the same', () => {
    const { elsewhere } = aList([snapshot({ elsewhere: [far('kept'), far('gone')] })]);
    let told = 0;
    elsewhere.onDidChange(() => (told += 1));
    const nothing = { records: new Set<string>(), statuses: new Set<string>(), requests: new Set<string>() };
    const kept = elsewhere.all();
    elsewhere.compare({ snapshot: [snapshot({ elsewhere: kept })], complete: true, told: nothing });
    elsewhere.compare({ snapshot: [snapshot()], complete: false, told: nothing });
    assert.equal(told, 0);
    elsewhere.compare({ snapshot: [snapshot({ elsewhere: [far('made')] })], complete: false, told: nothing });
    elsewhere.compare({
      snapshot: [snapshot({ elsewhere: [far('kept', { title: 'Renamed' })] })],
      complete: true,
      told: nothing,
    });
    assert.equal(told, 2);
    assert.deepEqual(
      elsewhere.all().map(({ id, title }) => [id, title]),
      [['kept', 'Renamed']],
    );
  });

  it('stand in a group below those of the folder, archived ones apart and subagents below their session', () => {
    const { tree } = aList([
      snapshot({
        sessions: [near('here'), near('old', { time: { created: 1, updated: 1, archived: 2 } })],
        elsewhere: [
          far('there'),
          far('sub', { parentID: 'there' }),
          far('gone', { time: { created: 1, updated: 1, archived: 2 } }),
        ],
      }),
    ]);
    assert.deepEqual(outline(tree()), [
      'here',
      { archive: ['old'] },
      { elsewhere: [{ there: ['sub'] }, { archive: ['gone'] }] },
    ]);
    assert.equal(tree().countElsewhere, 2);
  });

  it('take no session of the folder into their group, and have none of theirs taken out', () => {
    const fork = (from: string) => withLineage(undefined, { kind: 'fork', from, time: 1 });
    const { tree } = aList([
      snapshot({
        sessions: [near('here'), near('fork here', { metadata: fork('there') })],
        elsewhere: [far('there'), far('fork there', { metadata: fork('here') })],
      }),
    ]);
    const [one, other, group, ...rest] = outline(tree());
    assert.deepEqual(new Set([one, other]), new Set(['here', 'fork here']));
    assert.deepEqual(group, { elsewhere: ['fork there', 'there'] });
    assert.deepEqual(rest, []);
  });

  it('are no group where there are none, and none that are found where a filter finds none', () => {
    assert.deepEqual(outline(aList([snapshot({ sessions: [near('here')] })]).tree()), ['here']);
    const { tree } = aList([
      snapshot({
        sessions: [near('here', { title: 'Cart' })],
        elsewhere: [far('there', { title: 'Lexer' })],
      }),
    ]);
    assert.deepEqual(outline(tree(({ id }) => id === 'here')), ['here']);
    assert.deepEqual(outline(tree(({ id }) => id === 'there')), [{ elsewhere: ['there'] }]);
  });

  it('stand there once, where several folders of one repository are open', () => {
    const app = near('app', { directory: '/work/app', path: 'app' });
    const { tree, elsewhere } = aList([
      snapshot({ sessions: [near('root')], elsewhere: [app, far('there')] }),
      snapshot({ directory: '/work/app', sessions: [app], elsewhere: [near('root'), far('there')] }),
    ]);
    assert.deepEqual(outline(tree()), [{ folder: ['root'] }, { folder: ['app'] }, { elsewhere: ['there'] }]);
    assert.deepEqual(
      elsewhere.all().map(({ id }) => id),
      ['there'],
    );
  });

  it('stay in their group when their folder is followed, and are known by the store from then on', () => {
    const { elsewhere, asked } = aList([snapshot({ elsewhere: [far('there')] })]);
    elsewhere.follow(far('there'));
    elsewhere.follow(far('there'));
    assert.equal(asked(), 1);
    assert.deepEqual(elsewhere.followed, ['/work/packages/a']);
    elsewhere.reset([
      snapshot({ elsewhere: [far('there')] }),
      snapshot({ directory: '/work/packages/a', sessions: [far('there')] }),
    ]);
    assert.equal(elsewhere.get('there'), undefined);
    assert.equal(elsewhere.folderOf(far('there')), 'packages/a');
    const tree = new SessionTree({
      sessions: [far('there')],
      directories: ['/work'],
      elsewhere,
      originOf: findOrigin,
      proof: aProof(),
    });
    assert.deepEqual(outline(tree), [{ elsewhere: ['there'] }]);
  });

  it('are followed where a relay of this person waits, and not for one that came with the session', () => {
    const waiting = (proof: ReturnType<typeof aProof>): readonly string[] => {
      const bare = far('there');
      const legs = [aLeg('msg_1')];
      const metadata = withProvedRelays(proof, bare, { legs, revision: 'r1', base: undefined });
      return aList([snapshot({ elsewhere: [far('there', { metadata })] })]).elsewhere.followed;
    };
    assert.deepEqual(waiting(aProof()), ['/work/packages/a']);
    assert.deepEqual(waiting(aProof('somebody else')), []);
  });

  it('are followed by their project, also when they came later, and those of others are not', () => {
    const { elsewhere } = aList([snapshot({ sessions: [near('here')] })]);
    elsewhere.follow(far('later'));
    elsewhere.follow(aSession({ id: 'other', directory: '/other', projectID: 'q' }));
    assert.deepEqual(elsewhere.followed, ['/work/packages/a']);
    const without = aList([snapshot({ sessions: [near('here', { projectID: 'global' })] })]).elsewhere;
    without.follow(aSession({ id: 'other', directory: '/other', projectID: 'global' }));
    assert.deepEqual(without.followed, []);
  });

  it('say their folder, and that no more is known', () => {
    const facts = {
      session: far('there'),
      title: 'There',
      origin: { kind: 'root', from: undefined },
      state: { kind: 'unknown' },
      cost: 0,
      context: undefined,
      sourceTitle: undefined,
      folder: 'packages/a',
      now: far('there').time.updated,
    } as const;
    assert.match(rowDescription(facts), /^packages\/a · build · /);
    assert.match(rowLabel(facts), /in the folder packages\/a/);
    const story = tellStory({ facts, glance: undefined, todos: undefined }, []);
    assert.match(story, /Not known before it is opened/);
    assert.equal(rowContext(facts, false), 'elsewhere');
  });
});

describe('A folder that a person names', () => {
  it('is followed once, of whatever project, and no folder of the window is', () => {
    const { elsewhere, asked } = aList([snapshot()]);
    assert.equal(elsewhere.followFolder('/work/services/api'), true);
    assert.equal(elsewhere.followFolder('/work/services/api'), false);
    assert.equal(elsewhere.followFolder('/work'), false);
    assert.deepEqual(elsewhere.followed, ['/work/services/api']);
    assert.equal(asked(), 0, 'whoever named it loads it');
  });
});

describe('Sessions that are grouped by service', () => {
  const services = new ServiceMap(
    [
      ['/work', 'services/api'],
      ['/work', 'services/api/admin'],
      ['/other', 'web'],
    ].map(([root = '', name = '']) => ({ root, name, directory: `${root}/${name}` })),
  );
  const at = (id: string, directory: string, given: Partial<Session> = {}) =>
    aSession({ id, directory, ...given });
  const grow = (sessions: readonly Session[], directories: readonly string[], found?: readonly string[]) => {
    const elsewhere = {
      all: () => sessions.filter(({ directory }) => !directories.includes(directory)),
      followed: [],
    };
    return new SessionTree({
      sessions: sessions.filter(({ directory }) => directories.includes(directory)),
      directories,
      elsewhere,
      services,
      matches: found && (({ id }) => found.includes(id)),
      originOf: findOrigin,
      proof: aProof(),
    });
  };

  it('stand in each workspace folder, below the deepest service around them; others stand as before', () => {
    const lineage = { kind: 'fork', from: 'api', of: 'fork', time: 1 } as const;
    const tree = grow(
      [
        at('root', '/work'),
        at('api', '/work/services/api'),
        at('admin', '/work/services/api/admin/src'),
        at('fork', '/work/services/api/admin', { metadata: withLineage(undefined, lineage) }),
        at('far', '/work/docs'),
        at('put away', '/other/web', { time: { created: 1, updated: 1, archived: 1 } }),
      ],
      ['/work', '/other'],
    );
    assert.deepEqual(outline(tree), [
      { folder: [{ service: ['api'] }, { service: ['admin', 'fork'] }, 'root'] },
      { folder: [{ service: [{ archive: ['put away'] }] }] },
      { elsewhere: ['far'] },
    ]);
    assert.equal(tree.countElsewhere, 1);
    assert.deepEqual(tree.order, ['api', 'admin', 'fork', 'root']);
  });

  it('leave a service without sessions in sight, and out where a filter found nothing in it', () => {
    const sessions = [at('root', '/work'), at('api', '/work/services/api')];
    assert.deepEqual(outline(grow(sessions, ['/work'])), [
      { service: ['api'] },
      'service',
      'service',
      'root',
    ]);
    assert.deepEqual(outline(grow(sessions, ['/work'], ['api'])), [{ service: ['api'] }]);
  });
});

describe('The name of a folder', () => {
  for (const [folder, path, open, name] of [
    ['/work/packages/a', 'packages/a', ['/work'], 'packages/a'],
    ['/work/packages/a', 'packages/a', ['/work/packages/b'], 'packages/a'],
    ['/work', '', ['/work/packages/a'], 'work'],
    ['/work-fix', '', ['/work'], 'work-fix'],
    ['/trees/fix/packages/a', 'packages/a', ['/work'], 'fix/packages/a'],
    ['/work/packages/a', 'packages/a', ['/work', '/other'], 'work/packages/a'],
    // Without git.
    ['/home/me/notes/trip', 'home/me/notes/trip', ['/home/me/notes'], 'trip'],
    ['C:\\work\\packages\\a', 'packages\\a', ['C:\\work'], 'packages/a'],
    ['/work/a', undefined, ['/work'], 'a'],
  ] as const) {
    it(`is ${name} for ${folder} beside ${open.join(' and ')}`, () => {
      assert.equal(
        describeFolder({ directory: folder, ...(path === undefined ? {} : { path }) }, open),
        name,
      );
    });
  }
});
