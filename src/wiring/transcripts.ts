import { commands, type ExtensionContext } from 'vscode';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Prompting } from '../core/prompts/prompting.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { ColourThemes } from '../editor/colourThemes.ts';
import { settings } from '../editor/settings.ts';
import { TranscriptPanels } from '../views/transcript/transcriptPanels.ts';
import type { Stores } from './stores.ts';

export interface TranscriptsInput {
  readonly context: Pick<ExtensionContext, 'extensionUri' | 'workspaceState'>;
  readonly stores: Stores;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
  };
  readonly typing: Omit<Prompting, 'waiting'>;
  readonly waiting: Prompting['waiting'];
  readonly report: (error: unknown) => void;
  readonly log: Log;
}

/** The transcript panels, with all that they show and send. */
export function createTranscripts({
  context,
  stores,
  connection,
  typing,
  waiting,
  report,
  log,
}: TranscriptsInput): TranscriptPanels {
  const { openCode } = connection;
  const themes = new ColourThemes(log);
  return new TranscriptPanels({
    ...stores,
    offers: stores.offers,
    follow: (session) => stores.elsewhere.follow(session),
    openCode,
    connection,
    prompting: {
      drafts: typing.drafts,
      typed: typing.typed,
      onDidGiveBack: typing.onDidGiveBack,
      onDidKeepTarget: typing.onDidKeepTarget,
      send: (...sent) => typing.send(...sent),
      waiting,
    },
    extensionUri: context.extensionUri,
    memento: context.workspaceState,
    executeCommand: async (id, argument) => commands.executeCommand(id, argument),
    settings: () => ({ enterSends: settings.enterSends(), openDiffs: settings.opensDiffs() }),
    codeStyles: (theme) => themes.codeStyles(theme),
    onDidChangeSettings: settings.onDidChangeTranscript,
    report,
    log,
  });
}
