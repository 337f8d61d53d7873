import { commands, Uri } from 'vscode';
import type { Remedy } from '../../core/errors.ts';

/** Runs what a button promises. A file's address becomes its `Uri`, which a remote window needs. */
export async function runRemedy({ command, arguments: given = [] }: Remedy): Promise<void> {
  await commands.executeCommand(
    command,
    ...given.map((value) => (value instanceof URL ? Uri.parse(value.href) : value)),
  );
}
