import { EventEmitter, type CancellationToken, type TreeDataProvider, type TreeItem } from 'vscode';
import { subagentParents, type Attention } from '../core/sessions/attention.ts';
import type { Activities } from '../core/rows/activities.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { ChangesSearch } from '../core/rows/changesSearch.ts';
import type { SessionChanges } from '../core/changes/sessionChanges.ts';
import type { ContextUses } from '../core/sessions/contextUses.ts';
import type { Disposable, Event } from '../core/event.ts';
import type { Proof } from '../core/ports/proof.ts';
import type { Elsewhere } from '../core/sessions/elsewhereSessions.ts';
import type { SessionFactsReader } from '../core/sessions/sessionFacts.ts';
import type { LastEnds } from '../core/sessions/lastEnds.ts';
import type { Sessions, SessionsChange } from '../core/sessions/sessionStore.ts';
import type { Glances } from '../core/rows/glances.ts';
import type { Results } from '../core/rows/results.ts';
import type { TodoStore } from '../core/todos/todoStore.ts';
import { TreeFilter } from '../core/rows/treeFilter.ts';
import { SessionTree, type TreeNode } from '../core/rows/sessionTree.ts';
import type { ServiceMap } from '../core/services/serviceFolders.ts';
import type { Unread } from '../core/sessions/unread.ts';
import type { WorkingSessions } from '../core/sessions/workingSessions.ts';
import type { Session } from '../protocol/records.ts';
import { RowItems } from './rowItems.ts';
import { toSessionTooltip } from './sessionItem.ts';
import { toActionItem } from './actionItem.ts';
import { connectionRows, showsSessions, type ConnectionAction } from './connectionTexts.ts';

export interface SessionsTreePorts {
  readonly sessions: Sessions;
  readonly elsewhere: Elsewhere;
  readonly proof: Proof;
  readonly facts: SessionFactsReader;
  readonly working: Pick<WorkingSessions, 'ids' | 'onDidChange'>;
  readonly activities: Pick<Activities, 'onDidChange'>;
  readonly results: Pick<Results, 'onDidChange'>;
  readonly attention: Pick<Attention, 'onDidChange'>;
  readonly ends: Pick<LastEnds, 'onDidChange'>;
  readonly unread: Pick<Unread, 'has' | 'onDidChange'>;
  /** Reads first prompts that are not known, which the store of sessions then tells of. */
  readonly firstPrompts: { search(): void };
  readonly contextUses: Pick<ContextUses, 'onDidChange'>;
  readonly changes: Pick<SessionChanges, 'files' | 'onDidChange'>;
  readonly changesSearch: Pick<ChangesSearch, 'search' | 'want'>;
  readonly relays: {
    /** Why the first pending relay of a session waits although its turn has come, as a sentence. */
    why(sessionId: string): string | undefined;
    readonly onDidChangeWhy: Event<{ readonly sessionId: string }>;
  };
  /** The workspace folders, absolute, in their order. */
  readonly directories: () => readonly string[];
  /** What the window calls a folder. */
  readonly directoryName: (directory: string) => string;
  /** By which services the sessions are grouped; undefined: by none. */
  readonly grouping: { readonly services: ServiceMap | undefined; readonly onDidChange: Event<void> };
  readonly connection: { readonly state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> };
  readonly glances: Pick<Glances, 'get'>;
  readonly todos: Pick<TodoStore, 'get'>;
  /** Sees to it that the end of a session is known, if it can be before a person grows impatient. */
  readonly loadGlance: (sessionId: string) => Promise<void>;
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
  readonly #items: RowItems;
  #tree: SessionTree | undefined;
  readonly #filter: TreeFilter;
  #showsSessions: boolean;
  #shown: string;

  readonly onDidChangeTreeData = this.#didChangeTreeData.event;

