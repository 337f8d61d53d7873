import { dirname } from 'node:path';
import {
  EventEmitter,
  TreeItem,
  TreeItemCollapsibleState,
  type CancellationToken,
  type TreeDataProvider,
} from 'vscode';
import { subagentParents, type Attention } from '../core/sessions/attention.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { SessionChanges } from '../core/changes/sessionChanges.ts';
import type { ContextUses } from '../core/sessions/contextUses.ts';
import type { Disposable, Event } from '../core/event.ts';
import type { Proof } from '../core/ports/proof.ts';
import { relativeTime } from '../core/relativeTime.ts';
import type { Elsewhere } from '../core/sessions/elsewhereSessions.ts';
import type { SessionFactsReader } from '../core/sessions/sessionFacts.ts';
import type { LastEnds } from '../core/sessions/lastEnds.ts';
import type { Sessions, SessionsChange } from '../core/sessions/sessionStore.ts';
import { nodeKey, SessionTree, type TreeNode } from '../core/sessions/sessionTree.ts';
import type { Unread } from '../core/sessions/unread.ts';
import type { WorkingSessions } from '../core/sessions/workingSessions.ts';
import { readRelays } from '../core/turns/relayProof.ts';
import type { Session } from '../protocol/records.ts';
import { toArchiveItem, toElsewhereItem, toFolderItem, type FolderFacts } from './groupItem.ts';
import { toRelayItem } from './relayItem.ts';
import { toSessionItem, toSessionTooltip } from './sessionItem.ts';
import { toActionItem } from './actionItem.ts';
import { connectionRows, showsSessions, type ConnectionAction } from './connectionTexts.ts';

export interface SessionsTreePorts {
  readonly sessions: Sessions;
  readonly elsewhere: Elsewhere;
  readonly proof: Proof;
  readonly facts: SessionFactsReader;
  readonly working: Pick<WorkingSessions, 'ids' | 'onDidChange'>;
  readonly attention: Pick<Attention, 'onDidChange'>;
  readonly ends: Pick<LastEnds, 'onDidChange'>;
  readonly unread: Pick<Unread, 'onDidChange'>;
  readonly contextUses: Pick<ContextUses, 'onDidChange'>;
  readonly changes: Pick<SessionChanges, 'onDidChange'>;
  readonly relays: {
    /** Why the first pending relay of a session waits although its turn has come, as a sentence. */
    why(sessionId: string): string | undefined;
    readonly onDidChangeWhy: Event<{ readonly sessionId: string }>;
  };
  /** The workspace folders, absolute, in their order. */
  readonly directories: () => readonly string[];
  /** What the window calls a folder. */
  readonly directoryName: (directory: string) => string;
  readonly connection: { readonly state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> };
  /** Sees to it that the context use of a session is known, if it can be before a person grows impatient. */
  readonly loadContextUse: (sessionId: string) => Promise<void>;
  readonly now: () => number;
}

/** A row of the view: of the tree of sessions or, where there are none to show, what to do about the connection. */
export type TreeRow = TreeNode | { readonly kind: 'action'; readonly action: ConnectionAction };

/**
 * The rows of the session tree. A word of the server costs the rows that it concerns: the tree is built
 * again only when a session came, went or moved, or began to work (then it comes to the top).
 */
export class SessionsTree implements TreeDataProvider<TreeRow>, Disposable {
  readonly #didChangeTreeData = new EventEmitter<TreeRow[] | undefined>();
  readonly #ports: SessionsTreePorts;
  readonly #subscriptions: readonly Disposable[];
  /** What stands on the rows that were drawn, by session id: when they were last active. */
  readonly #drawnTimes = new Map<string, string>();
  /** The rows below which something stood that is meant to be seen. */
  readonly #opened = new Set<string>();
  #tree: SessionTree | undefined;
  #filter = '';
  #showsSessions: boolean;
  #shown: string;

  readonly onDidChangeTreeData = this.#didChangeTreeData.event;

