import assert from 'node:assert/strict';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { SessionChanges } from '../../src/core/changes/sessionChanges.ts';
import { Attention } from '../../src/core/sessions/attention.ts';
import { ContextUses } from '../../src/core/sessions/contextUses.ts';
import type { ConnectionState } from '../../src/core/state/connectionState.ts';
import { Emitter, type Event } from '../../src/core/event.ts';
import { mostInSight } from '../../src/core/rows/sessionTree.ts';
import { ServiceMap } from '../../src/core/services/serviceFolders.ts';
import { ElsewhereSessions } from '../../src/core/sessions/elsewhereSessions.ts';
import { SessionFactsReader } from '../../src/core/sessions/sessionFacts.ts';
import { Unread } from '../../src/core/sessions/unread.ts';
import { WorkingSessions } from '../../src/core/sessions/workingSessions.ts';
import { withLineage } from '../../src/protocol/lineage.ts';
import type { Session, SessionStatus } from '../../src/protocol/records.ts';
import { SessionDecorations } from '../../src/views/sessionDecorations.ts';
import { storyCommands } from '../../src/manifest.ts';
import { startTimer } from '../../src/editor/timer.ts';
import { PacedTree } from '../../src/views/pacedTree.ts';
import { SessionsTree, type TreeRow } from '../../src/views/sessionsTree.ts';
import { toSessionUri } from '../../src/views/sessionUri.ts';
import { withProvedRelays } from '../../src/core/turns/relayProof.ts';
import { aLeg, anAnswer, aProof, aSession } from '../unit/core/builders.ts';
import { aPermission, aStore, someEnds } from '../unit/core/stores.ts';
import { waitFor } from '../workbench/waitFor.ts';

const live = { kind: 'live', url: 'http://127.0.0.1:1', version: '1.18.33', managed: true } as const;

/** A tree over real stores, and the rows that it asked the editor to draw again. */
function growTree(sessions: readonly Session[], directories: readonly string[] = ['/work/parser']) {
  const store = aStore(sessions);
  const working = new WorkingSessions(store);
  const attention = new Attention(store);
  const contextUses = new ContextUses();
  const memory = { read: () => [], write: () => undefined };
  const { ends, say } = someEnds(store);
  const unread = new Unread({ sessions: store, ends, memory, isLookedAt: () => false });
  const didChangeState = new Emitter<ConnectionState>();
  const connection = { state: live as ConnectionState, onDidChangeState: didChangeState.event };
  const setState = (state: ConnectionState): void => {
    connection.state = state;
    didChangeState.fire(state);
  };
  const elsewhere = new ElsewhereSessions(() => directories, aProof());
  const changes = new SessionChanges(store);
  const sources = { sessions: store, elsewhere, attention, ends, unread, contextUses, changes };
  const whys = new Map<string, string>();
  const didChangeWhy = new Emitter<{ sessionId: string }>();
  const setWhy = (sessionId: string, why: string): void => {
    whys.set(sessionId, why);
    didChangeWhy.fire({ sessionId });
  };
  const didGroup = new Emitter<void>();
  const grouping: { services: ServiceMap | undefined; onDidChange: Event<void> } = {
    services: undefined,
    onDidChange: didGroup.event,
  };
  const tree = new SessionsTree({
    ...sources,
    activities: { onDidChange: () => ({ dispose: () => undefined }) },
    results: { onDidChange: () => ({ dispose: () => undefined }) },
    relays: { why: (sessionId) => whys.get(sessionId), onDidChangeWhy: didChangeWhy.event },
    proof: aProof(),
    working,
    facts: new SessionFactsReader({
      ...sources,
      activities: { of: () => ({}) },
      results: { of: () => undefined },
      waits: { of: () => [] },
      offers: { known: () => undefined },
      now: Date.now,
    }),
    connection,
    directories: () => directories,
    directoryName: (directory) => basename(directory),
    grouping,
    glances: { get: () => undefined },
    firstPrompts: { search: () => undefined },
    changesSearch: { search: async () => undefined, want: () => undefined },
    todos: { get: () => undefined },
    loadGlance: async () => undefined,
    now: Date.now,
  });
  const drawn: (readonly TreeRow[] | undefined)[] = [];
  tree.onDidChangeTreeData((nodes) => drawn.push(nodes));
  const setStatus = (sessionID: string, status: SessionStatus): void =>
    say({ type: 'session.status', properties: { sessionID, status } });
  /** The ids of the rows drawn since last asked; `all` for the whole tree. */
  const takeDrawn = (): string[] =>
    drawn
      .splice(0)
      .flatMap(
        (nodes) => nodes?.map((node) => ('sessionId' in node ? node.sessionId : node.kind)) ?? ['all'],
      );
  tree.getChildren();
  return {
    ends,
    tree,
    store,
    attention,
    unread,
    say,
    setStatus,
    setWhy,
    takeDrawn,
    setState,
    groupBy: (services: ServiceMap | undefined): void => {
      grouping.services = services;
      didGroup.fire();
    },
  };
}

