import { ConfigurationTarget, Uri, workspace } from 'vscode';
import type { AutomationEntry, AutomationOrigin } from '../../core/automations/automation.ts';
import { parseAutomation } from '../../core/automations/parseAutomation.ts';
import type { Disposable } from '../../core/event.ts';
import { realDirectory } from '../workspaceFolders.ts';

const section = 'opencodeSessions';
const name = 'automations';

/** The setting, as JSON names it. */
export const automationsKey = `${section}.${name}`;

/** The automations of all settings, each with where it stands; those of a workspace only where it is trusted. */
export function readAutomations(): readonly AutomationEntry[] {
  const all = workspace.getConfiguration(section).inspect<unknown>(name);
  const own = entriesOf({ kind: 'user' }, all?.globalValue);
  if (!workspace.isTrusted) return own;
  const folders = workspace.workspaceFolders ?? [];
  const file = workspace.workspaceFile;
  if (file === undefined) {
    const [folder] = folders;
    return folder === undefined ? own : [...own, ...entriesOf(inFolder(folder.uri), all?.workspaceValue)];
  }
  return [
    ...own,
    ...entriesOf({ kind: 'workspace', file: file.toString() }, all?.workspaceValue),
    ...folders.flatMap(({ uri }) => {
      const said = workspace.getConfiguration(section, uri).inspect<unknown>(name);
      return entriesOf(inFolder(uri), said?.workspaceFolderValue);
    }),
  ];
}

/** Calls back when the setting changed, or what counts of it. */
export function onDidChangeAutomations(listener: () => void): Disposable {
  const subscriptions = [
    workspace.onDidChangeConfiguration((event) => {
      // Tasks are approved with the entries that run them.
      if (event.affectsConfiguration(automationsKey) || event.affectsConfiguration('tasks')) listener();
    }),
    workspace.onDidChangeWorkspaceFolders(listener),
    workspace.onDidGrantWorkspaceTrust(listener),
  ];
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

export const automationSettings = {
  chainLimit: (): number => workspace.getConfiguration(section).get('automation.chainLimit', 3),
  /** Writes an entry into the person's own settings. */
  add: async (entryName: string, entry: unknown): Promise<void> => {
    const configuration = workspace.getConfiguration(section);
    const own = configuration.inspect<Record<string, unknown>>(name)?.globalValue ?? {};
    await configuration.update(name, { ...own, [entryName]: entry }, ConfigurationTarget.Global);
  },
};

/** The entries of a value of the setting. */
export function entriesOf(origin: AutomationOrigin, value: unknown): readonly AutomationEntry[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([entryName, entry]: [string, unknown]) =>
    parseAutomation({ origin, name: entryName, value: entry }),
  );
}

function inFolder(uri: Uri): AutomationOrigin {
  return { kind: 'folder', directory: uri.scheme === 'file' ? realDirectory(uri.fsPath) : uri.fsPath };
}
