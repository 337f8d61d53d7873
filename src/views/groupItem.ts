import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { UnreadableFolder } from '../core/state/connectionState.ts';
import { isolate } from '../core/isolate.ts';
import { l10n } from '../core/l10n.ts';
import { toCommand } from './actionItem.ts';

export interface FolderFacts {
  /** Absolute. */
  readonly directory: string;
  readonly name: string;
  /** Tells it from another folder of the same name. */
  readonly distinction?: string | undefined;
  /** Why its sessions could not be listed, and what mends it. */
  readonly problem?: Pick<UnreadableFolder, 'message' | 'remedy'> | undefined;
}

export interface ServiceFacts {
  /** Absolute. */
  readonly directory: string;
  /** Its path in the workspace folder. */
  readonly name: string;
  readonly sessions: number;
  /** Nothing stands below it, no group either. */
  readonly isEmpty: boolean;
}

/** The row of a workspace folder. */
export function toFolderItem({ directory, name, distinction, problem }: FolderFacts): TreeItem {
  const item = new TreeItem(isolate(name), TreeItemCollapsibleState.Expanded);
  item.iconPath = new ThemeIcon('root-folder');
  item.tooltip = directory;
  item.contextValue = 'folder';
  item.accessibilityInformation = { label: l10n.t('Folder {0}', [name, distinction].join(' ').trim()) };
  if (distinction !== undefined) item.description = distinction;
  if (problem === undefined) return item;
  item.iconPath = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  item.collapsibleState = TreeItemCollapsibleState.None;
  item.description = l10n.t('sessions cannot be listed');
  item.tooltip = `${directory}\n${problem.message}`;
  item.contextValue = 'unreadableFolder';
  item.accessibilityInformation = { label: l10n.t('Folder {0}, {1}', name, problem.message) };
  if (problem.remedy !== undefined) item.command = toCommand(problem.remedy);
  return item;
}

/** The row of a folder that holds a service of its own. */
export function toServiceItem({ directory, name, sessions, isEmpty }: ServiceFacts): TreeItem {
  const state = isEmpty ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Expanded;
  const item = new TreeItem(isolate(name), state);
  const count = sessions === 1 ? l10n.t('1 session') : l10n.t('{0} sessions', sessions);
  const told = isEmpty ? l10n.t('no sessions') : count;
  item.iconPath = new ThemeIcon('package');
  item.description = isEmpty ? told : String(sessions);
  item.tooltip = l10n.t(
    '{0}\nSessions that work in this folder. What they do is told once one of them was opened or begun here.',
    directory,
  );
  item.contextValue = 'service';
  item.accessibilityInformation = { label: l10n.t('Service {0}, {1}', name, told) };
  return item;
}

/** The row above the sessions of other folders. */
export function toElsewhereItem(
  count: number,
  severalFolders: boolean,
  state: TreeItemCollapsibleState,
): TreeItem {
  const name = severalFolders ? l10n.t('Elsewhere in These Projects') : l10n.t('Elsewhere in This Project');
  const label = l10n.t('{0}, sessions of other folders, {1}', name, count);
  const item = toGroupItem({ name, count, state, icon: 'folder-library', kind: 'elsewhere', label });
  item.tooltip = l10n.t(
    'Sessions of other folders of the same project: sub-folders, folders above, worktrees. What they do is told once they are opened.',
  );
  return item;
}

/** The row above the sessions that are not among the latest. */
export function toOlderItem(count: number, state: TreeItemCollapsibleState): TreeItem {
  const label = l10n.t('Older sessions, {0}', count);
  return toGroupItem({ name: l10n.t('Older'), count, state, icon: 'history', kind: 'older', label });
}

/** The row above the archived sessions. */
export function toArchiveItem(count: number, state: TreeItemCollapsibleState): TreeItem {
  const label = l10n.t('Archived sessions, {0}', count);
  return toGroupItem({ name: l10n.t('Archived'), count, state, icon: 'archive', kind: 'archive', label });
}

interface Group {
  readonly name: string;
  readonly count: number;
  readonly state: TreeItemCollapsibleState;
  readonly icon: string;
  /** What menus know it by. */
  readonly kind: string;
  /** For a screen reader. */
  readonly label: string;
}

function toGroupItem({ name, count, state, icon, kind, label }: Group): TreeItem {
  const item = new TreeItem(name, state);
  item.description = String(count);
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = kind;
  item.accessibilityInformation = { label };
  return item;
}
