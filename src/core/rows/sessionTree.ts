import { parsePendingRelays } from '../../protocol/pending.ts';
import type { Session } from '../../protocol/records.ts';
import type { Proof } from '../ports/proof.ts';
import { readScratch } from '../sessions/scratch.ts';
import type { Elsewhere } from '../sessions/elsewhereSessions.ts';
import type { ServiceFolder, ServiceMap } from '../services/serviceFolders.ts';
import { isArchived, type Origin, type SessionKind } from '../sessions/sessionKind.ts';

export type TreeNode =
  | { readonly kind: 'folder'; readonly directory: string }
  /** A folder with a service of its own, in whatever workspace folder it lies. */
  | { readonly kind: 'service'; readonly directory: string }
  | { readonly kind: 'session'; readonly sessionId: string }
  /** A relay that waits for its turn, by the id that its message will have. */
  | { readonly kind: 'relay'; readonly sessionId: string; readonly relayId: string }
  /** The group of the archived sessions; without a directory where there is only one folder, or of those elsewhere. */
  | { readonly kind: 'archive'; readonly directory: string | undefined; readonly isElsewhere?: true }
  /** The group of the sessions that are not among the latest of their folder, where there are very many. */
  | { readonly kind: 'older'; readonly directory: string | undefined; readonly isElsewhere?: true }
  /** The group of the sessions that lie in other folders of the window's projects. */
  | { readonly kind: 'elsewhere' };

export interface SessionTreeInput {
  readonly sessions: readonly Session[];
  /** The workspace folders, in their order. Folders are shown if there are several. */
  readonly directories: readonly string[];
  /** The sessions of other folders of the same projects, and which folders these are beside those of the sessions. */
  readonly elsewhere?: Pick<Elsewhere, 'all' | 'followed'>;
  /** By which services the sessions are grouped; absent: by none. */
  readonly services?: Pick<ServiceMap, 'services' | 'of'> | undefined;
  /** Which sessions are wanted, and those above them stay; absent: all are. */
  readonly matches?: ((session: Session) => boolean) | undefined;
  readonly originOf: (session: Session) => Origin;
  /** By which throw-away sessions are known, which are left out. */
  readonly proof: Proof;
}

/**
 * So many sessions of a folder stand in sight, and those before them in a group: the editor asks for every row of an open
 * tree before it draws the first (VS Code 1.139), and nobody reads so far down without a filter.
 */
export const mostInSight = 200;

/** A node's name for `Map`s and for the editor: the same for the same thing in every tree. */
export function nodeKey(node: TreeNode): string {
  switch (node.kind) {
    case 'folder':
    case 'service':
      return `${node.kind}:${node.directory}`;
    case 'session':
      return `session:${node.sessionId}`;
    case 'relay':
      return `relay:${node.relayId}`;
    case 'archive':
    case 'older':
      return node.isElsewhere === true ? `${node.kind} elsewhere` : `${node.kind}:${node.directory ?? ''}`;
    case 'elsewhere':
      return 'elsewhere';
  }
}

/**
 * The sessions as a tree: folders, in them sessions by latest activity, below a session what came from it.
 *
 * A tree is a still picture. The order is that of the moment in which it was built, so rows do not jump
 * while several sessions work; `changedParents` tells what differs from an earlier picture. Nothing is
 * unreachable: a session whose source is gone, or that is its own ancestor, is a root.
 */
export class SessionTree {
  readonly #nodes = new Map<string, TreeNode>();
  readonly #children = new Map<string, readonly TreeNode[]>();
  readonly #parents = new Map<string, TreeNode>();
  readonly #kinds = new Map<string, SessionKind>();
  readonly roots: readonly TreeNode[];

  /** `earlier` lends its nodes, so that the same thing is the same object in both trees. */
  constructor(input: SessionTreeInput, earlier?: SessionTree) {
    if (earlier !== undefined) this.#nodes = earlier.#nodes;
    const forest = buildForest(input);
    for (const [id, { kind }] of forest.members) this.#kinds.set(id, kind);
    this.countElsewhere = [...forest.members.values()].filter(
      ({ elsewhere, kind }) => elsewhere && kind !== 'subagent',
    ).length;
    this.found = forest.found;
    this.roots = this.#buildRoots(input, forest);
  }

