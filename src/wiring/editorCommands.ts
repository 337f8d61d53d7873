import { commands, type ExtensionContext } from 'vscode';
import type { CommandTable } from '../editor/registerCommands.ts';
import type { CommandId } from '../manifest.ts';

export type EditorCommandId = Extract<
  CommandId,
  `opencodeSessions.${'settings' | 'help' | 'transcript'}.${string}`
>;

/** The ways to what the editor itself shows of the extension, and how a transcript is shown in it. */
export function createEditorCommands(
  { extension: { id } }: Pick<ExtensionContext, 'extension'>,
  transcripts: { foldTurns(isFolded: boolean): void },
): Pick<CommandTable, EditorCommandId> {
  return {
    'opencodeSessions.transcript.collapseTurns': async () => transcripts.foldTurns(true),
    'opencodeSessions.transcript.expandTurns': async () => transcripts.foldTurns(false),
    'opencodeSessions.settings.open': async () =>
      commands.executeCommand('workbench.action.openSettings', `@ext:${id}`),
    'opencodeSessions.help.open': async () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${id}#start`),
  };
}
