import { l10n } from '../../l10n.ts';
import { parseApproaches } from './approaches.ts';
import { parseCompactDraft } from './compactDraft.ts';
import type { Draft } from './draft.ts';
import type { DraftOrder } from './draftOrder.ts';
import { parseChain } from './relayChain.ts';
import { estimateTokens } from '../digest/tokenEstimate.ts';

/** What happens when a draft is sent, as the title of a button. */
export function sendTitle(order: DraftOrder, draft: Draft): string {
  const agent = draft.agent ?? l10n.t('the session’s agent');
  switch (order.verb) {
    case 'relay':
      return l10n.t('Send to {0} in “{1}”', agent, order.sessionTitle);
    case 'chain':
      return l10n.t(
        'Send to {0} in “{1}”',
        parseChain(draft.body)
          .map((leg) => leg.agent)
          .join(' → '),
        order.sessionTitle,
      );
    case 'handOff':
      return l10n.t('Send to {0} in a new session', agent);
    case 'fork':
      return l10n.t('Fork “{0}” and send to {1}', order.sessionTitle, agent);
    case 'forkMany':
      return startForks(parseApproaches(draft.body).length, order.sessionTitle);
    case 'compact':
      return parseCompactDraft(draft.body).message === ''
        ? l10n.t('Compact “{0}”', order.sessionTitle)
        : l10n.t('Compact “{0}”, then send to {1}', order.sessionTitle, agent);
  }
}

function startForks(count: number, title: string): string {
  return count === 1
    ? l10n.t('Start 1 fork of “{0}”', title)
    : l10n.t('Start {0} forks of “{1}”', count, title);
}

/** What a text weighs, where that is estimated. */
export function aboutTokens(tokens: number): string {
  return tokens === 1 ? l10n.t('about 1 token') : l10n.t('about {0} tokens', tokens);
}

/** What a draft weighs and who reads it: `local/echo · about 180 tokens`. */
export function draftFacts({ model, variant, body }: Draft): string {
  return [
    model === undefined ? undefined : `${model.providerID}/${model.modelID}`,
    variant,
    aboutTokens(estimateTokens(body)),
  ]
    .filter((fact) => fact !== undefined)
    .join(' · ');
}
