import { l10n } from '../../l10n.ts';
import { isUnnamed } from '../../sessions/unnamed.ts';
import { shorten } from '../shorten.ts';
import { parseApproaches } from './approaches.ts';
import { parseCompactDraft } from './compactDraft.ts';
import type { Draft } from './draft.ts';
import { beginsSession, type DraftOrder } from './draftOrder.ts';
import { parseChain } from './relayChain.ts';

/** So many characters of a session's title, so that the line above a draft fits into half a window. */
const titleLength = 32;

/** What the key that sends does with a draft, in one line: `Ctrl+Enter sends to build in a new session`. */
export function sendSentence(order: DraftOrder, draft: Draft, keys: string): string {
  const agent =
    draft.agent ?? (beginsSession(order) ? l10n.t('the folder’s agent') : l10n.t('the session’s agent'));
  const title = isUnnamed(order.sessionTitle)
    ? l10n.t('untitled session')
    : shorten(order.sessionTitle, titleLength);
  switch (order.verb) {
    case 'relay':
      return l10n.t('{0} sends to {1} in “{2}”', keys, agent, title);
    case 'chain': {
      const agents = parseChain(draft.body).map((leg) => leg.agent);
      return l10n.t('{0} sends to {1} in “{2}”', keys, agents.join(' → ') || '…', title);
    }
    case 'handOff':
      return l10n.t('{0} sends to {1} in a new session', keys, agent);
    case 'fork':
      return l10n.t('{0} forks “{1}” and sends to {2}', keys, title, agent);
    case 'forkMany': {
      const { length } = parseApproaches(draft.body);
      return length === 1
        ? l10n.t('{0} starts 1 fork of “{1}” and sends to {2}', keys, title, agent)
        : l10n.t('{0} starts {1} forks of “{2}” and sends to {3}', keys, length, title, agent);
    }
    case 'bringBack':
      return l10n.t('{0} writes this at the end of “{1}”, for {2} to read', keys, title, agent);
    case 'brief':
      return beginsSession(order)
        ? l10n.t('{0} sends to {1} in a new session for “{2}”', keys, agent, title)
        : l10n.t('{0} sends to {1} in “{2}”', keys, agent, title);
    case 'compact':
      return parseCompactDraft(draft.body).message === ''
        ? l10n.t('{0} compacts “{1}” and sends nothing', keys, title)
        : l10n.t('{0} compacts “{1}”, then sends to {2}', keys, title, agent);
  }
}

/** What a text weighs, where that is estimated. */
export function aboutTokens(tokens: number): string {
  return tokens === 1 ? l10n.t('about 1 token') : l10n.t('about {0} tokens', tokens);
}

/** The keys that send a draft, as the person's keyboard has them. From far away nobody knows which keyboard that is. */
export function sendKeys(platform: string, isFar: boolean): string {
  if (isFar) return l10n.t('Ctrl/Cmd+Enter');
  return platform === 'darwin' ? l10n.t('Cmd+Enter') : l10n.t('Ctrl+Enter');
}
