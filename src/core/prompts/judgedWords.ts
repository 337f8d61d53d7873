import { l10n } from '../l10n.ts';
import type { Notice } from '../ports/notify.ts';
import type { DeliveryEntry, PromptCause } from './delivery.ts';

/** What a person is told of a prompt whose fate was open and is known; undefined where another place says it. */
export function describeJudged(
  { sessionId, cause, state }: DeliveryEntry,
  title: string,
): Notice | undefined {
  const isThere = state.kind !== 'absent';
  const words = isThere ? describeArrived(cause, title) : describeAbsent(cause, title);
  if (words === undefined) return undefined;
  const message = state.kind === 'absent' ? `${words} ${state.reason}` : words;
  const open = {
    title: l10n.t('Open Session'),
    command: 'opencodeSessions.session.open',
    arguments: [sessionId],
  };
  return { severity: isThere ? 'information' : 'warning', message, actions: [open] };
}

function describeArrived(cause: PromptCause, title: string): string | undefined {
  switch (cause) {
    case 'handOff':
      return l10n.t('The prompt of the hand off did reach “{0}”.', title);
    case 'fork':
      return l10n.t('The prompt of the fork did reach “{0}”.', title);
    case 'brief':
      return l10n.t('The brief did reach “{0}”.', title);
    case 'compaction':
      return l10n.t('What was to follow the compaction did reach “{0}”.', title);
    case 'tell':
      return l10n.t('“{0}” was told after all.', title);
    // It is seen in the transcript, or in the list of what waits.
    case 'typed':
    case 'queue':
    case 'relay':
    case 'extraction':
    case 'automation':
      return undefined;
  }
}

function describeAbsent(cause: PromptCause, title: string): string | undefined {
  switch (cause) {
    case 'typed':
      return l10n.t('A prompt did not reach “{0}”; it stands in the composer again.', title);
    case 'handOff':
      return l10n.t(
        'The prompt of the hand off did not reach “{0}”. Send the draft again to go on in it.',
        title,
      );
    case 'fork':
      return l10n.t(
        'The prompt of the fork did not reach “{0}”. Send the draft again to go on in it.',
        title,
      );
    case 'brief':
      return l10n.t('The brief did not reach “{0}”. Send the draft again to go on in it.', title);
    case 'compaction':
      return l10n.t(
        '“{0}” was compacted, but what was to follow did not arrive. Send the draft again.',
        title,
      );
    case 'tell':
      return l10n.t('“{0}” was not told. Tell it again.', title);
    case 'queue':
    case 'relay':
    case 'extraction':
    case 'automation':
      return undefined;
  }
}
