import { ThemeIcon, TreeItem, Uri, type Command } from 'vscode';
import type { Remedy } from '../core/errors.ts';
import type { ConnectionAction } from './connectionTexts.ts';

/** A row that does something about the connection when it is clicked. */
export function toActionItem(action: ConnectionAction): TreeItem {
  const item = new TreeItem(action.title);
  item.id = `action:${action.title}`;
  item.iconPath = new ThemeIcon(action.icon);
  item.contextValue = 'action';
  item.command = toCommand(action);
  item.accessibilityInformation = { label: action.title, role: 'button' };
  return item;
}

/** An action as the editor has them: a file's address becomes its `Uri`, which a remote window needs. */
export function toCommand({ title, command, arguments: given = [] }: Remedy): Command {
  return {
    title,
    command,
    arguments: given.map((value) => (value instanceof URL ? Uri.parse(value.href) : value)),
  };
}
