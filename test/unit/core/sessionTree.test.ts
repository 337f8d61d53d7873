import assert from 'node:assert/strict';
import { findOrigin } from '../../../src/core/sessions/sessionKind.ts';
import {
  mostInSight,
  SessionTree,
  type SessionTreeInput,
  type TreeNode,
} from '../../../src/core/rows/sessionTree.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { aProof, aSession } from './builders.ts';

const at = (time: number): Session['time'] => ({ created: time, updated: time });

function aFork(given: Partial<Session> & { id: string; from: string }): Session {
  const { from, ...session } = given;
  return aSession({
    metadata: withLineage(undefined, { of: given.id, kind: 'fork', from, time: 1 }),
    ...session,
  });
}

function build(sessions: readonly Session[], given: Partial<SessionTreeInput> = {}, earlier?: SessionTree) {
  return new SessionTree(
    { sessions, directories: ['/work/parser'], originOf: findOrigin, proof: aProof(), ...given },
    earlier,
  );
}

/** The tree as nested lists of ids. */
function outline(tree: SessionTree, nodes: readonly TreeNode[] = tree.roots): unknown[] {
  return nodes.map((node) => {
    const name = node.kind === 'session' ? node.sessionId : node.kind;
    const below = outline(tree, tree.children(node));
    return below.length === 0 ? name : { [name]: below };
  });
}

