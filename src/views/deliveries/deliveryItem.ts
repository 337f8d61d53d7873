import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { shorten } from '../../core/continuation/shorten.ts';
import { isolate } from '../../core/isolate.ts';
import { l10n } from '../../core/l10n.ts';
import { plainLine, showUnseen } from '../../core/plainText.ts';
import { hasArrived } from '../../core/prompts/delivery.ts';
import {
  causeWords,
  describeDelivery,
  type ListedDelivery,
  stateIcon,
  stateWords,
} from '../../core/prompts/listedDelivery.ts';
import type { CommandId } from '../../manifest.ts';

/** So many characters of a prompt stand on its row. */
const labelLength = 32;

/** The row of a prompt that was sent, or waits. `title` names a session. */
export function toDeliveryItem(delivery: ListedDelivery, title: (sessionId: string) => string): TreeItem {
  const { messageId, sessionId, text } = delivery;
  const label = text === '' ? l10n.t('(files alone)') : plainLine(text);
  // What became of it is to be seen beside it, also in a narrow side bar.
  const item = new TreeItem(isolate(shorten(label, labelLength)), TreeItemCollapsibleState.None);
  const words = [
    stateWords(delivery),
    plainLine(causeWords(delivery, title)),
    `→ ${isolate(plainLine(title(sessionId)))}`,
  ];
  const open: CommandId = 'opencodeSessions.session.open';
  const place = hasArrived(delivery) ? { sessionId, messageId } : { sessionId };
  item.id = messageId;
  item.description = words.join(' · ');
  item.iconPath = toIcon(delivery);
  item.contextValue = rowContext(delivery);
  // From models and from people alike: plain text, never Markdown.
  item.tooltip = showUnseen(describeDelivery(delivery, title).join('\n'));
  item.accessibilityInformation = { label: [label, ...words].join(', ') };
  item.command = { command: open, title: l10n.t('Go to Message'), arguments: [{ ...place, clicked: true }] };
  return item;
}

function rowContext({ state, pending, source }: ListedDelivery): string {
  return ['delivery', state.kind, pending ?? 'sent', source === undefined ? '' : 'caused'].join(' ').trim();
}

function toIcon(delivery: ListedDelivery): ThemeIcon {
  const { id, color } = stateIcon(delivery);
  return color === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(color));
}