function rowOf(tree: SessionsTree, sessionId: string): vscode.TreeItem {
  const node = tree.find(sessionId);
  assert.ok(node, `${sessionId} is not in the tree`);
  return tree.getTreeItem(node);
}

describe('the rows of the session tree', () => {
  it('are drawn one at a time when a status changes, among 2,000 sessions', () => {
    const many = Array.from({ length: 2000 }, (_, index) => aSession({ id: `ses_${index}` }));
    const first = aSession({ id: 'first', time: { created: 1, updated: Date.now() * 2 } });
    const { setStatus, takeDrawn, tree } = growTree([...many, first]);
    const rows = tree.getChildren();
    assert.equal(rows.length, mostInSight + 1);
    assert.equal(tree.getChildren(rows.at(-1)).length, 2001 - mostInSight);
    setStatus('first', { type: 'busy' });
    assert.deepEqual([...new Set(takeDrawn())], ['first']);
    setStatus('first', { type: 'retry', attempt: 1, message: 'busy', next: 5 });
    assert.deepEqual(takeDrawn(), ['first']);
    // A step of a run says busy again; nothing differs.
    setStatus('first', { type: 'busy' });
    takeDrawn();
    setStatus('first', { type: 'busy' });
    assert.deepEqual(takeDrawn(), []);
  });

  it('are grouped by the service that they work on, which its row says for the eye and the ear', () => {
    const { tree, groupBy, takeDrawn } = growTree(
      [
        aSession({ id: 'here', directory: '/work' }),
        aSession({ id: 'there', directory: '/work/services/api' }),
        aSession({ id: 'inner', directory: '/work/services/api/admin' }),
      ],
      ['/work'],
    );
    const map = new ServiceMap(
      ['services/api', 'services/api/admin', 'services/web'].map((name) => ({
        name,
        directory: `/work/${name}`,
        root: '/work',
      })),
    );
    const children = (node?: TreeRow) =>
      tree
        .getChildren(node)
        .map((row) => ('sessionId' in row ? row.sessionId : 'directory' in row ? row.directory : row.kind));
    groupBy(map);
    assert.deepEqual(takeDrawn(), ['all']);
    assert.deepEqual(children(), [
      '/work/services/api',
      '/work/services/api/admin',
      '/work/services/web',
      'here',
    ]);
    const [api, admin, web] = tree.getChildren();
    assert.deepEqual(children(api), ['there'], 'what lies in a service within it is that one’s');
    assert.deepEqual(children(admin), ['inner']);
    assert.ok(api !== undefined && web !== undefined);
    const [row, empty] = [tree.getTreeItem(api), tree.getTreeItem(web)];
    assert.equal(
      row.accessibilityInformation?.label,
      'Service \u2068services/api\u2069, 1 session'.replaceAll(/[\u2068\u2069]/g, ''),
    );
    assert.equal(row.contextValue, 'service');
    assert.equal(empty.description, 'no sessions');
    assert.equal(empty.collapsibleState, vscode.TreeItemCollapsibleState.None);
    assert.ok(
      !String(rowOf(tree, 'there').description).includes('api'),
      'the row of the service says where it is',
    );
    groupBy(undefined);
    assert.ok(tree.getChildren().every(({ kind }) => kind !== 'service'));
  });

  it('come to the top when a session begins to work, and stay while others do', () => {
    const { tree, store, setStatus, say } = growTree([
      aSession({ id: 'a', time: { created: 1, updated: 3 } }),
      aSession({ id: 'b', time: { created: 1, updated: 2 } }),
    ]);
    const order = () => tree.getChildren().map((node) => ('sessionId' in node ? node.sessionId : node.kind));
    const touch = (id: string, updated: number): void => {
      const info = { ...aSession({ id }), time: { created: 1, updated } };
      say({ type: 'session.updated', properties: { info } });
    };
    touch('b', 4);
    setStatus('b', { type: 'busy' });
    assert.deepEqual(order(), ['b', 'a']);
    touch('a', 5);
    assert.deepEqual(order(), ['b', 'a']);
    assert.equal(store.get('a')?.time.updated, 5);
  });

  it('are the same objects as long as they stand for the same thing, so that reveal finds them', () => {
    const { tree, say } = growTree([aSession({ id: 'a' })]);
    const before = tree.find('a');
    say({ type: 'session.created', properties: { info: aSession({ id: 'sub', parentID: 'a' }) } });
    assert.equal(tree.find('a'), before);
    const sub = tree.find('sub');
    assert.ok(sub);
    assert.equal(tree.getParent(sub), before);
  });

  it('draw only the row under which a session came', () => {
    const { say, takeDrawn } = growTree([
      aSession({ id: 'a', time: { created: 1, updated: 9 } }),
      aSession({ id: 'b', time: { created: 1, updated: 1 } }),
    ]);
    const sub = aSession({ id: 'sub', parentID: 'a', time: { created: 2, updated: 2 } });
    say({ type: 'session.created', properties: { info: sub } });
    assert.equal(takeDrawn().includes('all'), false);
  });

  it('say what a subagent waits for on the row of its session, and on its badge', () => {
    const { tree, attention, setStatus, say } = growTree([
      aSession({ id: 'a' }),
      aSession({ id: 'sub', parentID: 'a' }),
    ]);
    setStatus('sub', { type: 'busy' });
    say({ type: 'permission.asked', properties: aPermission({ sessionID: 'sub' }) });
    const row = rowOf(tree, 'a');
    assert.equal((row.iconPath as vscode.ThemeIcon).id, 'shield');
    assert.match(String(row.contextValue), /\bwaiting\b/);
    assert.match(row.accessibilityInformation?.label ?? '', /waits for your permission/);
    assert.deepEqual(attention.roots, ['a']);
  });

  it('say on the row of a pending relay why it waits although its turn has come', () => {
    const proof = aProof();
    const legs = [aLeg('msg_1'), aLeg('msg_2')];
    const metadata = withProvedRelays(proof, aSession({ id: 'a' }), { revision: '1', legs });
    const { tree, setWhy, takeDrawn } = growTree([aSession({ id: 'a', metadata })]);
    const tooltips = () =>
      tree.getChildren(tree.getChildren()[0]).map((node) => {
        const { tooltip } = tree.getTreeItem(node);
        return typeof tooltip === 'string' ? tooltip.split('\n')[0] : undefined;
      });
    assert.deepEqual(tooltips(), Array(2).fill('waits until the turn has settled'));
    takeDrawn();
    setWhy('a', 'It is tried again by itself.');
    assert.deepEqual(takeDrawn().includes('a'), true);
    assert.deepEqual(tooltips(), ['It is tried again by itself.', 'waits until the turn has settled']);
  });

  it('have stable ids, other ones while a filter is on', () => {
    const { tree } = growTree([aSession({ id: 'a' })]);
    assert.equal(rowOf(tree, 'a').id, 'session:a');
    tree.setFilter('parser');
    assert.equal(rowOf(tree, 'a').id, 'filtered:session:a');
    assert.deepEqual(rowOf(tree, 'a').label, { label: 'Parser', highlights: [[0, 6]] });
    tree.setFilter('nothing like it');
    assert.deepEqual(tree.getChildren(), []);
  });

  it('are others once a fork stands below them, since the editor leaves a row closed that was there before', () => {
    const { tree, say } = growTree([aSession({ id: 'a' })]);
    const before = rowOf(tree, 'a');
    const metadata = withLineage(undefined, { of: 'fork', kind: 'fork', from: 'a', time: 1 });
    say({ type: 'session.created', properties: { info: aSession({ id: 'fork', metadata }) } });
    const after = rowOf(tree, 'a');
    assert.notEqual(after.id, before.id);
    assert.equal(after.collapsibleState, vscode.TreeItemCollapsibleState.Expanded);
    say({ type: 'session.deleted', properties: { info: aSession({ id: 'fork', metadata }) } });
    assert.equal(rowOf(tree, 'a').id, after.id);
  });

  it('have a tooltip that reads no Markdown out of titles', async () => {
    const { tree } = growTree([aSession({ id: 'a', title: '[click](command:evil) <b>x</b>' })]);
    const node = tree.find('a');
    assert.ok(node);
    const { token } = new vscode.CancellationTokenSource();
    const { tooltip } = await tree.resolveTreeItem(tree.getTreeItem(node), node, token);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.deepEqual(tooltip.isTrusted, { enabledCommands: storyCommands });
    assert.match(tooltip.value, /\\\[click\\\]/);
    const run = [...tooltip.value.matchAll(/\]\(command:([\w.]+)/g)].map(([, command]) => command);
    const names = ['open', 'continue', 'copyId'].map((name) => `opencodeSessions.session.${name}`);
    assert.deepEqual(run, names);
  });

  it('stand under their folders, of which two of one name are told apart', () => {
    const directories = ['/work/parser', '/old/parser', '/work/shop'];
    const { tree, setState } = growTree([aSession({ id: 'a', directory: '/work/shop' })], directories);
    const items = () => tree.getChildren().map((node) => tree.getTreeItem(node));
    assert.deepEqual(
      items().map(({ label, description }) => [label, description]),
      [
        ['parser', '/work'],
        ['parser', '/old'],
        ['shop', undefined],
      ],
    );
    const [, , folder] = tree.getChildren();
    assert.deepEqual(tree.getChildren(folder), [tree.find('a')]);
    const remedy = { title: 'Open it', command: 'vscode.open' };
    setState({ ...live, unreadable: [{ directory: '/old/parser', message: 'It is broken.', remedy }] });
    const [, broken] = items();
    assert.equal(broken?.tooltip, '/old/parser\nIt is broken.');
    assert.equal(broken?.command?.command, remedy.command);
    assert.equal(broken?.contextValue, 'unreadableFolder');
  });

  it('are what can be done where there is no server to show them', () => {
    const { tree, setState, takeDrawn } = growTree([aSession({ id: 'a' })]);
    const commands = () => tree.getChildren().map((node) => tree.getTreeItem(node).command?.command);
    setState({ kind: 'unreachable', since: 1, attempt: 1, reason: 'Nothing answers.' });
    assert.equal(commands()[0], 'opencodeSessions.server.reconnect');
    takeDrawn();
    setState({ kind: 'unreachable', since: 1, attempt: 2, reason: 'Nothing answers.' });
    assert.deepEqual(takeDrawn(), []);
    const remedy = { title: 'Open it', command: 'vscode.open', arguments: [new URL('file:///a%20b.json')] };
    setState({ kind: 'failed', message: 'It is broken.', remedy });
    const [first] = tree.getChildren();
    assert.ok(first);
    const [file] = tree.getTreeItem(first).command?.arguments ?? [];
    assert.ok(file instanceof vscode.Uri);
    assert.equal(file.path, '/a b.json');
    // The editor takes each id once.
    setState({ kind: 'unauthorised', url: 'http://127.0.0.1:1', message: 'It did not accept this.' });
    const ids = tree.getChildren().map((node) => tree.getTreeItem(node).id);
    assert.equal(new Set(ids).size, ids.length);
    // These have a welcome with buttons, which the editor shows only above no rows.
    setState({ kind: 'notInstalled', searched: [] });
    assert.deepEqual(commands(), []);
  });

  it('are gone while there is no server, and there while it comes back', () => {
    const { tree, setState } = growTree([aSession({ id: 'a' })]);
    setState({ kind: 'failed', message: 'No.' });
    assert.equal(tree.find('a'), undefined);
    setState({ kind: 'reconnecting', since: 1, attempt: 1, reason: 'gone' });
    assert.equal(tree.getChildren().length, 1);
  });
});

