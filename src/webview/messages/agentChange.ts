import { l10n } from '../../core/l10n.ts';
import { element, icon } from '../dom/element.ts';
import type { Entries, Message } from '../turns/entries.ts';

/** Another agent was given the turn with a prompt. */
export interface AgentChange {
  /** Whether it was a relay; else a person chose another agent for the prompt. */
  readonly isRelay: boolean;
  /** Who had it before, where that is known. */
  readonly from: string | undefined;
  readonly to: string;
}

/** What the prompt at `index` changed in who answers; undefined: nothing, or nobody knows who was asked before. */
export function agentChange(entries: Entries, index: number): AgentChange | undefined {
  const message = entries.all[index];
  if (message === undefined || !isPrompt(message)) return undefined;
  const to = message.head.agent;
  const relayed = message.parts.flatMap((part) => (part.type === 'text' ? (part.relayed ?? []) : []))[0];
  const isRelay = relayed !== undefined && relayed.session === undefined;
  const from = agentBefore(entries, index) ?? (isRelay ? relayed.from : undefined);
  if (isRelay) return { isRelay, from, to };
  return from === undefined || from === to ? undefined : { isRelay: false, from, to };
}

/** The line above that prompt. */
export function agentChangeLine({ isRelay, from, to }: AgentChange): HTMLElement {
  const way = from === undefined || from === to ? to : `${from} → ${to}`;
  return element(
    'div',
    { class: 'agent-change', 'data-testid': 'agent-change' },
    icon(isRelay ? 'arrow-swap' : 'person'),
    isRelay ? l10n.t('Relayed: {0}', way) : l10n.t('Agent switched: {0}', way),
  );
}

/** Whom the prompt before was for, if no message is missing in between. */
function agentBefore(entries: Entries, index: number): string | undefined {
  for (let at = index; at > 0; at -= 1) {
    if (entries.isMissingBefore(at)) return undefined;
    const before = entries.all[at - 1];
    if (before !== undefined && isPrompt(before)) return before.head.agent;
  }
  return undefined;
}

/** A compaction is asked for by a message, too, and is for nobody. */
function isPrompt({ head, parts }: Message): boolean {
  return head.role === 'user' && head.agent !== '' && !parts.some(({ type }) => type === 'compaction');
}
