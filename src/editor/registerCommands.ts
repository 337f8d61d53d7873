import { commands, Disposable } from 'vscode';
import { CancelledError } from '../core/cancellation.ts';
import { commandIds, type CommandId } from '../manifest.ts';

/** Every command of the manifest and what it runs; leaving one out is an error that names it. */
export type CommandTable = Readonly<
  Record<CommandId, (argument?: unknown, selection?: unknown) => Promise<unknown>>
>;

/**
 * Registers the commands of the manifest. What one throws is shown and not thrown on: the editor would show it once more.
 */
export function registerCommands(
  run: (id: CommandId, argument?: unknown, selection?: unknown) => Promise<unknown>,
  showProblem: (error: unknown) => void,
): Disposable {
  return Disposable.from(
    ...commandIds.map((id) =>
      commands.registerCommand(id, async (argument?: unknown, selection?: unknown) => {
        try {
          return await run(id, argument, selection);
        } catch (error) {
          if (!(error instanceof CancelledError)) showProblem(error);
          return undefined;
        }
      }),
    ),
  );
}
