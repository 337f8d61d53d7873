import * as z from 'zod';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import { referTo, type TodoReference } from '../../core/todos/editTodos.ts';
import type { ShownTodo } from '../../core/todos/shownTodos.ts';
import type { Todo } from '../../protocol/records.ts';

/** A todo of a session; rows of the view have this shape as well. */
const TodoArgument = z.object({
  sessionId: z.string(),
  reference: z.object({ editId: z.string().optional(), content: z.string(), nth: z.number() }),
});

/** `fromSelection`: the rows that are selected in the view are meant. */
const FromSelection = z.object({ fromSelection: z.literal(true) });

export interface TodoCommandDeps {
  readonly editing: {
    shown(sessionId: string): readonly ShownTodo[] | undefined;
    add(sessionId: string, todo: Todo): Promise<void>;
    change(sessionId: string, references: readonly TodoReference[], change: Partial<Todo>): Promise<void>;
    remove(sessionId: string, references: readonly TodoReference[]): Promise<void>;
    move(
      sessionId: string,
      references: readonly TodoReference[],
      before: TodoReference | undefined,
    ): Promise<void>;
    takeBack(sessionId: string, references: readonly TodoReference[]): Promise<void>;
  };
  /** The session that the user looks at. */
  readonly currentSessionId: () => string | undefined;
  /** The rows of the view that a key is meant for. */
  readonly selectedTodos: () => Promise<readonly unknown[]>;
  readonly dialogs: Pick<Dialogs, 'askText' | 'pickOne' | 'pickSeveral'>;
}

/** Todos of one session that a command is about. */
export interface ChosenTodos {
  readonly sessionId: string;
  readonly references: readonly TodoReference[];
}

/**
 * The todos that are named, with those that are selected beside them, else those that are selected, else those that the
 * person picks. undefined: they picked none.
 */
export async function chooseTodos(
  deps: TodoCommandDeps,
  argument: unknown,
  selection: unknown,
  purpose: { readonly title: string; readonly isOne?: boolean; readonly suits?: (one: ShownTodo) => boolean },
): Promise<ChosenTodos | undefined> {
  const { title, isOne = false, suits = ({ isRemoved }) => !isRemoved } = purpose;
  const named = await namedTodos(deps, argument, selection);
  const [first] = named;
  if (first !== undefined) {
    const references = named.flatMap(({ sessionId, reference }) =>
      sessionId === first.sessionId ? [reference] : [],
    );
    return { sessionId: first.sessionId, references: isOne ? references.slice(0, 1) : references };
  }
  const sessionId = currentSession(deps);
  const shown = deps.editing.shown(sessionId) ?? [];
  const choices = shown.filter(suits).map((one): Choice<TodoReference> => ({
    label: one.todo.content,
    value: referTo(shown, one),
  }));
  if (choices.length === 0) throw new Problem(l10n.t('This session has no todos of that kind.'));
  const picked = isOne
    ? await deps.dialogs.pickOne(title, choices)
    : await deps.dialogs.pickSeveral(title, choices);
  if (picked === undefined) return undefined;
  return { sessionId, references: 'content' in picked ? [picked] : picked };
}

export function currentSession({ currentSessionId }: Pick<TodoCommandDeps, 'currentSessionId'>): string {
  const sessionId = currentSessionId();
  if (sessionId === undefined) throw new Problem(l10n.t('Open a session to change its todos.'));
  return sessionId;
}

async function namedTodos(
  { selectedTodos }: TodoCommandDeps,
  argument: unknown,
  selection: unknown,
): Promise<readonly z.infer<typeof TodoArgument>[]> {
  const given = FromSelection.safeParse(argument).success ? await selectedTodos() : [argument];
  const several = Array.isArray(selection) && selection.length > 0 ? (selection as unknown[]) : given;
  return several.flatMap((one) => TodoArgument.safeParse(one).data ?? []);
}