  children(node: TreeNode): readonly TreeNode[] {
    return this.#children.get(nodeKey(node)) ?? [];
  }

  parent(node: TreeNode): TreeNode | undefined {
    return this.#parents.get(nodeKey(node));
  }

  /** The node of a session that is in the tree. */
  find(sessionId: string): TreeNode | undefined {
    return this.#kinds.has(sessionId) ? this.#nodes.get(`session:${sessionId}`) : undefined;
  }

  /** How many sessions are in the tree, at any depth. */
  get size(): number {
    return this.#kinds.size;
  }

  /** How many sessions are wanted, at any depth. */
  readonly found: number;

  /** How many of them lie in other folders than the window's; subagents are no sessions to a person who counts. */
  readonly countElsewhere: number;

  /**
   * The sessions from top to bottom, as a person goes through them: those of the archive and of other folders are put
   * away, and subagents are the inner life of a session.
   */
  get order(): readonly string[] {
    const walk = (node: TreeNode): readonly string[] => {
      if (node.kind === 'archive' || node.kind === 'elsewhere') return [];
      const below = this.children(node).flatMap(walk);
      if (node.kind !== 'session' || this.#kinds.get(node.sessionId) === 'subagent') return below;
      return [node.sessionId, ...below];
    };
    return this.roots.flatMap(walk);
  }

  /** The nodes whose children differ between the two trees; `roots` tells it of the top. */
  changedParents(earlier: SessionTree): { readonly roots: boolean; readonly nodes: readonly TreeNode[] } {
    const keys = new Set([...this.#children.keys(), ...earlier.#children.keys()]);
    const nodes: TreeNode[] = [];
    for (const key of keys) {
      const node = this.#nodes.get(key);
      if (node !== undefined && !sameNodes(this.children(node), earlier.children(node))) nodes.push(node);
    }
    return { roots: !sameNodes(this.roots, earlier.roots), nodes };
  }

  #buildRoots({ directories, services }: SessionTreeInput, forest: Forest): readonly TreeNode[] {
    const isElsewhere = (id: string) => forest.members.get(id)?.elsewhere === true;
    const all = forest.childrenOf.get(undefined) ?? [];
    const here = all.filter((id) => !isElsewhere(id));
    const byService = Map.groupBy(here, (id) => forest.members.get(id)?.service);
    const rows = this.#buildServices(services?.services ?? [], byService, forest);
    const folders = this.#buildFolders(directories, byService.get(undefined) ?? [], rows, forest);
    const elsewhere = this.#buildFolder({ isElsewhere: true }, all.filter(isElsewhere), forest);
    return [...folders, ...this.#buildGroup({ kind: 'elsewhere' }, elsewhere)];
  }

  /** Those without sessions are there, too: in each one can begin. A filter leaves them out. */
  #buildServices(
    services: readonly ServiceFolder[],
    byService: ReadonlyMap<string | undefined, readonly string[]>,
    forest: Forest,
  ): readonly ServiceRow[] {
    return services
      .filter(({ directory }) => byService.has(directory) || !forest.filtered)
      .map(({ directory, root }) => {
        const node = this.#intern({ kind: 'service', directory });
        this.#adopt(node, this.#buildFolder({ directory }, byService.get(directory) ?? [], forest));
        return { node, root };
      });
  }

  #buildFolders(
    directories: readonly string[],
    top: readonly string[],
    services: readonly ServiceRow[],
    forest: Forest,
  ): readonly TreeNode[] {
    const seen = top.map((id) => forest.members.get(id)?.session.directory ?? '');
    const shown = [...new Set([...directories, ...seen])];
    const servicesOf = (directory: string) =>
      services.flatMap(({ node, root }) => (root === directory ? [node] : []));
    if (shown.length < 2) return [...services.map(({ node }) => node), ...this.#buildFolder({}, top, forest)];
    const byDirectory = Map.groupBy(top, (id) => forest.members.get(id)?.session.directory ?? '');
    return shown
      .filter(
        (directory) => byDirectory.has(directory) || servicesOf(directory).length > 0 || !forest.filtered,
      )
      .map((directory) => {
        const folder = this.#intern({ kind: 'folder', directory });
        const own = this.#buildFolder({ directory }, byDirectory.get(directory) ?? [], forest);
        this.#adopt(folder, [...servicesOf(directory), ...own]);
        return folder;
      });
  }

  /** What stands in one folder: its sessions, then those of long ago, and last the group of the archived ones. */
  #buildFolder(
    { directory, ...where }: { readonly directory?: string; readonly isElsewhere?: true },
    top: readonly string[],
    forest: Forest,
  ): TreeNode[] {
    const isInArchive = (id: string) => forest.members.get(id)?.archived === true;
    const nodes = top.filter((id) => !isInArchive(id)).map((id) => this.#buildSession(id, forest));
    const archived = top.filter(isInArchive).map((id) => this.#buildSession(id, forest));
    const inSight = forest.filtered ? nodes.length : mostInSight;
    return [
      ...nodes.slice(0, inSight),
      ...this.#buildGroup({ kind: 'older', directory, ...where }, nodes.slice(inSight)),
      ...this.#buildGroup({ kind: 'archive', directory, ...where }, archived),
    ];
  }

  /** The row above these; none where there are none. */
  #buildGroup(row: TreeNode, nodes: readonly TreeNode[]): readonly TreeNode[] {
    if (nodes.length === 0) return [];
    const group = this.#intern(row);
    this.#adopt(group, nodes);
    return [group];
  }

  #buildSession(sessionId: string, forest: Forest): TreeNode {
    const node = this.#intern({ kind: 'session', sessionId });
    const session = forest.members.get(sessionId)?.session;
    const legs = session === undefined ? [] : (parsePendingRelays(session)?.legs ?? []);
    const relays = legs.map(({ messageId }) =>
      this.#intern({ kind: 'relay', sessionId, relayId: messageId }),
    );
    const below = (forest.childrenOf.get(sessionId) ?? []).map((id) => this.#buildSession(id, forest));
    if (relays.length + below.length > 0) this.#adopt(node, [...relays, ...below]);
    return node;
  }

  #adopt(parent: TreeNode, children: readonly TreeNode[]): void {
    this.#children.set(nodeKey(parent), children);
    for (const child of children) this.#parents.set(nodeKey(child), parent);
  }

  #intern(node: TreeNode): TreeNode {
    const key = nodeKey(node);
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    this.#nodes.set(key, node);
    return node;
  }
}

