import { dirname } from 'node:path';
import { TreeItem, TreeItemCollapsibleState } from 'vscode';
import { relativeTime } from '../core/relativeTime.ts';
import { nodeKey, type SessionTree, type TreeNode } from '../core/rows/sessionTree.ts';
import type { TreeFilter } from '../core/rows/treeFilter.ts';
import { rests, type SessionFacts } from '../core/sessions/sessionRow.ts';
import { readRelays } from '../core/turns/relayProof.ts';
import type { Session } from '../protocol/records.ts';
import {
  toArchiveItem,
  toElsewhereItem,
  toFolderItem,
  toOlderItem,
  toServiceItem,
  type FolderFacts,
} from './groupItem.ts';
import { toRelayItem } from './relayItem.ts';
import { toSessionItem } from './sessionItem.ts';
import type { SessionsTreePorts } from './sessionsTree.ts';

export interface RowItemsPorts extends Pick<
  SessionsTreePorts,
  | 'sessions'
  | 'proof'
  | 'facts'
  | 'relays'
  | 'changesSearch'
  | 'directories'
  | 'directoryName'
  | 'grouping'
  | 'connection'
> {
  /** The tree as it is now. */
  readonly tree: () => SessionTree;
  readonly filter: Pick<TreeFilter, 'isOn' | 'highlight'>;
  readonly sessionOf: (sessionId: string) => Session | undefined;
}

/** The rows of the tree of sessions as the editor draws them. */
export class RowItems {
  readonly #ports: RowItemsPorts;
  /** What stands on the rows that were drawn, by session id: when they were last active. */
  readonly #drawnTimes = new Map<string, string>();
  /** The rows below which something stood that is meant to be seen. */
  readonly #opened = new Set<string>();

  constructor(ports: RowItemsPorts) {
    this.#ports = ports;
  }

  /** The sessions whose rows were drawn. */
  get drawn(): readonly string[] {
    return [...this.#drawnTimes.keys()];
  }

  /** The sessions on whose rows a time stands that is no longer true. */
  outdated(now: number): readonly string[] {
    return this.drawn.filter((sessionId) => {
      const session = this.#ports.sessionOf(sessionId);
      return (
        session !== undefined && relativeTime(session.time.updated, now) !== this.#drawnTimes.get(sessionId)
      );
    });
  }

  forgetDrawn(): void {
    this.#drawnTimes.clear();
  }

  toItem(node: TreeNode): TreeItem {
    const item = this.#toItem(node);
    item.id = this.idOf(node);
    return item;
  }

  /**
   * What the editor knows a row by. The rows of a filtered tree are opened and closed apart from those of the full one.
   * A row below which something comes that is meant to be seen is another one from then on: the editor leaves a row
   * closed that had nothing below it, whatever it is told (VS Code 1.139).
   */
  idOf(node: TreeNode): string {
    const id = `${this.#ports.filter.isOn ? 'filtered:' : ''}${nodeKey(node)}`;
    if (node.kind === 'service') return this.#ports.tree().children(node).length > 0 ? `opened:${id}` : id;
    if (node.kind !== 'session') return id;
    if (this.#collapsible(node) === TreeItemCollapsibleState.Expanded) this.#opened.add(id);
    return this.#opened.has(id) ? `opened:${id}` : id;
  }

  #readFolder(directory: string): FolderFacts {
    const { directoryName, connection } = this.#ports;
    const name = directoryName(directory);
    const folders = this.#ports.tree().roots.filter((node) => node.kind === 'folder');
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
      case 'service':
        return this.#toServiceItem(node);
      case 'archive':
        return toArchiveItem(this.#ports.tree().children(node).length, this.#closed());
      case 'older':
        return toOlderItem(this.#ports.tree().children(node).length, this.#closed());
      case 'elsewhere':
        return toElsewhereItem(
          this.#ports.tree().countElsewhere,
          this.#ports.directories().length > 1,
          this.#closed(),
        );
      case 'session':
        return this.#toSessionItem(node.sessionId, node);
      case 'relay':
        return this.#toRelayItem(node.sessionId, node.relayId);
    }
  }

  #toServiceItem(node: Extract<TreeNode, { kind: 'service' }>): TreeItem {
    const { directory } = node;
    const name = this.#ports.grouping.services?.get(directory)?.name ?? directory;
    const children = this.#ports.tree().children(node);
    // What stands below a session came from it, and what is put away is counted there.
    const sessions = children.filter(({ kind }) => kind === 'session').length;
    return toServiceItem({ directory, name, sessions, isEmpty: children.length === 0 });
  }

  /** How a group stands that is closed by itself: it opens where a filter found something in it. */
  #closed(): TreeItemCollapsibleState {
    return !this.#ports.filter.isOn ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
  }

  #toSessionItem(sessionId: string, node: TreeNode): TreeItem {
    const session = this.#ports.sessionOf(sessionId);
    if (session === undefined) return new TreeItem(sessionId);
    const facts = this.#withoutService(this.#ports.facts.read(session));
    this.#drawnTimes.set(sessionId, relativeTime(session.time.updated, facts.now));
    if (rests(facts)) this.#ports.changesSearch.want(session);
    return toSessionItem(facts, {
      isBusy: this.#ports.sessions.status(sessionId).type !== 'idle',
      collapsible: this.#collapsible(node),
      highlights: this.#ports.filter.highlight(facts.title),
    });
  }

  /** Which folder a session lies in, the row of its service says. */
  #withoutService(facts: SessionFacts): SessionFacts {
    const isSaid = this.#ports.grouping.services?.get(facts.session.directory) !== undefined;
    return isSaid ? { ...facts, folder: undefined } : facts;
  }

  #toRelayItem(sessionId: string, relayId: string): TreeItem {
    const session = this.#ports.sessionOf(sessionId);
    const legs = session === undefined ? [] : (readRelays(this.#ports.proof, session)?.legs ?? []);
    const leg = legs.find(({ messageId }) => messageId === relayId);
    if (leg === undefined) return new TreeItem(relayId);
    return toRelayItem(sessionId, leg, leg === legs[0] ? this.#ports.relays.why(sessionId) : undefined);
  }

  /** Relays, forks and hand-offs are meant to be seen; subagents are the inner life of a session. */
  #collapsible(node: TreeNode): TreeItemCollapsibleState {
    const children = this.#ports.tree().children(node);
    if (children.length === 0) return TreeItemCollapsibleState.None;
    return this.#ports.filter.isOn ||
      children.some((child) => child.kind === 'relay' || this.#isLineage(child))
      ? TreeItemCollapsibleState.Expanded
      : TreeItemCollapsibleState.Collapsed;
  }

  #isLineage(node: TreeNode): boolean {
    const session = node.kind === 'session' ? this.#ports.sessionOf(node.sessionId) : undefined;
    return session !== undefined && this.#ports.sessions.origin(session).kind !== 'subagent';
  }
}