describe('the session tree', () => {
  it('puts the session in which something happened last on top', () => {
    const tree = build([aSession({ id: 'old', time: at(1) }), aSession({ id: 'new', time: at(2) })]);
    assert.deepEqual(outline(tree), ['new', 'old']);
  });

  it('counts what happens in a subagent or fork as activity of the session above', () => {
    const tree = build([
      aSession({ id: 'old', time: at(1) }),
      aSession({ id: 'between', time: at(2) }),
      aSession({ id: 'sub', parentID: 'old', time: at(3) }),
    ]);
    assert.deepEqual(outline(tree), [{ old: ['sub'] }, 'between']);
  });

  it('puts subagents, forks and hand-offs below the session that they came from', () => {
    const handoff = withLineage(undefined, { of: 'next', kind: 'handoff', from: 'top', time: 1 });
    const tree = build([
      aSession({ id: 'top', time: at(1) }),
      aSession({ id: 'sub', parentID: 'top', time: at(2) }),
      aFork({ id: 'fork', from: 'top', time: at(3) }),
      aSession({ id: 'next', metadata: handoff, time: at(4) }),
      aFork({ id: 'deeper', from: 'fork', time: at(5) }),
    ]);
    assert.deepEqual(outline(tree), [{ top: [{ fork: ['deeper'] }, 'next', 'sub'] }]);
  });

  it('keeps an orphan reachable as a root', () => {
    const tree = build([aSession({ id: 'sub', parentID: 'gone' }), aFork({ id: 'fork', from: 'gone' })]);
    assert.deepEqual(new Set(outline(tree)), new Set(['fork', 'sub']));
  });

  it('shows every session of a circle once', () => {
    const tree = build([
      aFork({ id: 'a', from: 'b', time: at(1) }),
      aFork({ id: 'b', from: 'c', time: at(2) }),
      aFork({ id: 'c', from: 'a', time: at(3) }),
      aFork({ id: 'self', from: 'self', time: at(4) }),
    ]);
    // Which edge is cut does not matter: each session stands in the outline once.
    const shown = JSON.stringify(outline(tree)).match(/\w+/g);
    assert.deepEqual(shown?.toSorted(), ['a', 'b', 'c', 'self']);
  });

  it('gathers archived sessions in a group at the end, with their subagents', () => {
    const tree = build([
      aSession({ id: 'kept', time: at(1) }),
      aSession({ id: 'away', time: { ...at(2), archived: 5 } }),
      aSession({ id: 'sub', parentID: 'away', time: at(3) }),
    ]);
    assert.deepEqual(outline(tree), ['kept', { archive: [{ away: ['sub'] }] }]);
  });

  it('gathers all but the latest of very many in a group, above the archived ones; a filter looks into it', () => {
    const sessions = Array.from({ length: mostInSight + 2 }, (_, index) =>
      aSession({ id: `s${index}`, title: index === 0 ? 'Parser' : 'Lexer', time: at(index + 1) }),
    );
    const fork = aFork({ id: 'fork', from: 's1', time: at(1) });
    const away = aSession({ id: 'away', time: { ...at(999), archived: 5 } });
    const tree = build([...sessions, fork, away]);
    const shown = outline(tree);
    assert.equal(shown.length, mostInSight + 2);
    assert.deepEqual(shown.at(0), `s${mostInSight + 1}`);
    assert.deepEqual(shown.slice(mostInSight), [{ older: [{ s1: ['fork'] }, 's0'] }, { archive: ['away'] }]);
    assert.deepEqual(tree.order.slice(-3), ['s1', 'fork', 's0']);
    assert.deepEqual(tree.parent({ kind: 'session', sessionId: 's0' })?.kind, 'older');
    assert.deepEqual(outline(build(sessions, { matches: ({ title }) => title === 'Parser' })), ['s0']);
    const woken = build([...sessions.slice(1), aSession({ id: 's0', time: at(1000) })], {}, tree);
    assert.deepEqual(outline(woken).at(0), 's0');
    assert.equal(woken.parent({ kind: 'session', sessionId: 's0' }), undefined);
  });

  it('leaves a fork in sight when its source is archived', () => {
    const tree = build([
      aSession({ id: 'away', time: { ...at(1), archived: 5 } }),
      aFork({ id: 'fork', from: 'away', time: at(2) }),
    ]);
    assert.deepEqual(outline(tree), ['fork', { archive: ['away'] }]);
  });

  it('takes an archive time of zero for not archived', () => {
    const tree = build([aSession({ id: 'back', time: { ...at(1), archived: 0 } })]);
    assert.deepEqual(outline(tree), ['back']);
  });

  it('shows folders only if there are several, empty ones too', () => {
    const sessions = [aSession({ id: 'a', directory: '/x' })];
    const tree = build(sessions, { directories: ['/x', '/y'] });
    assert.deepEqual(outline(tree), [{ folder: ['a'] }, 'folder']);
    assert.deepEqual(outline(build(sessions, { directories: ['/x'] })), ['a']);
  });

  it('keeps the sessions above a match and leaves out all else', () => {
    const tree = build(
      [
        aSession({ id: 'top', title: 'Parser', time: at(1) }),
        aFork({ id: 'fork', from: 'top', title: 'Lexer tables', agent: 'plan', time: at(2) }),
        aSession({ id: 'other', title: 'Docs', time: at(3) }),
      ],
      { matches: ({ title }) => title.startsWith('Lexer') },
    );
    assert.deepEqual(outline(tree), [{ top: ['fork'] }]);
    assert.deepEqual([tree.found, tree.size], [1, 2]);
  });

  it('leaves out folders in which a filter found nothing', () => {
    const tree = build([aSession({ id: 'a', directory: '/x' })], {
      directories: ['/x', '/y'],
      matches: () => true,
    });
    assert.deepEqual(outline(tree), [{ folder: ['a'] }]);
  });

  it('says in which order a person goes through it: what is put away and subagents are left out', () => {
    const archived = { created: 1, updated: 1, archived: 2 };
    const tree = build([
      aSession({ id: 'top', time: at(5) }),
      aSession({ id: 'sub', parentID: 'top', time: at(2) }),
      aFork({ id: 'fork', from: 'top', time: at(3) }),
      aSession({ id: 'later', time: at(4) }),
      aSession({ id: 'away', time: archived }),
    ]);
    assert.deepEqual(tree.order, ['top', 'fork', 'later']);
  });

  it('knows the way up from each row', () => {
    const tree = build([aSession({ id: 'top' }), aSession({ id: 'sub', parentID: 'top' })]);
    const sub = tree.find('sub');
    assert.ok(sub);
    assert.equal(tree.parent(sub), tree.find('top'));
    assert.equal(tree.find('unknown'), undefined);
  });

  it('forgets the parent of a session that moved to the top', () => {
    const before = build([aSession({ id: 'top' }), aFork({ id: 'fork', from: 'top' })]);
    const after = build([aFork({ id: 'fork', from: 'top' })], {}, before);
    const fork = after.find('fork');
    assert.ok(fork);
    assert.equal(after.parent(fork), undefined);
  });

  it('tells which rows have other children than before, and nothing else', () => {
    const sessions = [aSession({ id: 'a', time: at(2) }), aSession({ id: 'b', time: at(1) })];
    const before = build(sessions);
    const unchanged = build(sessions, {}, before);
    assert.deepEqual(unchanged.changedParents(before), { roots: false, nodes: [] });
    const grown = build([...sessions, aSession({ id: 'sub', parentID: 'b', time: at(1) })], {}, unchanged);
    assert.deepEqual(grown.changedParents(unchanged), { roots: false, nodes: [grown.find('b')] });
    const reordered = build(
      [aSession({ id: 'a', time: at(1) }), aSession({ id: 'b', time: at(2) })],
      {},
      before,
    );
    assert.equal(reordered.changedParents(before).roots, true);
  });
});
