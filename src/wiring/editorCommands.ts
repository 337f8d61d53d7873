import { commands, type ExtensionContext } from 'vscode';
import type { CommandTable } from '../editor/registerCommands.ts';
import type { CommandId } from '../manifest.ts';

export type EditorCommandId = Extract<
  CommandId,
  `opencodeSessions.${'settings' | 'help' | 'selection'}.${string}`
>;

/** The ways to what the editor itself shows of the extension. */
export function createEditorCommands({
  extension: { id },
}: Pick<ExtensionContext, 'extension'>): Pick<CommandTable, EditorCommandId> {
  return {
    'opencodeSessions.settings.open': async () =>
      commands.executeCommand('workbench.action.openSettings', `@ext:${id}`),
    'opencodeSessions.help.open': async () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${id}#start`),
    // As by its key: the page that the menu was opened in is the one that the editor asks.
    'opencodeSessions.selection.copy': async () =>
      commands.executeCommand('editor.action.clipboardCopyAction'),
  };
}
