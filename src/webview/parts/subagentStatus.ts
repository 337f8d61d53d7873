import { l10n } from '../../core/l10n.ts';
import type { SubagentState } from '../../protocol/page/header.ts';
import { element } from '../dom/element.ts';

type StateOf = (sessionId: string) => SubagentState | undefined;

/** How a subagent does, in a word; `refreshSubagents` keeps it so. */
export function subagentStatus(sessionId: string, stateOf: StateOf): HTMLElement {
  const words = wordOf(stateOf(sessionId));
  return element('span', { class: 'tool-detail', 'data-subagent': sessionId, text: words });
}

/** Brings what stands under `root` up to date. */
export function refreshSubagents(root: ParentNode, stateOf: StateOf): void {
  for (const status of root.querySelectorAll<HTMLElement>('[data-subagent]')) {
    const words = wordOf(stateOf(status.dataset['subagent'] ?? ''));
    if (status.textContent !== words) status.textContent = words;
  }
}

function wordOf(state: SubagentState | undefined): string {
  switch (state) {
    case 'busy':
      return l10n.t('working');
    case 'elsewhere':
      return l10n.t('in another OpenCode process');
    case 'retry':
      return l10n.t('waits to try again');
    case 'waiting':
      return l10n.t('waits for you');
    case 'error':
      return l10n.t('failed');
    case 'cutOff':
      return l10n.t('cut off');
    default:
      return '';
  }
}
