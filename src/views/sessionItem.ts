import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { l10n } from '../core/l10n.ts';
import { plainLine } from '../core/plainText.ts';
import {
  rowContext,
  rowDescription,
  rowDetails,
  rowIcon,
  rowLabel,
  type SessionFacts,
} from '../core/sessions/sessionRow.ts';
import type { CommandId } from '../manifest.ts';
import { toSessionUri } from './sessionUri.ts';

export interface SessionItemShape {
  readonly isBusy: boolean;
  readonly collapsible: TreeItemCollapsibleState;
}

/** The row of a session. */
export function toSessionItem(facts: SessionFacts, shape: SessionItemShape): TreeItem {
  const { session } = facts;
  const item = new TreeItem(facts.title, shape.collapsible);
  const open: CommandId = 'opencodeSessions.session.open';
  item.description = rowDescription(facts);
  item.iconPath = toIcon(facts);
  item.resourceUri = toSessionUri(session.id);
  item.contextValue = rowContext(facts, shape.isBusy);
  item.accessibilityInformation = { label: rowLabel(facts) };
  item.command = {
    command: open,
    title: l10n.t('Open Session'),
    arguments: [{ sessionId: session.id, clicked: true }],
  };
  return item;
}

/** The tooltip of a session. Its texts come from models, so none of them is read as Markdown. */
export function toSessionTooltip(facts: SessionFacts): MarkdownString {
  const tooltip = new MarkdownString();
  tooltip.isTrusted = false;
  tooltip.supportHtml = false;
  tooltip.appendMarkdown('**').appendText(facts.title).appendMarkdown('**\n\n');
  for (const { name, value } of rowDetails(facts)) {
    tooltip
      .appendMarkdown('- ')
      .appendText(`${name}: ${plainLine(value)}`)
      .appendMarkdown('\n');
  }
  return tooltip;
}

function toIcon(facts: SessionFacts): ThemeIcon {
  const { id, color } = rowIcon(facts);
  return color === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(color));
}
