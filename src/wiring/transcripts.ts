import { commands, type ExtensionContext, Uri } from 'vscode';
import type { ConnectionState } from '../core/connectionState.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/openCode.ts';
import type { KeptValues } from '../core/transcript/keptValues.ts';
import type { PendingPrompts } from '../core/turns/pendingPrompts.ts';
import { ColourThemes } from '../editor/colourThemes.ts';
import { settings } from '../editor/settings.ts';
import { wait } from '../editor/timer.ts';
import { deliverPrompt } from '../flows/promptDelivery.ts';
import { AttachmentMemento } from '../views/transcript/attachmentMemento.ts';
import { TranscriptPanels } from '../views/transcript/transcriptPanels.ts';
import type { Stores } from './stores.ts';

export interface TranscriptsInput {
  readonly context: Pick<ExtensionContext, 'extensionUri' | 'storageUri' | 'workspaceState'>;
  readonly stores: Stores;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
  };
  readonly pending: PendingPrompts;
  readonly report: (error: unknown) => void;
  readonly log: Log;
}

/** The transcript panels, with all that they show and send. */
export function createTranscripts({
  context,
  stores,
  connection,
  pending,
  report,
  log,
}: TranscriptsInput): TranscriptPanels {
  const { openCode } = connection;
  const themes = new ColourThemes(log);
  return new TranscriptPanels({
    ...stores,
    facts: stores.directoryFacts,
    openCode,
    connection,
    pending,
    extensionUri: context.extensionUri,
    memento: createMemento(context, log),
    onDidSettle: stores.turns.onDidSettle,
    deliver: async (session, prompt) => {
      await stores.lock.hold(session.id, () =>
        deliverPrompt({ openCode, turns: stores.turns, wait }, session, prompt),
      );
    },
    runCommand: async (id, argument) => commands.executeCommand(id, argument),
    settings: () => ({ enterSends: settings.enterSends() }),
    codeStyles: (theme) => themes.codeStyles(theme),
    onDidChangeSettings: settings.onDidChangeTranscript,
    report,
    log,
  });
}

/** A window without a folder has no place of its own for files, nor sessions to attach them to. */
function createMemento({ workspaceState, storageUri }: TranscriptsInput['context'], log: Log): KeptValues {
  if (storageUri === undefined) return workspaceState;
  return new AttachmentMemento(workspaceState, Uri.joinPath(storageUri, 'attachments').fsPath, log);
}