describe('the decorations of sessions', () => {
  it('mark what waits, what failed and what is unread', () => {
    const { store, attention, ends, unread, setStatus, say } = growTree([
      aSession({ id: 'waiting' }),
      aSession({ id: 'failed' }),
      aSession({ id: 'unread' }),
      aSession({ id: 'cut' }),
      aSession({ id: 'idle' }),
    ]);
    for (const id of ['waiting', 'failed', 'unread', 'cut']) setStatus(id, { type: 'busy' });
    say({ type: 'permission.asked', properties: aPermission({ sessionID: 'waiting' }) });
    say({
      type: 'session.error',
      properties: { sessionID: 'failed', error: { name: 'APIError', data: {} } },
    });
    for (const [id, finish] of [
      ['unread', 'stop'],
      ['cut', 'length'],
    ] as const) {
      const { info } = anAnswer(`msg_${id}`, 'msg_1', { sessionID: id, finish });
      say({ type: 'message.updated', properties: { info } });
    }
    for (const id of ['failed', 'unread', 'cut']) setStatus(id, { type: 'idle' });
    const decorations = new SessionDecorations({ sessions: store, attention, ends, unread });
    const shown = ['waiting', 'failed', 'unread', 'cut', 'idle'].map((id) =>
      decorations.provideFileDecoration(toSessionUri(id)),
    );
    decorations.dispose();
    assert.deepEqual(
      shown.map((decoration) => decoration?.badge),
      ['?', '!', '●', '!', undefined],
    );
    assert.equal(shown[3]?.tooltip, 'Cut at the output limit');
  });

  it('leave the files of other schemes alone', () => {
    const { store, attention, ends, unread } = growTree([aSession({ id: 'a' })]);
    const decorations = new SessionDecorations({ sessions: store, attention, ends, unread });
    assert.equal(decorations.provideFileDecoration(vscode.Uri.file('/a')), undefined);
    decorations.dispose();
  });
});

