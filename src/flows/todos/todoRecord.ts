import { Problem } from '../../core/errors.ts';
import type { Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import { noWishes, type WantedTodos } from '../../core/todos/shownTodos.ts';
import { readTodoEdits, withProvedTodoEdits } from '../../core/todos/todoProof.ts';
import type { Session } from '../../protocol/records.ts';
import type { TodoEdits } from '../../protocol/todoEdits.ts';
import { readBack } from '../prompting/readBack.ts';

export interface TodoRecordPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'updateSession'>;
  /** Lets what this window writes into a session's metadata follow each other. */
  readonly writeInTurn: <T>(sessionId: string, write: () => Promise<T>) => Promise<T>;
  /** A text that no other write has. */
  readonly makeRevision: () => string;
  /** What it does not hold for is not there. */
  readonly proof: Proof;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Log;
}

/** One operation on what is wanted; it may be applied more than once. */
export type WantedEdit = (wanted: WantedTodos) => WantedTodos;

/** What a person asked for a moment ago, and the writes that were made in the knowledge of it. */
interface Recent {
  readonly edits: WantedEdit[];
  readonly knowing: Set<string>;
  rewrites: number;
  timer: Disposable;
}

const attempts = 5;
/** How long a wish is looked after, in milliseconds: longer than a write of another window is on its way. */
const recentTime = 15_000;

/**
 * What people want of the todos of sessions, as the server keeps it. The server replaces metadata whole and knows no
 * conditional write, so that a write is read back, and what a person asked for is done again where another window wrote
 * over it; also when that is seen only later.
 */
export class TodoRecord implements Disposable {
  readonly #ports: TodoRecordPorts;
  readonly #recent = new Map<string, Recent>();

  constructor(ports: TodoRecordPorts) {
    this.#ports = ports;
  }

  /** What is wanted of the todos of a session whose record somebody has read. */
  of(session: Pick<Session, 'id' | 'metadata'>): WantedTodos {
    return readTodoEdits(this.#ports.proof, session) ?? noWishes;
  }

  /**
   * Applies an edit and answers with what the server then holds. Throws what the server throws, and `UncertainProblem`
   * where nobody knows whether it was written.
   */
  change(sessionId: string, edit: WantedEdit): Promise<WantedTodos> {
    return this.#ports.writeInTurn(sessionId, () => this.#write(sessionId, edit));
  }

  /** As `change`, for what a person asks: it is done again where another window turns out to have written over it. */
  async wish(sessionId: string, edit: WantedEdit): Promise<WantedTodos> {
    const wanted = await this.change(sessionId, edit);
    this.#recent.get(sessionId)?.edits.push(edit);
    return wanted;
  }

  /** Looks whether another window wrote over what was asked for here, without having read it. */
  async heed(session: Session): Promise<void> {
    const recent = this.#recent.get(session.id);
    if (recent === undefined || recent.edits.length === 0) return;
    if (isKnowing(recent, this.#read(session))) return;
    await this.#ports.writeInTurn(session.id, () => this.#writeAgain(session.id, recent));
  }

  dispose(): void {
    for (const { timer } of this.#recent.values()) timer.dispose();
    this.#recent.clear();
  }

  #read(session: Pick<Session, 'id' | 'metadata'>): TodoEdits | undefined {
    return readTodoEdits(this.#ports.proof, session);
  }

  async #writeAgain(sessionId: string, recent: Recent): Promise<void> {
    const session = await this.#ports.openCode.getSession(sessionId);
    const stored = this.#read(session);
    if (isKnowing(recent, stored)) return;
    recent.knowing.add(stored?.revision ?? '');
    if (recent.rewrites === attempts) {
      // Another client writes over them each time: neither of the two would ever end.
      this.#ports.log.warn('Edits of todos are written over again and again by another client.', sessionId);
      return;
    }
    recent.rewrites += 1;
    await this.#write(sessionId, (wanted) => recent.edits.reduce((edited, edit) => edit(edited), wanted));
  }

  async #write(sessionId: string, edit: WantedEdit): Promise<WantedTodos> {
    const { openCode, makeRevision, proof } = this.#ports;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const session = await openCode.getSession(sessionId);
      const stored = this.#read(session);
      const wanted = stored ?? noWishes;
      const { edits, order, note, asked } = edit(wanted);
      const revision = makeRevision();
      const record = { revision, base: stored?.revision, edits, order, note, asked };
      if (wordsOf(record) === wordsOf(wanted)) return wanted;
      this.#know(sessionId, revision);
      const metadata = withProvedTodoEdits(proof, session, record);
      const written = this.#read(
        await readBack(this.#ports, sessionId, openCode.updateSession(sessionId, { metadata }), () =>
          l10n.t(
            'It is not known yet whether your change of the todos was saved: the view shows it when the server is back.',
          ),
        ),
      );
      if (written?.revision === revision) return written;
    }
    throw new Problem(
      l10n.t('Your change of the todos could not be saved, because other windows write them too. Try again.'),
    );
  }

  /** Each write of this window holds all that was asked for in it before. */
  #know(sessionId: string, revision: string): void {
    const known = this.#recent.get(sessionId);
    known?.timer.dispose();
    const timer = this.#ports.startTimer(() => this.#recent.delete(sessionId), recentTime);
    if (known === undefined) {
      this.#recent.set(sessionId, { edits: [], knowing: new Set([revision]), rewrites: 0, timer });
      return;
    }
    known.timer = timer;
    known.knowing.clear();
    known.knowing.add(revision);
  }
}

/** Whether this write was made by somebody who had read the last one of this window. */
function isKnowing({ knowing }: Recent, stored: TodoEdits | undefined): boolean {
  if (knowing.has(stored?.revision ?? '')) return true;
  if (stored?.base === undefined || !knowing.has(stored.base)) return false;
  knowing.add(stored.revision);
  return true;
}

function wordsOf({ edits, order, note, asked }: WantedTodos): string {
  return JSON.stringify([edits, order, note, asked]);
}
