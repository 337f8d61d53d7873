import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { relayOrder } from '../core/continuation/relayOrder.ts';
import { shorten } from '../core/continuation/shorten.ts';
import { isolate } from '../core/isolate.ts';
import { l10n } from '../core/l10n.ts';
import { plainLine, plainWords, showUnseen } from '../core/plainText.ts';
import type { CommandId } from '../manifest.ts';
import type { RelayLeg } from '../protocol/pending.ts';

/** The row of a pending relay, below the session that it waits in; `why` it waits although its turn has come. */
export function toRelayItem(sessionId: string, leg: RelayLeg, why: string | undefined): TreeItem {
  const isTold = leg.silent === true;
  const agent = plainLine(leg.agent);
  const label = isTold ? l10n.t('Tell {0}', agent) : l10n.t('Relay to {0}', agent);
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  const state = describeState(leg.state, why);
  const open: CommandId = 'opencodeSessions.session.open';
  const order = shorten(plainLine(relayOrder(leg.text)), 60);
  item.description = isolate(order);
  item.iconPath = isTold && leg.state.kind === 'waiting' ? new ThemeIcon('comment') : icon(leg.state.kind);
  item.contextValue = `relay ${leg.state.kind}`;
  // From models and from people alike: plain text, never Markdown.
  item.tooltip = `${plainWords(state)}\n\n${showUnseen(leg.text)}`;
  item.accessibilityInformation = {
    label: [isTold ? label : l10n.t('Pending relay to {0}', leg.agent), state, order].join(', '),
  };
  item.command = { command: open, title: l10n.t('Open Session'), arguments: [{ sessionId, clicked: true }] };
  return item;
}

function icon(kind: RelayLeg['state']['kind']): ThemeIcon {
  switch (kind) {
    case 'waiting':
      return new ThemeIcon('clock');
    case 'sending':
      return new ThemeIcon('loading~spin');
    case 'held':
      return new ThemeIcon('debug-pause', new ThemeColor('list.warningForeground'));
  }
}

function describeState(state: RelayLeg['state'], why: string | undefined): string {
  switch (state.kind) {
    case 'waiting':
      return why ?? l10n.t('waits until the turn has settled');
    case 'sending':
      return why ?? l10n.t('is being sent');
    case 'held':
      return l10n.t('is held: {0}', state.reason);
  }
}
