import { NotFoundProblem, sentenceOf } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { Deletion, DeletionMemory } from '../core/ports/deletionMemory.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { subagentsBelow } from '../core/sessions/attention.ts';
import type { LastEnds } from '../core/sessions/lastEnds.ts';
import { listNames } from '../core/rows/names.ts';
import { isArchived } from '../core/sessions/sessionKind.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Session } from '../protocol/records.ts';

export interface DeletionsPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'updateSession' | 'deleteSession' | 'listMessages'>;
  readonly sessions: Pick<Sessions, 'all' | 'title' | 'status'>;
  readonly ends: Pick<LastEnds, 'worksElsewhere'>;
  readonly memory: DeletionMemory;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly now: () => number;
  readonly notify: Notify;
  readonly log: Pick<Log, 'debug' | 'warn'>;
}

/** How long a session can be had back, in milliseconds. */
const patience = 10_000;

/**
 * Deletes sessions after a while in which they stand in the archive, so that somebody who did not mean it can have them
 * back. What was taken out of the archive meanwhile, or began to work, is not deleted; what the window did not live to
 * delete stays in the archive, and the next one says so.
 */
export class Deletions implements Disposable {
  readonly #ports: DeletionsPorts;
  readonly #didChange = new Emitter<void>();
  readonly #pending = new Map<string, Deletion>();
  readonly #timers = new Set<Disposable>();
  /** What an earlier window left. */
  #left: readonly Deletion[];

  readonly onDidChange = this.#didChange.event;

  constructor(ports: DeletionsPorts) {
    this.#ports = ports;
    this.#left = ports.memory.read();
  }

