import { commands, type ExtensionContext, Uri } from 'vscode';
import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { Prompting } from '../core/prompts/prompting.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { ColourThemes } from '../editor/colourThemes.ts';
import { continuationSettings } from '../editor/continuationSettings.ts';
import { settings } from '../editor/settings.ts';
import type { TypedPrompting } from '../flows/prompting/typedPrompting.ts';
import { TypedVerbs } from '../flows/prompting/typedVerbs.ts';
import { findKind } from '../views/transcript/sessionFiles.ts';
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
  readonly typing: TypedPrompting;
  readonly verbs: TypedVerbs;
  readonly lent: Prompting['lent'];
  readonly waiting: Prompting['waiting'];
  readonly report: (error: unknown) => void;
  readonly log: Log;
}

const executeCommand = async (id: string, argument: unknown) => commands.executeCommand(id, argument);

/** What a person types that is a verb of ours is done, all else is sent. */
export function createTypedVerbs({
  stores,
  connection: { openCode },
  typing,
  dialogs,
}: Pick<TranscriptsInput, 'stores' | 'connection' | 'typing'> & { readonly dialogs: Dialogs }): TypedVerbs {
  return new TypedVerbs({
    ...stores,
    openCode,
    typing,
    dialogs,
    findKind: (path) => findKind(Uri.file(path)),
    savedChains: continuationSettings.chains,
    executeCommand,
  });
}

/** The transcript panels, with all that they show and send. */
export function createTranscripts({
  context,
  stores,
  connection,
  typing,
  verbs,
  lent,
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
      lent,
      send: (...sent) => verbs.send(...sent),
      waiting,
    },
    extensionUri: context.extensionUri,
    memento: context.workspaceState,
    executeCommand,
    savedChains: continuationSettings.chains,
    settings: () => ({ enterSends: settings.enterSends(), openDiffs: settings.opensDiffs() }),
    codeStyles: (theme) => themes.codeStyles(theme),
    onDidChangeSettings: settings.onDidChangeTranscript,
    report,
    log,
  });
}