interface ServiceRow {
  readonly node: TreeNode;
  /** The workspace folder in which it stands. */
  readonly root: string;
}

interface Member {
  readonly session: Session;
  readonly kind: SessionKind;
  /** Whether it stands in the archive: by itself, or because the session whose subagent it is does. */
  readonly archived: boolean;
  /** Whether it lies in another folder than those of the window, and in no service. */
  readonly elsewhere: boolean;
  /** The folder of the service that it belongs to, where sessions are grouped so. */
  readonly service: string | undefined;
}

interface Forest {
  readonly members: ReadonlyMap<string, Member>;
  /** Newest first; the roots stand under `undefined`. */
  readonly childrenOf: ReadonlyMap<string | undefined, readonly string[]>;
  readonly filtered: boolean;
  /** How many are wanted, those that only stand above them left out. */
  readonly found: number;
}

function buildForest({
  sessions: known,
  directories,
  elsewhere,
  services,
  matches,
  originOf,
  proof,
}: SessionTreeInput): Forest {
  const listed = elsewhere?.all() ?? [];
  const far = new Set([...listed.map(({ directory }) => directory), ...(elsewhere?.followed ?? [])]);
  for (const directory of directories) far.delete(directory);
  const all = new Map([...listed, ...known].map((session) => [session.id, session])).values();
  const sessions = [...all].filter((session) => readScratch(proof, session) === undefined);
  const byId = new Map(sessions.map((session) => [session.id, session]));
  const origins = new Map(sessions.map((session) => [session.id, originOf(session)]));
  const sources = withoutCycles(
    new Map(
      [...origins].map(([id, { from }]) => [id, from !== undefined && byId.has(from) ? from : undefined]),
    ),
  );
  const members = new Map<string, Member>();
  for (const id of topDown(sources)) {
    const session = byId.get(id);
    const kind = origins.get(id)?.kind;
    if (session === undefined || kind === undefined) continue;
    const source = sources.get(id);
    const inherited = kind === 'subagent' && source !== undefined && members.get(source)?.archived === true;
    const archived = inherited || isArchived(session);
    const service = services?.of(session.directory)?.directory;
    const isFar = service === undefined && far.has(session.directory);
    members.set(id, { session, kind, archived, elsewhere: isFar, service });
  }
  const parents = keepApart(sources, members);
  const found = matches === undefined ? undefined : findMatches(members, matches);
  const kept = found === undefined ? members : keepAbove(found, members, parents);
  return {
    members: kept,
    childrenOf: groupChildren(kept, parents),
    filtered: found !== undefined,
    found: found?.size ?? members.size,
  };
}

