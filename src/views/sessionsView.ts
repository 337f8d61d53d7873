import type { TreeDataProvider, TreeView } from 'vscode';
import type { Attention } from '../core/sessions/attention.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { CurrentSession } from '../core/sessions/currentSession.ts';
import type { Elsewhere } from '../core/sessions/elsewhereSessions.ts';
import { Emitter, type Disposable, type Event } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import { activityStep } from '../core/sessions/sessionRow.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { TreeNode } from '../core/rows/sessionTree.ts';
import { connectionMessage, showsSessions } from './connectionTexts.ts';
import type { SessionsTree, TreeRow } from './sessionsTree.ts';
import { AfterPaint } from './afterPaint.ts';
import { PacedTree } from './pacedTree.ts';
import { Ticker } from './ticker.ts';

export interface SessionsViewPorts {
  /** Gives the view its rows; it is there before them, and stays after them. */
  readonly openView: (rows: TreeDataProvider<TreeRow>) => TreeView<TreeRow>;
  readonly tree: SessionsTree;
  readonly sessions: Pick<Sessions, 'onDidChange'>;
  readonly elsewhere: Pick<Elsewhere, 'onDidChange'>;
  readonly attention: Pick<Attention, 'roots' | 'onDidChange'>;
  readonly currentSession: CurrentSession;
  readonly connection: { readonly state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> };
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Log;
}

interface ShownRow {
  readonly node: TreeNode;
  readonly place: string;
}

const revealAttempts = 3;

/** The "Sessions" view around its rows: message line, badge, filter, and the row of the session being looked at. */
export class SessionsView implements Disposable {
  readonly #ports: SessionsViewPorts;
  readonly #view: TreeView<TreeRow>;
  readonly #countdown: Ticker;
  readonly #workClock: Ticker;
  readonly #clock: Ticker;
  readonly #afterPaint = new AfterPaint(() => this.#revealCurrent());
  readonly #disposables: readonly Disposable[];
  readonly #didShow = new Emitter<void>();
  /** The row that was shown last, and where it stood. */
  #shown: ShownRow | undefined;

  /** The view came into sight. */
  readonly onDidShow = this.#didShow.event;

  constructor(ports: SessionsViewPorts) {
    const { tree, sessions, elsewhere, attention, currentSession, connection } = ports;
    this.#ports = ports;
    this.#countdown = new Ticker(1000, () => tree.refreshRetries());
    this.#workClock = new Ticker(activityStep, () => tree.refreshWorking());
    this.#clock = new Ticker(60_000, () => tree.refreshTimes());
    const treeDataProvider = new PacedTree(tree, ports.startTimer);
    this.#view = ports.openView(treeDataProvider);
    this.#disposables = [
      treeDataProvider,
      this.#didShow,
      this.#countdown,
      this.#workClock,
      this.#clock,
      this.#view.onDidChangeVisibility(() => this.#applyVisibility()),
      sessions.onDidChange(() => this.#applySessions()),
      elsewhere.onDidChange(() => this.#showMessage()),
      attention.onDidChange(() => this.#showBadge()),
      currentSession.onDidChange(() => this.#afterPaint.plan()),
      this.#afterPaint,
      connection.onDidChangeState(() => {
        this.#showMessage();
        this.#showBadge();
      }),
    ];
    this.#showMessage();
    this.#showBadge();
  }

  get isVisible(): boolean {
    return this.#view.visible;
  }

  get filterText(): string {
    return this.#ports.tree.filter.text;
  }

  filter(text: string): void {
    this.#ports.tree.setFilter(text);
    this.#showMessage();
  }

  get selectedSessionIds(): readonly string[] {
    return this.#view.selection.flatMap((node) => (node.kind === 'session' ? [node.sessionId] : []));
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #applyVisibility(): void {
    if (this.#view.visible) this.#ports.tree.refreshTimes();
    this.#shown = undefined;
    this.#applySessions();
    this.#clock.runWhile(this.#view.visible);
    if (this.#view.visible) this.#didShow.fire();
  }

  #applySessions(): void {
    this.#countdown.runWhile(this.#view.visible && this.#ports.tree.hasRetries);
    this.#workClock.runWhile(this.#view.visible && this.#ports.tree.hasWorking);
    this.#revealCurrent();
    if (this.#view.visible) this.#showMessage();
  }

  #showMessage(): void {
    const state = this.#ports.connection.state;
    const message = connectionMessage(state) || this.#filterMessage(state) || this.#elsewhereMessage(state);
    if (message !== this.#view.message) this.#view.message = message;
  }

  /** The welcome of an empty view is not shown above a group. */
  #elsewhereMessage(state: ConnectionState): string {
    const { tree } = this.#ports;
    if (state.kind !== 'live' || this.filterText !== '') return '';
    if (tree.countElsewhere === 0 || tree.getChildren().some(({ kind }) => kind !== 'elsewhere')) return '';
    return l10n.t(
      'There are no sessions in this folder yet; elsewhere in this project: {0}.',
      tree.countElsewhere,
    );
  }

  #filterMessage(state: ConnectionState): string {
    const { filter } = this.#ports.tree;
    if (filter.text === '' || !showsSessions(state)) return '';
    if (filter.fault !== undefined) return filter.fault;
    if (!filter.isOn) return '';
    const { found } = this.#ports.tree;
    // What can be done where nothing was found, the welcome of the empty view says.
    if (found === 0) return '';
    return found === 1
      ? l10n.t('Filtered: {0} (1 session)', filter.text)
      : l10n.t('Filtered: {0} ({1} sessions)', filter.text, found);
  }

  #showBadge(): void {
    const { attention, connection } = this.#ports;
    const value = showsSessions(connection.state) ? attention.roots.length : 0;
    const tooltip =
      value === 1 ? l10n.t('1 session waits for you') : l10n.t('{0} sessions wait for you', value);
    this.#view.badge = value === 0 ? undefined : { value, tooltip };
  }

  /** Shows and selects the row of the session that is looked at; again when it moves, as a new fork does. */
  #revealCurrent(): void {
    const { tree, currentSession, log } = this.#ports;
    const { id } = currentSession;
    if (id === undefined || !this.#view.visible) return;
    const node = tree.find(id);
    if (node === undefined) return;
    const place = this.#placeOf(node);
    const before = this.#shown;
    if (place === before?.place) return;
    this.#shown = { node, place };
    const moved = node === before?.node;
    // What was clicked is in view; what was put into the archive is to go out of view.
    if (moved ? place.includes('/archive:') : this.selectedSessionIds.includes(id)) return;
    this.#reveal(this.#shown).catch((error: unknown) => log.debug('A row could not be shown.', error));
  }

  /** Again while the row is not selected: what meets rows that are being drawn is dropped without a word (VS Code 1.139). */
  async #reveal(row: ShownRow): Promise<void> {
    for (let attempt = 0; attempt < revealAttempts && row === this.#shown; attempt += 1) {
      await this.#view.reveal(row.node, { select: true, focus: false });
      if (this.#view.selection.includes(row.node)) return;
    }
  }

  /** The row and those above it. */
  #placeOf(node: TreeRow | undefined): string {
    if (node === undefined || node.kind === 'action') return '';
    return `${this.#placeOf(this.#ports.tree.getParent(node))}/${this.#ports.tree.rowId(node)}`;
  }
}
