import { l10n } from '../l10n.ts';
import { isStopped } from '../sessions/sessionRow.ts';
import type { StoryFacts, StoryLink } from './story.ts';

/** What the story of a session leads to, by how it stands: what helps it first, and nothing that would be refused. */
export function storyLinks({ facts, glance }: Pick<StoryFacts, 'facts' | 'glance'>): readonly StoryLink[] {
  const { state, firstPrompt } = facts;
  const isWaiting = 'waiting' in state;
  const isFailed = state.kind === 'error' || state.kind === 'cutOff';
  // Before this window was opened, the end was seen by the glance alone.
  const isOver = state.kind === 'idle' || state.kind === 'unread';
  const wasStopped = isStopped(facts) || (isOver && glance?.isStopped === true);
  const hasBegun = firstPrompt !== '' && state.kind !== 'unknown';
  return [
    link(l10n.t('Open'), 'session.open'),
    ...(isWaiting ? [link(l10n.t('Answer…'), 'session.answer')] : []),
    ...(hasBegun && (isFailed || wasStopped) ? [link(l10n.t('Retry'), 'session.retry')] : []),
    ...(hasBegun ? [link(l10n.t('Continue…'), 'session.continue')] : []),
    link(l10n.t('Copy Id'), 'session.copyId'),
  ];
}

function link(title: string, command: string): StoryLink {
  return { title, command: `opencodeSessions.${command}` };
}