  /** The sessions that can be had back. */
  get pending(): readonly string[] {
    return [...this.#pending.keys()];
  }

  /** Puts sessions away that do not work, and deletes them later. Throws what the server answers. */
  async begin(sessions: readonly Session[]): Promise<void> {
    const begun: Deletion[] = [];
    try {
      for (const session of sessions) {
        if (this.#pending.has(session.id)) continue;
        begun.push(await this.#putAway(session));
      }
    } finally {
      if (begun.length > 0) this.#waitFor(begun);
    }
  }

  /** Gives sessions back that are not deleted yet, all where none is named; answers with those that it gave back. */
  async undo(sessionIds: readonly string[] = this.pending): Promise<readonly string[]> {
    const back = sessionIds.flatMap((id) => this.#pending.get(id) ?? []);
    for (const { sessionId } of back) this.#pending.delete(sessionId);
    this.#save();
    for (const deletion of back) await this.#putBack(deletion);
    return back.map(({ sessionId }) => sessionId);
  }

  /** Says of what an earlier window did not live to delete where it stands. */
  async resume(): Promise<void> {
    if (this.#left.length === 0) return;
    const there: Deletion[] = [];
    for (const deletion of this.#left) {
      try {
        if (isArchived(await this.#ports.openCode.getSession(deletion.sessionId))) there.push(deletion);
      } catch (error) {
        if (error instanceof NotFoundProblem) continue;
        this.#ports.log.debug('It is not known what became of sessions that were to be deleted.', error);
        return;
      }
    }
    this.#left = [];
    this.#save();
    if (there.length > 0) this.#ports.notify(describeLeft(there));
  }

  dispose(): void {
    for (const timer of this.#timers) timer.dispose();
    this.#didChange.dispose();
  }

  async #describe(session: Session): Promise<Deletion> {
    return {
      sessionId: session.id,
      name: this.#ports.sessions.title(session),
      wasArchived: isArchived(session),
      last: await this.#newestMessage(session.id),
    };
  }

  async #newestMessage(sessionId: string): Promise<string> {
    const { messages } = await this.#ports.openCode.listMessages(sessionId, { limit: 1 });
    return messages.at(-1)?.info.id ?? '';
  }

  /** It is written down before it is put away, so that a window that ends in between leaves a word of it. */
  async #putAway(session: Session): Promise<Deletion> {
    const { openCode, now } = this.#ports;
    const deletion = await this.#describe(session);
    this.#pending.set(session.id, deletion);
    this.#save();
    try {
      if (!deletion.wasArchived) await openCode.updateSession(session.id, { archived: now() });
    } catch (error) {
      // Where it stands, nobody knows: it is left there.
      this.#pending.delete(session.id);
      this.#save();
      throw error;
    }
    return deletion;
  }

  async #putBack({ sessionId, wasArchived }: Deletion): Promise<void> {
    if (!wasArchived) await this.#ports.openCode.updateSession(sessionId, { archived: 0 });
  }

  #waitFor(deletions: readonly Deletion[]): void {
    const { startTimer, notify } = this.#ports;
    const timer = startTimer(() => {
      this.#timers.delete(timer);
      void this.#deleteAll(deletions);
    }, patience);
    this.#timers.add(timer);
    notify(describeBegun(deletions));
  }

  async #deleteAll(deletions: readonly Deletion[]): Promise<void> {
    for (const deletion of deletions) {
      // Somebody had it back.
      if (this.#pending.get(deletion.sessionId) !== deletion) continue;
      try {
        if (!(await this.#delete(deletion))) this.#ports.notify(describeWoken(deletion));
      } catch (error) {
        this.#ports.log.warn('A session could not be deleted.', deletion.sessionId, error);
        this.#ports.notify(describeFailed(deletion, error));
      } finally {
        this.#pending.delete(deletion.sessionId);
        this.#save();
      }
    }
  }

  /** False: it began to work meanwhile, and is no longer put away. */
  async #delete(deletion: Deletion): Promise<boolean> {
    const { openCode } = this.#ports;
    const { sessionId, last } = deletion;
    try {
      if (!isArchived(await openCode.getSession(sessionId))) return true;
      if (this.#isAtWork(sessionId) || (await this.#newestMessage(sessionId)) !== last) {
        await this.#putBack(deletion);
        return false;
      }
      // Somebody may have it back while the server is asked.
      if (this.#pending.get(sessionId) === deletion) await openCode.deleteSession(sessionId);
    } catch (error) {
      if (!(error instanceof NotFoundProblem)) throw error;
    }
    return true;
  }

  #isAtWork(sessionId: string): boolean {
    const { sessions, ends } = this.#ports;
    return [sessionId, ...subagentsBelow(sessions.all(), sessionId)].some(
      (id) => sessions.status(id).type !== 'idle' || ends.worksElsewhere(id),
    );
  }

  #save(): void {
    this.#ports.memory.write([...this.#left, ...this.#pending.values()]);
    this.#didChange.fire();
  }
}

function describeBegun(deletions: readonly Deletion[]) {
  const [{ name } = { name: '' }] = deletions;
  const rows = deletions.map(({ sessionId }) => ({ sessionId }));
  return {
    message:
      deletions.length === 1
        ? l10n.t('“{0}” is deleted in ten seconds.', name)
        : l10n.t('{0} sessions are deleted in ten seconds: {1}.', deletions.length, namesOf(deletions)),
    actions: [
      {
        title: l10n.t('Undo'),
        command: 'opencodeSessions.session.undoDelete',
        arguments: [undefined, rows],
      },
    ],
  };
}

function describeLeft(deletions: readonly Deletion[]) {
  const [{ name } = { name: '' }] = deletions;
  return {
    severity: 'warning',
    message:
      deletions.length === 1
        ? l10n.t('“{0}” was to be deleted when the window ended. It is in the archive.', name)
        : l10n.t(
            '{0} sessions were to be deleted when the window ended: {1}. They are in the archive.',
            deletions.length,
            namesOf(deletions),
          ),
    actions: [deleteAgain(deletions)],
  } as const;
}

function describeWoken(deletion: Deletion) {
  return {
    severity: 'warning',
    message: l10n.t('“{0}” was not deleted, because it began to work meanwhile.', deletion.name),
    actions: [
      {
        title: l10n.t('Open Session'),
        command: 'opencodeSessions.session.open',
        arguments: [deletion.sessionId],
      },
    ],
  } as const;
}

function describeFailed(deletion: Deletion, error: unknown) {
  return {
    severity: 'warning',
    message: l10n.t('“{0}” was not deleted and is in the archive. {1}', deletion.name, sentenceOf(error)),
    actions: [deleteAgain([deletion])],
  } as const;
}

function deleteAgain(deletions: readonly Deletion[]) {
  return {
    title: l10n.t('Delete…'),
    command: 'opencodeSessions.session.delete',
    arguments: [undefined, deletions.map(({ sessionId }) => ({ sessionId }))],
  };
}

function namesOf(deletions: readonly Deletion[]): string {
  return listNames(deletions.map(({ name }) => name));
}
