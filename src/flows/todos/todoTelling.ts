import type { Disposable, Event } from '../../core/event.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { CompanionState } from '../../core/state/companions.ts';
import { Retries } from '../../core/retries.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { asTold, isUntold } from '../../core/todos/editTodos.ts';
import { buildTodosNote } from '../../core/todos/todosNote.ts';
import type { TodoStore } from '../../core/todos/todoStore.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import { resolveTarget, type ResolveTargetDeps } from '../preparing/target.ts';
import type { RelayRequest } from '../relaying/relayLegs.ts';
import type { TodoRecord } from './todoRecord.ts';

export interface TodoTellingPorts extends ResolveTargetDeps {
  readonly sessions: ResolveTargetDeps['sessions'] & Pick<Sessions, 'get' | 'onDidChange'>;
  readonly todos: Pick<TodoStore, 'get' | 'isWanting' | 'onDidChange'>;
  /** Sees to it that the todos of a session are in the store. */
  readonly load: (sessionId: string) => Promise<void>;
  readonly record: TodoRecord;
  readonly relays: {
    pending(sessionId: string): readonly RelayLeg[];
    add(sessionId: string, told: readonly RelayRequest[]): Promise<unknown>;
    edit(sessionId: string, messageId: string, change: { readonly text: string }): Promise<void>;
  };
  /** What is known of the companion of each directory of this window. */
  readonly companions: {
    readonly states: ReadonlyMap<string, CompanionState>;
    readonly onDidChange: Event<void>;
  };
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Log;
}

/** So many milliseconds after the last change it is told: a person checks off one after the other. */
const pause = 3000;

/**
 * Tells an agent what a person changed in its todos, where no companion does: in one message that asks for the whole list,
 * without a turn, as soon as the session rests. What changes before it was told is told with it.
 */
export class TodoTelling implements Disposable {
  readonly #ports: TodoTellingPorts;
  readonly #timers = new Map<string, Disposable>();
  /** What is wanted of a session, as it was when its timer was started. */
  readonly #planned = new Map<string, string>();
  readonly #retries: Retries;
  readonly #subscriptions: readonly Disposable[];

  constructor(ports: TodoTellingPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (sessionId) => this.#plan(sessionId, true) });
    this.#subscriptions = [
      ports.sessions.onDidChange(({ sessionIds }) => {
        for (const sessionId of sessionIds) this.#plan(sessionId);
      }),
      ports.companions.onDidChange(() => {
        for (const { id } of ports.sessions.all()) this.#plan(id, true);
      }),
    ];
  }

  dispose(): void {
    for (const owned of [...this.#subscriptions, ...this.#timers.values(), this.#retries]) owned.dispose();
  }

  #plan(sessionId: string, isAgain = false): void {
    const session = this.#ports.sessions.get(sessionId);
    const wanted = session && this.#ports.record.of(session);
    if (session === undefined || wanted === undefined || !isUntold(wanted)) return this.#forget(sessionId);
    if (!this.#isAsked(session.directory)) return this.#forget(sessionId);
    const words = JSON.stringify([wanted.edits, wanted.order]);
    // A session that works changes many times a second.
    if (!isAgain && this.#planned.get(sessionId) === words) return;
    this.#planned.set(sessionId, words);
    this.#timers.get(sessionId)?.dispose();
    this.#timers.set(
      sessionId,
      this.#ports.startTimer(() => void this.#tell(sessionId), pause),
    );
  }

  #forget(sessionId: string): void {
    this.#timers.get(sessionId)?.dispose();
    this.#timers.delete(sessionId);
    this.#planned.delete(sessionId);
    this.#retries.reset(sessionId);
  }

  /** Whether it is known that no companion does it. */
  #isAsked(directory: string): boolean {
    const state = this.#ports.companions.states.get(directory);
    return state !== undefined && !(state.kind === 'running' && state.todos === true);
  }

  async #tell(sessionId: string): Promise<void> {
    const { log, load, record, sessions, todos } = this.#ports;
    try {
      await load(sessionId);
      const list = todos.get(sessionId);
      const session = sessions.get(sessionId);
      if (session === undefined) return;
      if (list === undefined || todos.isWanting(sessionId)) return void this.#retries.later(sessionId);
      const wanted = record.of(session);
      if (!isUntold(wanted) || wanted.note === undefined) return;
      const { agent, model } = await resolveTarget(this.#ports, session, {});
      const told = { agent, model, text: buildTodosNote(list, wanted), silent: true as const };
      const asked = await this.#ask(sessionId, wanted.note, wanted.asked, told);
      const words = JSON.stringify([wanted.edits, wanted.order]);
      await record.change(sessionId, (before) =>
        // What was changed meanwhile is told next.
        JSON.stringify([before.edits, before.order]) === words ? { ...asTold(before), asked } : before,
      );
      this.#retries.reset(sessionId);
    } catch (error) {
      log.warn('An agent could not be told of a change of its todos.', sessionId, error);
      this.#retries.later(sessionId);
    }
  }

  /** One message is enough, however often the list is changed before it was told. Answers with its id. */
  async #ask(
    sessionId: string,
    note: string,
    asked: string | undefined,
    told: RelayRequest,
  ): Promise<string> {
    const { relays } = this.#ports;
    const waiting = relays
      .pending(sessionId)
      .find(({ messageId, state }) => messageId === asked && state.kind === 'waiting');
    if (waiting !== undefined) {
      try {
        await relays.edit(sessionId, waiting.messageId, { text: told.text });
        return waiting.messageId;
      } catch (error) {
        // It was told just then: what came after it is told by another one.
        if (!(error instanceof NotFoundProblem)) throw error;
      }
    }
    await relays.add(sessionId, [{ ...told, messageId: note }]);
    return note;
  }
}