describe('the session tree as its view sees it', () => {
  it('is told of at once, and of all that changes soon afterwards together', async () => {
    const { tree, setStatus } = growTree([aSession({ id: 'a' }), aSession({ id: 'b' })]);
    const paced = new PacedTree<TreeRow>(tree, startTimer);
    const told: (readonly string[] | undefined)[] = [];
    paced.onDidChangeTreeData((rows) =>
      told.push(rows?.map((row) => ('sessionId' in row ? row.sessionId : row.kind))),
    );
    const retry = (id: string, attempt: number): void =>
      setStatus(id, { type: 'retry', attempt, message: 'busy', next: 5 });
    retry('a', 1);
    const atOnce = told.splice(0);
    assert.ok(atOnce.length <= 1 && (atOnce[0] ?? ['a']).includes('a'), JSON.stringify(atOnce));
    retry('a', 2);
    retry('b', 1);
    retry('a', 3);
    assert.equal(told.length, 0);
    await waitFor(() => told.length > 0, { what: 'the changes to be told of' });
    const [later] = told;
    assert.ok(later === undefined || (later.includes('a') && later.includes('b')), JSON.stringify(told));
    assert.equal(new Set(later).size, later?.length ?? 0, 'each row once');
    tree.refresh();
    await waitFor(() => told.length > 1, { what: 'the whole tree to be told of' });
    assert.equal(told[1], undefined);
    paced.dispose();
  });
});