/** Cuts each circle of sources at one place, so that every walk upwards ends. */
function withoutCycles(sources: Map<string, string | undefined>): Map<string, string | undefined> {
  const ending = new Set<string>();
  for (const start of sources.keys()) {
    const path = new Set<string>();
    for (let id: string | undefined = start; id !== undefined && !ending.has(id); id = sources.get(id)) {
      path.add(id);
      const source = sources.get(id);
      if (source !== undefined && path.has(source)) sources.set(id, undefined);
    }
    for (const id of path) ending.add(id);
  }
  return sources;
}

/** The ids so that each source stands before what came from it. */
function topDown(sources: ReadonlyMap<string, string | undefined>): Set<string> {
  const ordered = new Set<string>();
  for (const start of sources.keys()) {
    const path: string[] = [];
    for (let id: string | undefined = start; id !== undefined && !ordered.has(id); id = sources.get(id)) {
      path.push(id);
    }
    for (const id of path.toReversed()) ordered.add(id);
  }
  return ordered;
}

/** A session stands under its source only if they are in the same of the groups. */
function keepApart(
  sources: ReadonlyMap<string, string | undefined>,
  members: ReadonlyMap<string, Member>,
): Map<string, string | undefined> {
  const parents = new Map<string, string | undefined>();
  for (const [id, source] of sources) {
    const [one, other] = [members.get(id), source === undefined ? undefined : members.get(source)];
    const together =
      one?.archived === other?.archived &&
      one?.elsewhere === other?.elsewhere &&
      one?.service === other?.service;
    parents.set(id, together ? source : undefined);
  }
  return parents;
}

function findMatches(
  members: ReadonlyMap<string, Member>,
  matches: (session: Session) => boolean,
): ReadonlySet<string> {
  return new Set([...members].filter(([, { session }]) => matches(session)).map(([id]) => id));
}

/** What was found, and what stands above it. */
function keepAbove(
  found: ReadonlySet<string>,
  members: ReadonlyMap<string, Member>,
  parents: ReadonlyMap<string, string | undefined>,
): ReadonlyMap<string, Member> {
  const kept = new Set<string>();
  for (const start of found) {
    for (let id: string | undefined = start; id !== undefined && !kept.has(id); id = parents.get(id)) {
      kept.add(id);
    }
  }
  return new Map([...members].filter(([id]) => kept.has(id)));
}

function groupChildren(
  members: ReadonlyMap<string, Member>,
  parents: ReadonlyMap<string, string | undefined>,
): Map<string | undefined, readonly string[]> {
  const activity = latestActivity(members, parents);
  const newestFirst = (a: string, b: string): number =>
    (activity.get(b) ?? 0) - (activity.get(a) ?? 0) || (a < b ? -1 : 1);
  const groups = Map.groupBy(members.keys(), (id) => parents.get(id));
  for (const ids of groups.values()) ids.sort(newestFirst);
  return groups;
}

/** When something last happened in a session or in what stands below it, in milliseconds since 1970. */
function latestActivity(
  members: ReadonlyMap<string, Member>,
  parents: ReadonlyMap<string, string | undefined>,
): Map<string, number> {
  const latest = new Map<string, number>();
  for (const [start, { session }] of members) {
    const time = session.time.updated;
    for (
      let id: string | undefined = start;
      id !== undefined && (latest.get(id) ?? -1) < time;
      id = parents.get(id)
    ) {
      latest.set(id, time);
    }
  }
  return latest;
}

function sameNodes(a: readonly TreeNode[], b: readonly TreeNode[]): boolean {
  return a.length === b.length && a.every((node, index) => node === b[index]);
}
