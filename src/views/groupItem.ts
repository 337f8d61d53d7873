import { ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { l10n } from '../core/l10n.ts';

/** The row of a workspace folder. */
export function toFolderItem(directory: string, idPrefix: string): TreeItem {
  const name = directory.split(/[/\\]/).at(-1) ?? directory;
  const item = new TreeItem(name, TreeItemCollapsibleState.Expanded);
  item.id = `${idPrefix}folder:${directory}`;
  item.iconPath = new ThemeIcon('root-folder');
  item.tooltip = directory;
  item.contextValue = 'folder';
  item.accessibilityInformation = { label: l10n.t('Folder {0}', name) };
  return item;
}

/** The row above the archived sessions; it opens by itself where a filter found something in it. */
export function toArchiveItem(directory: string | undefined, count: number, idPrefix: string): TreeItem {
  const state = idPrefix === '' ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
  const item = new TreeItem(l10n.t('Archived'), state);
  item.id = `${idPrefix}archive:${directory ?? ''}`;
  item.description = String(count);
  item.iconPath = new ThemeIcon('archive');
  item.contextValue = 'archive';
  item.accessibilityInformation = { label: l10n.t('Archived sessions, {0}', count) };
  return item;
}
