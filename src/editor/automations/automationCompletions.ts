import * as vscode from 'vscode';
import type { AutomationOrigin } from '../../core/automations/automation.ts';
import type { Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import { listTaskNames } from './automationTasks.ts';
import { settingsFileOf } from './settingsFiles.ts';
import { findNamePlace, type NamePlace } from './settingsText.ts';

/** The agents that entries of that origin may name. */
export type ListAgents = (origin: AutomationOrigin) => Promise<readonly string[]>;

/** Completes tasks, agents and commands where automations name them; all else of the setting the editor knows by its schema. */
export function registerAutomationCompletions(listAgents: ListAgents): Disposable {
  const selector = [
    { language: 'jsonc', pattern: '**/settings.json' },
    { language: 'json', pattern: '**/settings.json' },
    { language: 'jsonc', pattern: '**/*.code-workspace' },
  ];
  const provider: vscode.CompletionItemProvider = {
    provideCompletionItems: async (document, position) => {
      const file = settingsFileOf(document);
      if (file === undefined) return undefined;
      const place = await findNamePlace(document.getText(), document.offsetAt(position));
      if (place === undefined) return undefined;
      const range = rangeOf(document, place);
      const names = await listNames(place.what, () => listAgents(file.origin));
      return names.map((name) => toItem(name, place.what, range));
    },
  };
  return vscode.languages.registerCompletionItemProvider(selector, provider, '"');
}

function listNames(
  what: NamePlace['what'],
  listAgents: () => Promise<readonly string[]>,
): Thenable<readonly string[]> {
  switch (what) {
    case 'task':
      return vscode.workspace.isTrusted ? listTaskNames() : Promise.resolve([]);
    case 'agent':
      return listAgents();
    case 'command':
      return vscode.commands.getCommands(true);
  }
}

const kinds = {
  task: vscode.CompletionItemKind.Event,
  agent: vscode.CompletionItemKind.User,
  command: vscode.CompletionItemKind.Function,
} as const;

function toItem(
  name: string,
  what: NamePlace['what'],
  range: vscode.Range | undefined,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(JSON.stringify(name), kinds[what]);
  item.filterText = JSON.stringify(name);
  item.detail = { task: l10n.t('task'), agent: l10n.t('agent'), command: l10n.t('command') }[what];
  if (range !== undefined) item.range = range;
  return item;
}

function rangeOf(document: vscode.TextDocument, { written }: NamePlace): vscode.Range | undefined {
  if (written === undefined) return undefined;
  const end = document.positionAt(written.offset + written.length);
  return new vscode.Range(document.positionAt(written.offset), end);
}
