import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { l10n } from '../core/l10n.ts';
import type { HighlightedTitle } from '../core/rows/sessionFilter.ts';
import { tellStory, type StoryFacts } from '../core/rows/story.ts';
import {
  rowContext,
  rowDescription,
  rowIcon,
  rowLabel,
  type SessionFacts,
} from '../core/sessions/sessionRow.ts';
import { storyCommands, type CommandId } from '../manifest.ts';
import { toSessionUri } from './sessionUri.ts';

export interface SessionItemShape {
  readonly isBusy: boolean;
  readonly collapsible: TreeItemCollapsibleState;
  /** The title, with what a filter found in it. */
  readonly label: HighlightedTitle;
}

/** The row of a session. */
export function toSessionItem(facts: SessionFacts, shape: SessionItemShape): TreeItem {
  const { session } = facts;
  const { label, highlights } = shape.label;
  const item = new TreeItem(
    { label, highlights: highlights.map(([start, end]) => [start, end]) },
    shape.collapsible,
  );
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

/** The hover of a session. Its links run these commands of ours and no others; all else in it is escaped. */
export function toSessionTooltip(story: StoryFacts): MarkdownString {
  const [open, goOn, copyId] = storyCommands;
  const links = [
    { title: l10n.t('Open'), command: open },
    { title: l10n.t('Continue…'), command: goOn },
    { title: l10n.t('Copy Id'), command: copyId },
  ];
  const tooltip = new MarkdownString(tellStory(story, links));
  tooltip.isTrusted = { enabledCommands: storyCommands };
  tooltip.supportHtml = false;
  return tooltip;
}

function toIcon(facts: SessionFacts): ThemeIcon {
  const { id, color } = rowIcon(facts);
  return color === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(color));
}