  constructor(ports: SessionsTreePorts) {
    this.#ports = ports;
    this.#filter = new TreeFilter(ports);
    this.#items = new RowItems({
      ...ports,
      tree: () => this.#current(),
      filter: this.#filter,
      sessionOf: (id) => this.#session(id),
    });
    this.#showsSessions = showsSessions(ports.connection.state);
    this.#shown = shownOf(ports.connection.state);
    const refreshOne = ({ sessionId }: { sessionId: string }): void => this.#refreshRows([sessionId]);
    const applyOne = ({ sessionId }: { sessionId: string }): void => this.#apply([sessionId]);
    this.#subscriptions = [
      ports.sessions.onDidChange((change) => this.#update(change)),
      ports.elsewhere.onDidChange(() => {
        if (this.#tree !== undefined) this.#rebuild(ports.elsewhere.all().map(({ id }) => id));
      }),
      ports.grouping.onDidChange(() => this.refresh()),
      ports.working.onDidChange(({ began }) => {
        if (this.#tree !== undefined && began.length > 0) this.#rebuild(began);
      }),
      ports.attention.onDidChange(({ sessionIds }) => this.#apply(sessionIds)),
      ports.ends.onDidChange(applyOne),
      ports.unread.onDidChange(applyOne),
      ports.activities.onDidChange(refreshOne),
      ports.results.onDidChange(refreshOne),
      ports.contextUses.onDidChange(refreshOne),
      ports.changes.onDidChange((change) => (this.#filter.wantsFiles ? applyOne : refreshOne)(change)),
      ports.relays.onDidChangeWhy(refreshOne),
      ports.connection.onDidChangeState((state) => this.#applyConnection(state)),
    ];
  }

  get filter(): Pick<TreeFilter, 'text' | 'isOn' | 'fault'> {
    return this.#filter;
  }

  setFilter(text: string): void {
    if (!this.#filter.set(text)) return;
    this.refresh();
    if (this.#filter.wantsWords) this.#ports.firstPrompts.search();
    if (this.#filter.wantsFiles) void this.#ports.changesSearch.search(this.#ports.sessions.all());
  }

  /** How many sessions the filter wants, all where there is none. */
  get found(): number {
    return this.#current().found;
  }

  /** How many of them lie in other folders than the window's. */
  get countElsewhere(): number {
    return this.#current().countElsewhere;
  }

  /** The sessions that are not put away, from top to bottom. */
  get order(): readonly string[] {
    return this.#showsSessions ? this.#current().order : [];
  }

  find(sessionId: string): TreeNode | undefined {
    return this.#showsSessions ? this.#current().find(sessionId) : undefined;
  }

  /** Builds the tree again and draws all of it. */
  refresh(): void {
    this.#tree = undefined;
    this.#drawAll();
  }

  #drawAll(): void {
    this.#items.forgetDrawn();
    this.#didChangeTreeData.fire(undefined);
  }

  /** Draws the rows again on which a time stands that is no longer true. */
  refreshTimes(): void {
    this.#refreshRows(this.#items.outdated(this.#ports.now()));
  }

  /** Draws the drawn rows of a folder again. */
  refreshDirectory(directory: string): void {
    this.#refreshRows(this.#items.drawn.filter((id) => this.#session(id)?.directory === directory));
  }

  /** Draws the rows again that count down to the next attempt. */
  refreshRetries(): void {
    this.#refreshRows(this.#retrying());
  }

  /** Draws the rows again that say for how long a session works. */
  refreshWorking(): void {
    this.#refreshRows(this.#working());
  }

  get hasWorking(): boolean {
    return this.#working().length > 0;
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
    return this.#items.toItem(node);
  }

  /** What the editor knows a row by. */
  rowId(node: TreeNode): string {
    return this.#items.idOf(node);
  }

  async resolveTreeItem(item: TreeItem, node: TreeRow, token: CancellationToken): Promise<TreeItem> {
    if (node.kind !== 'session') return item;
    const { sessionId } = node;
    const { facts, glances, todos, loadGlance } = this.#ports;
    await loadGlance(sessionId);
    const session = this.#session(sessionId);
    if (session === undefined || token.isCancellationRequested) return item;
    item.tooltip = toSessionTooltip({
      facts: facts.read(session),
      glance: glances.get(sessionId),
      todos: todos.get(sessionId),
    });
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

  #current(): SessionTree {
    this.#tree ??= this.#build();
    return this.#tree;
  }

  #build(): SessionTree {
    const { sessions, elsewhere, directories, grouping, proof } = this.#ports;
    return new SessionTree(
      {
        sessions: sessions.all(),
        elsewhere,
        directories: directories(),
        services: grouping.services,
        matches: this.#filter.isOn ? (session) => this.#filter.matches(session) : undefined,
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
    if (change.structure) this.#rebuild(concerned);
    else this.#apply(concerned);
  }

  #retrying(): readonly string[] {
    const { working, sessions } = this.#ports;
    return [...working.ids].filter((id) => sessions.status(id).type === 'retry');
  }

  #working(): readonly string[] {
    const { working, sessions } = this.#ports;
    return [...working.ids].filter((id) => sessions.status(id).type === 'busy');
  }

  #rebuild(concerned: Iterable<string>): void {
    const before = this.#current();
    this.#tree = this.#build();
    const { roots, nodes } = this.#tree.changedParents(before);
    if (roots) {
      if (this.#showsSessions) this.#didChangeTreeData.fire(undefined);
      return;
    }
    const rows = this.#nodesOf(concerned);
    this.#fire([...new Set([...nodes, ...rows])]);
  }

  /** Draws rows again of which something else is true now: they may begin or cease to be wanted. */
  #apply(sessionIds: Iterable<string>): void {
    if (this.#tree === undefined) return;
    if (this.#filter.isOn) this.#rebuild(sessionIds);
    else this.#refreshRows(sessionIds);
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
    this.#drawAll();
  }
}

/** What a connection makes the view show, comparable: an attempt that changes none of it draws nothing. */
function shownOf(state: ConnectionState): string {
  const unreadable = state.kind === 'live' ? (state.unreadable ?? []) : [];
  return JSON.stringify([showsSessions(state), connectionRows(state), unreadable]);
}