  constructor(ports: SessionsTreePorts) {
    this.#ports = ports;
    this.#showsSessions = showsSessions(ports.connection.state);
    this.#shown = shownOf(ports.connection.state);
    const refreshOne = ({ sessionId }: { sessionId: string }): void => this.#refreshRows([sessionId]);
    this.#subscriptions = [
      ports.sessions.onDidChange((change) => this.#update(change)),
      ports.elsewhere.onDidChange(() => {
        if (this.#tree !== undefined) this.#rebuild(ports.elsewhere.all().map(({ id }) => id));
      }),
      ports.working.onDidChange(({ began }) => {
        if (this.#tree !== undefined && began.length > 0) this.#rebuild(began);
      }),
      ports.attention.onDidChange(({ sessionIds }) => this.#refreshRows(sessionIds)),
      ports.ends.onDidChange(refreshOne),
      ports.unread.onDidChange(refreshOne),
      ports.contextUses.onDidChange(refreshOne),
      ports.changes.onDidChange(refreshOne),
      ports.relays.onDidChangeWhy(refreshOne),
      ports.connection.onDidChangeState((state) => this.#applyConnection(state)),
    ];
  }

  get filter(): string {
    return this.#filter;
  }

  setFilter(text: string): void {
    if (text === this.#filter) return;
    this.#filter = text;
    this.refresh();
  }

  /** How many sessions the tree shows. */
  get size(): number {
    return this.#current().size;
  }

  /** How many of them lie in other folders than the window's. */
  get countElsewhere(): number {
    return this.#current().countElsewhere;
  }

  find(sessionId: string): TreeNode | undefined {
    return this.#showsSessions ? this.#current().find(sessionId) : undefined;
  }

  /** Builds the tree again and draws all of it. */
  refresh(): void {
    this.#tree = undefined;
    this.#drawnTimes.clear();
    this.#didChangeTreeData.fire(undefined);
  }

  /** Draws the rows again on which a time stands that is no longer true. */
  refreshTimes(): void {
    const now = this.#ports.now();
    const outdated = [...this.#drawnTimes].filter(([sessionId, drawn]) => {
      const session = this.#session(sessionId);
      return session !== undefined && relativeTime(session.time.updated, now) !== drawn;
    });
    this.#refreshRows(outdated.map(([sessionId]) => sessionId));
  }

  /** Draws the drawn rows of a folder again. */
  refreshDirectory(directory: string): void {
    const drawn = [...this.#drawnTimes.keys()];
    this.#refreshRows(drawn.filter((id) => this.#session(id)?.directory === directory));
  }

  /** Draws the rows again that count down to the next attempt. */
  refreshRetries(): void {
    this.#refreshRows(this.#retrying());
  }

  get hasRetries(): boolean {
    return this.#retrying().length > 0;
  }

  getChildren(node?: TreeRow): TreeRow[] {
    if (!this.#showsSessions) return node === undefined ? this.#actions() : [];
    const tree = this.#current();
    if (node === undefined) return [...tree.roots];
    return node.kind === 'action' ? [] : [...tree.children(node)];
  }

  getParent(node: TreeRow): TreeNode | undefined {
    return node.kind === 'action' ? undefined : this.#current().parent(node);
  }

  getTreeItem(node: TreeRow): TreeItem {
    if (node.kind === 'action') return toActionItem(node.action);
    const item = this.#toItem(node);
    item.id = this.rowId(node);
    return item;
  }

  /**
   * What the editor knows a row by. The rows of a filtered tree are opened and closed apart from those of the full one.
   * A row below which something comes that is meant to be seen is another one from then on: the editor leaves a row
   * closed that had nothing below it, whatever it is told (VS Code 1.139).
   */
  rowId(node: TreeNode): string {
    const id = `${this.#filter === '' ? '' : 'filtered:'}${nodeKey(node)}`;
    if (node.kind !== 'session') return id;
    if (this.#collapsible(node) === TreeItemCollapsibleState.Expanded) this.#opened.add(id);
    return this.#opened.has(id) ? `opened:${id}` : id;
  }

  async resolveTreeItem(item: TreeItem, node: TreeRow, token: CancellationToken): Promise<TreeItem> {
    if (node.kind !== 'session') return item;
    await this.#ports.loadContextUse(node.sessionId);
    const session = this.#session(node.sessionId);
    if (session === undefined || token.isCancellationRequested) return item;
    item.tooltip = toSessionTooltip(this.#ports.facts.read(session));
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#didChangeTreeData.dispose();
  }

  #session(sessionId: string): Session | undefined {
    return this.#ports.sessions.get(sessionId) ?? this.#ports.elsewhere.get(sessionId);
  }

  #actions(): TreeRow[] {
    return connectionRows(this.#ports.connection.state).map((action) => ({ kind: 'action', action }));
  }

  #readFolder(directory: string): FolderFacts {
    const { directoryName, connection } = this.#ports;
    const name = directoryName(directory);
    const folders = this.#current().roots.filter((node) => node.kind === 'folder');
    const namesakes = folders.filter((node) => directoryName(node.directory) === name);
    const unreadable = connection.state.kind === 'live' ? connection.state.unreadable : undefined;
    return {
      directory,
      name,
      distinction: namesakes.length > 1 ? dirname(directory) : undefined,
      problem: unreadable?.find((folder) => folder.directory === directory),
    };
  }

  #toItem(node: TreeNode): TreeItem {
    switch (node.kind) {
      case 'folder':
        return toFolderItem(this.#readFolder(node.directory));
      case 'archive':
        return toArchiveItem(this.#current().children(node).length, this.#closed());
      case 'elsewhere':
        return toElsewhereItem(
          this.#current().countElsewhere,
          this.#ports.directories().length > 1,
          this.#closed(),
        );
      case 'session':
        return this.#toSessionItem(node.sessionId, node);
      case 'relay':
        return this.#toRelayItem(node.sessionId, node.relayId);
    }
  }

  /** How a group stands that is closed by itself: it opens where a filter found something in it. */
  #closed(): TreeItemCollapsibleState {
    return this.#filter === '' ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
  }

  #toSessionItem(sessionId: string, node: TreeNode): TreeItem {
    const session = this.#session(sessionId);
    if (session === undefined) return new TreeItem(sessionId);
    const facts = this.#ports.facts.read(session);
    this.#drawnTimes.set(sessionId, relativeTime(session.time.updated, facts.now));
    return toSessionItem(facts, {
      isBusy: this.#ports.sessions.status(sessionId).type !== 'idle',
      collapsible: this.#collapsible(node),
    });
  }

  #toRelayItem(sessionId: string, relayId: string): TreeItem {
    const session = this.#session(sessionId);
    const legs = session === undefined ? [] : (readRelays(this.#ports.proof, session)?.legs ?? []);
    const leg = legs.find(({ messageId }) => messageId === relayId);
    if (leg === undefined) return new TreeItem(relayId);
    return toRelayItem(sessionId, leg, leg === legs[0] ? this.#ports.relays.why(sessionId) : undefined);
  }

  /** Relays, forks and hand-offs are meant to be seen; subagents are the inner life of a session. */
  #collapsible(node: TreeNode): TreeItemCollapsibleState {
    const children = this.#current().children(node);
    if (children.length === 0) return TreeItemCollapsibleState.None;
    return this.#filter !== '' || children.some((child) => child.kind === 'relay' || this.#isLineage(child))
      ? TreeItemCollapsibleState.Expanded
      : TreeItemCollapsibleState.Collapsed;
  }

  #isLineage(node: TreeNode): boolean {
    const session = node.kind === 'session' ? this.#session(node.sessionId) : undefined;
    return session !== undefined && this.#ports.sessions.origin(session).kind !== 'subagent';
  }

  #current(): SessionTree {
    this.#tree ??= this.#build();
    return this.#tree;
  }

  #build(): SessionTree {
    const { sessions, elsewhere, directories, proof } = this.#ports;
    return new SessionTree(
      {
        sessions: sessions.all(),
        elsewhere,
        directories: directories(),
        filter: this.#filter,
        originOf: (session) => sessions.origin(session),
        proof,
      },
      this.#tree,
    );
  }

  #update(change: SessionsChange): void {
    if (this.#tree === undefined) return;
    const concerned = new Set(change.sessionIds);
    for (const id of change.sessionIds) {
      for (const parent of subagentParents(this.#ports.sessions, id)) concerned.add(parent);
    }
    // A title or an agent may begin or cease to match.
    if (change.structure || this.#filter !== '') this.#rebuild(concerned);
    else this.#refreshRows(concerned);
  }

  #retrying(): readonly string[] {
    const { working, sessions } = this.#ports;
    return [...working.ids].filter((id) => sessions.status(id).type === 'retry');
  }

  #rebuild(concerned: Iterable<string>): void {
    const before = this.#current();
    this.#tree = this.#build();
    const { roots, nodes } = this.#tree.changedParents(before);
    if (roots) {
      this.#didChangeTreeData.fire(undefined);
      return;
    }
    const rows = this.#nodesOf(concerned);
    this.#fire([...new Set([...nodes, ...rows])]);
  }

  #refreshRows(sessionIds: Iterable<string>): void {
    if (this.#tree !== undefined) this.#fire(this.#nodesOf(sessionIds));
  }

  #nodesOf(sessionIds: Iterable<string>): TreeNode[] {
    return [...sessionIds].map((id) => this.#tree?.find(id)).filter((node) => node !== undefined);
  }

  #fire(nodes: TreeNode[]): void {
    if (nodes.length > 0 && this.#showsSessions) this.#didChangeTreeData.fire(nodes);
  }

  #applyConnection(state: ConnectionState): void {
    const [before, after] = [this.#shown, shownOf(state)];
    if (before === after) return;
    this.#shown = after;
    this.#showsSessions = showsSessions(state);
    this.refresh();
  }
}

/** What a connection makes the view show, comparable: an attempt that changes none of it draws nothing. */
function shownOf(state: ConnectionState): string {
  const unreadable = state.kind === 'live' ? (state.unreadable ?? []) : [];
  return JSON.stringify([showsSessions(state), connectionRows(state), unreadable]);
}
