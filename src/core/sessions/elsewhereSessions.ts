import type { Session } from '../../protocol/records.ts';
import type { Proof } from '../ports/proof.ts';
import { isForeign, readRelays } from '../turns/relayProof.ts';
import { Emitter, type Event } from '../event.ts';
import { isSame } from '../isSame.ts';
import type { DirectorySnapshot, Look, ServerSink } from '../ports/serverSink.ts';
import { withSlashes } from '../withSlashes.ts';

/** What the views may see of the sessions that lie in other folders of the window's projects. */
export interface Elsewhere {
  readonly onDidChange: Event<void>;
  /** Undefined for one of a folder that is followed: the store of sessions has it. */
  get(sessionId: string): Session | undefined;
  all(): readonly Session[];
  /** The folders that are listened to beside the window's own. */
  readonly followed: readonly string[];
  /** What the folder of a session is called, where it is none of the window's. */
  folderOf(session: Session): string | undefined;
}

/**
 * The sessions of the window's projects that lie in other folders than the window's own: those of sub-folders, of the
 * folder above, of other worktrees. They are listed with each snapshot and no more is known of them, since asking
 * for more would make the server start in each of these folders. Once one is opened its folder is followed: from then
 * on the folder is loaded and listened to as the window's own are.
 */
export class ElsewhereSessions implements Elsewhere, ServerSink {
  readonly #directories: () => readonly string[];
  readonly #didChange = new Emitter<void>();
  readonly #didFollow = new Emitter<void>();
  readonly #proof: Proof;
  readonly #sessions = new Map<string, Session>();
  /** Those of the window, but for the one that holds whatever lies in no repository. */
  readonly #projects = new Set<string>();
  readonly #followed = new Set<string>();

  readonly onDidChange = this.#didChange.event;
  /** Another folder is to be loaded and listened to. */
  readonly onDidFollow = this.#didFollow.event;

  /** `directories`: the window's own folders. */
  constructor(directories: () => readonly string[], proof: Proof) {
    this.#directories = directories;
    this.#proof = proof;
  }

  get followed(): readonly string[] {
    return [...this.#followed];
  }

  folderOf(session: Session): string | undefined {
    const directories = this.#directories();
    if (directories.includes(session.directory)) return undefined;
    const isElsewhere = this.#sessions.has(session.id) || this.#followed.has(session.directory);
    return isElsewhere ? describeFolder(session, directories) : undefined;
  }

  get(sessionId: string): Session | undefined {
    return this.#sessions.get(sessionId);
  }

  all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /** Follows the folder of a session, if it is one of the window's projects. */
  follow({ id, directory, projectID }: Pick<Session, 'id' | 'directory' | 'projectID'>): void {
    const isOurs = this.#sessions.has(id) || (projectID !== undefined && this.#projects.has(projectID));
    if (!isOurs || this.#followed.has(directory)) return;
    this.#followed.add(directory);
    this.#didFollow.fire();
  }

  /**
   * Follows a folder that a person named, of whatever project. Answers whether it was not followed before: whoever asks loads it
   * then, since nobody is told of it here.
   */
  followFolder(directory: string): boolean {
    if (this.#followed.has(directory) || this.#directories().includes(directory)) return false;
    this.#followed.add(directory);
    return true;
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    this.#projects.clear();
    this.#takeOver(snapshot, true);
  }

  compare({ snapshot, complete }: Look): void {
    this.#takeOver(snapshot, complete);
  }

  #takeOver(snapshot: readonly DirectorySnapshot[], complete: boolean): void {
    const loaded = new Set(snapshot.map(({ directory }) => directory));
    const projects = snapshot.flatMap(({ sessions }) => sessions.map(({ projectID }) => projectID));
    for (const project of projects)
      if (project !== undefined && !isShared(project)) this.#projects.add(project);
    const found = snapshot
      .flatMap(({ elsewhere = [] }) => elsewhere)
      .filter(({ directory }) => !loaded.has(directory));
    const ids = new Set(found.map(({ id }) => id));
    const gone = complete ? this.all().filter(({ id }) => !ids.has(id)) : [];
    const changed = found.filter((session) => !isSame(this.#sessions.get(session.id), session));
    for (const { id } of gone) this.#sessions.delete(id);
    for (const session of changed) this.#sessions.set(session.id, session);
    if (gone.length + changed.length === 0) return;
    this.#didChange.fire();
    // What waits there would wait for ever if no other window has that folder open. What another wrote starts nothing there.
    for (const session of this.all()) {
      if (readRelays(this.#proof, session)?.legs.some((leg) => !isForeign(leg)) === true)
        this.follow(session);
    }
  }

  apply(): void {
    // The events of these folders are not listened to.
  }
}

/** The project of all folders that lie in no repository. */
export function isShared(projectId: string | undefined): boolean {
  return projectId === 'global';
}

/**
 * What a folder is called beside those of the window: by its path from the root of the checkout that they share, else
 * by its path below one of them, else with the name of the checkout in front. `path` is the server's word for where
 * the folder lies in its checkout.
 */
export function describeFolder(
  { directory, path = '' }: Pick<Session, 'directory' | 'path'>,
  folders: readonly string[],
): string {
  const place = withSlashes(directory);
  const inside = withSlashes(`/${path}`).replace(/^\/+$/, '');
  const root = inside !== '' && place.endsWith(inside) ? place.slice(0, -inside.length) : place;
  const near = folders.map(withSlashes);
  const name = root.split('/').at(-1) ?? root;
  const shared =
    root !== '' && near.length === 1 && near.some((folder) => `${folder}/`.startsWith(`${root}/`));
  if (shared) return inside.slice(1) || name;
  const above = near.find((folder) => place.startsWith(`${folder}/`));
  if (above !== undefined)
    return near.length === 1 ? place.slice(above.length + 1) : place.slice(above.lastIndexOf('/') + 1);
  return root === '' ? place : `${name}${place.slice(root.length)}`;
}
