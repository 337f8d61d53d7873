import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { isolate } from '../core/isolate.ts';
import { l10n } from '../core/l10n.ts';
import { tellStory, type StoryFacts } from '../core/rows/story.ts';
import { storyLinks } from '../core/rows/storyLinks.ts';
import type { FoundPlace } from '../core/sameLetters.ts';
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
  /** What a filter found in the title. */
  readonly highlights: readonly FoundPlace[];
}

/** The row of a session. */
export function toSessionItem(facts: SessionFacts, shape: SessionItemShape): TreeItem {
  const { session, title } = facts;
  const label = isolate(title);
  const shift = label.indexOf(title);
  const highlights = shape.highlights.map(([start, end]): [number, number] => [start + shift, end + shift]);
  const item = new TreeItem({ label, highlights }, shape.collapsible);
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
  const tooltip = new MarkdownString(tellStory(story, storyLinks(story)));
  tooltip.isTrusted = { enabledCommands: storyCommands };
  tooltip.supportHtml = false;
  return tooltip;
}

function toIcon(facts: SessionFacts): ThemeIcon {
  const { id, color } = rowIcon(facts);
  return color === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(color));
}
