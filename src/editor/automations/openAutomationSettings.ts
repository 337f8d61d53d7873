import { commands } from 'vscode';
import type { AutomationOrigin } from '../../core/automations/automation.ts';
import { automationsKey } from './automationSettings.ts';

const files: Readonly<Record<AutomationOrigin['kind'], string>> = {
  user: 'workbench.action.openSettingsJson',
  workspace: 'workbench.action.openWorkspaceSettingsFile',
  folder: 'workbench.action.openWorkspaceSettingsFile',
};

/** Opens the file with the entries of that origin at the setting, which is written there where it is not. */
export async function openAutomationSettings(origin: AutomationOrigin | undefined): Promise<void> {
  const edit = origin === undefined || origin.kind === 'user';
  await commands.executeCommand(files[origin?.kind ?? 'user'], {
    revealSetting: { key: automationsKey, edit },
  });
}
