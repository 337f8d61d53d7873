import * as z from 'zod';
import { ConfigurationTarget, workspace } from 'vscode';
import type { Disposable } from '../core/event.ts';
import { Receive, stricter } from '../protocol/signs.ts';
import { folderOf } from './workspaceFolders.ts';

const section = 'opencodeSessions';
const receive = 'companion.receive';

const ServerMode = z.enum(['auto', 'service', 'own', 'attach']).catch('auto');
type ServerMode = z.infer<typeof ServerMode>;

/** The settings as they stand at the moment of asking. Blank texts count as absent. */
export const settings = {
  serverPath: (): string | undefined => readText('server.path'),
  serverUrl: (): string | undefined => readText('server.url'),
  serverMode: (): ServerMode => ServerMode.parse(workspace.getConfiguration(section).get('server.mode')),
  enterSends: (): boolean => workspace.getConfiguration(section).get('composer.enterSends', true),
  companionEnabled: (): boolean => workspace.getConfiguration(section).get('companion.enabled', true),
  /** The strictest of what the user and the workspace say: a workspace may only let less through. */
  receives: (directory: string): Receive => readReceive(directory),
  opensDiffs: (): boolean => workspace.getConfiguration(section).get('transcript.openDiffs', false),
  notifiesOfRequests: (): boolean => workspace.getConfiguration(section).get('notifications.requests', true),
  notifiesOfFinished: (): boolean => workspace.getConfiguration(section).get('notifications.finished', false),

  /** Undefined: another server than one at an address. A mode that says otherwise is given up. */
  setServerUrl: async (url: string | undefined): Promise<void> => {
    const configuration = workspace.getConfiguration(section);
    const mode = settings.serverMode();
    const fits = mode === 'auto' || (mode === 'attach') === (url !== undefined);
    if (!fits) await configuration.update('server.mode', undefined, ConfigurationTarget.Global);
    await configuration.update('server.url', url, ConfigurationTarget.Global);
  },

  /** Calls back when a setting changed that says which server to use. */
  onDidChangeServer: (listener: () => void): Disposable =>
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${section}.server`)) listener();
    }),

  /** Calls back when a setting changed with which a server is started. */
  onDidChangeCompanion: (listener: () => void): Disposable =>
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${section}.companion.enabled`)) listener();
    }),

  /** Calls back when a setting changed that says what becomes of the messages of other sessions. */
  onDidChangeReceives: (listener: () => void): Disposable =>
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${section}.${receive}`)) listener();
    }),

  /** Calls back when a setting changed that the transcripts ask for. */
  onDidChangeTranscript: (listener: () => void): Disposable =>
    workspace.onDidChangeConfiguration((event) => {
      const names = [
        `${section}.composer`,
        `${section}.transcript`,
        `${section}.continuation.chains`,
        'editor.tokenColorCustomizations',
      ];
      if (names.some((name) => event.affectsConfiguration(name))) listener();
    }),
};

function readText(name: string): string | undefined {
  const text = workspace.getConfiguration(section).get<string>(name)?.trim();
  return text === undefined || text === '' ? undefined : text;
}

function readReceive(directory: string): Receive {
  const said = workspace.getConfiguration(section, folderOf(directory)).inspect<unknown>(receive);
  const layers = [said?.globalValue, said?.workspaceValue, said?.workspaceFolderValue];
  return layers.map((value) => Receive.catch('accept').parse(value)).reduce(stricter);
}
