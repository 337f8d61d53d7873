import { asTold, isUntold } from '../core/todos/editTodos.ts';
import {
  isNothing,
  keyOf,
  settleTodos,
  showTodos,
  standing,
  type WantedTodos,
} from '../core/todos/shownTodos.ts';
import { buildTodosNote } from '../core/todos/todosNote.ts';
import type { Fields } from '../core/tools/tool.ts';
import { toolOf } from '../core/tools/toolOf.ts';
import type { TodoEdit } from '../protocol/todoEdits.ts';
import type { Executor } from './executor/executor.ts';

type TodosExecutor = Pick<Executor, 'todos' | 'sessions' | 'flow'>;

export interface Call {
  readonly tool: string;
  readonly sessionId: string;
  readonly callId: string;
}

/** Brings to agents what people changed in their todos: into the list that one writes, and into what it reads next. */
export class ChangedTodos {
  /**
   * What was put into a list in the step that a session is in. Another list of the same step was thought out before the
   * agent could read of it, although the server's list says it by then.
   */
  readonly #ofStep = new Map<string, WantedTodos>();
  /** What is told with the answer of a call, by the id of that. */
  readonly #notes = new Map<string, { readonly sessionId: string; readonly text: string }>();

  /** The agent has read what the calls of the step before answered. */
  beginStep(sessionId: string): void {
    this.#ofStep.delete(sessionId);
    // A call that failed told nothing.
    for (const [callId, note] of this.#notes) if (note.sessionId === sessionId) this.#notes.delete(callId);
  }

  /** Puts what the person wants into a list that is about to be written, in place. */
  async amend({ todos, flow }: TodosExecutor, call: Call, args: unknown): Promise<void> {
    const { todos: read, putTodos } = toolOf(call.tool);
    const given = isFields(args) ? read?.(args) : undefined;
    if (given === undefined || !isFields(args)) return;
    // Asked for anew: a change of a moment ago may not have been heard of yet.
    const kept = todos.of(await flow.openCode.getSession(call.sessionId));
    const wanted = withStep(kept, this.#ofStep.get(call.sessionId));
    if (isNothing(wanted)) return;
    const shown = standing(showTodos(given, wanted));
    const isOther = JSON.stringify(shown.map(({ todo }) => todo)) !== JSON.stringify(given);
    if (isOther) putTodos?.(args, shown);
    this.#ofStep.set(call.sessionId, wanted);
    if (isOther || isUntold(kept)) {
      const text = buildTodosNote(given, wanted, { isWritten: true });
      this.#notes.set(call.callId, { sessionId: call.sessionId, text });
    }
  }

  /** What is told with the answer of a call that has ended; it is told no second time. */
  async takeAfter(executor: TodosExecutor, { tool, sessionId, callId }: Call): Promise<readonly string[]> {
    if (toolOf(tool).putTodos === undefined) {
      const session = executor.sessions.get(sessionId);
      // Most calls end while nothing was changed, and cost nothing then.
      if (session === undefined || !isUntold(executor.todos.of(session))) return [];
      const note = await this.takeNote(executor, sessionId);
      return note === undefined ? [] : [note];
    }
    const note = this.#notes.get(callId);
    this.#notes.delete(callId);
    if (!this.#ofStep.has(sessionId)) return [];
    const { todos, flow } = executor;
    const list = await flow.openCode.listTodos(sessionId);
    // No window need be open: what the agent makes of it from here on is the agent's.
    await todos.change(sessionId, (wanted) => settleTodos(list, wanted));
    return note === undefined ? [] : [note.text];
  }

  /** What an agent was not told of yet; it counts as told from here on. */
  async takeNote({ todos, flow }: TodosExecutor, sessionId: string): Promise<string | undefined> {
    const { openCode } = flow;
    if (!openCode.abilities.todos || !isUntold(todos.of(await openCode.getSession(sessionId))))
      return undefined;
    const list = await openCode.listTodos(sessionId);
    let untold: WantedTodos | undefined;
    await todos.change(sessionId, (before) => {
      const wanted = settleTodos(list, before);
      untold = isUntold(wanted) ? wanted : undefined;
      return asTold(wanted);
    });
    return untold === undefined ? undefined : buildTodosNote(list, untold);
  }
}

/** What is wanted, and what was put into a list of this step but for what the person wants otherwise by now. */
function withStep(kept: WantedTodos, step: WantedTodos | undefined): WantedTodos {
  if (step === undefined) return kept;
  const names = new Set(kept.edits.flatMap((edit) => namesOf(edit)));
  const others = step.edits.filter((edit) => !namesOf(edit).some((name) => names.has(name)));
  return { ...kept, edits: [...kept.edits, ...others], order: kept.order ?? step.order };
}

function namesOf({ id, of, todo }: TodoEdit): readonly string[] {
  return [id, keyOf(of?.content ?? todo.content)];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
