import type { AssistantMessage } from '../../protocol/records.ts';
import { runErrorWords } from '../errorWords.ts';
import { l10n } from '../l10n.ts';
import type { CutOff, Outcome } from './outcome.ts';

/** Why nothing follows by itself after a run that ended so, as a sentence about the turn before. */
export function describeBarrier(outcome: Exclude<Outcome, { kind: 'settled' }>): string {
  switch (outcome.kind) {
    case 'failed':
      return l10n.t('The turn before it failed: {0}', runErrorWords(outcome.error));
    case 'aborted':
      return l10n.t('The turn before it was stopped.');
    case 'rejected':
      return l10n.t(
        'The turn before it ended without an answer, because a request of the agent was rejected.',
      );
    case 'incomplete':
      return describeIncomplete(outcome.answer);
    case 'unanswered':
      return l10n.t('What was asked before it was not answered: the server ended, or would not begin.');
    case 'interrupted':
      return l10n.t(
        'The turn before it is not finished: its server ended in the middle, or another OpenCode process is at it.',
      );
    case 'unseen':
      return l10n.t('How the turn before it ended is not known.');
    case 'deleted':
      return l10n.t('The session was deleted.');
  }
}

function describeIncomplete({ finish }: AssistantMessage): string {
  switch (finish) {
    case 'length':
      return l10n.t('The answer before it was cut at the output limit of the model.');
    case 'content-filter':
      return l10n.t('The answer before it was cut by the content filter of the provider.');
    case 'error':
      return l10n.t('The provider ended the answer before it with an error.');
    default:
      return l10n.t(
        'The provider ended the answer before it for a reason that is not known: {0}',
        finish ?? '',
      );
  }
}

/** A cut-off in a word or two, for a row. */
export function nameCutOff(end: CutOff, isSure: boolean): string {
  switch (end.kind) {
    case 'unanswered':
      return l10n.t('not answered');
    case 'interrupted':
      return isSure ? l10n.t('cut off') : l10n.t('not finished');
    case 'incomplete':
      return nameIncomplete(end.answer);
  }
}

function nameIncomplete({ finish }: AssistantMessage): string {
  switch (finish) {
    case 'length':
      return l10n.t('cut at the output limit');
    case 'content-filter':
      return l10n.t('cut by the content filter');
    default:
      return l10n.t('perhaps not whole');
  }
}

/** A cut-off in words, behind the name of its session; not sure: another process may go on with what it says of. */
export function describeCutOff(end: CutOff, isSure: boolean): string {
  switch (end.kind) {
    case 'unanswered':
      return l10n.t('the last prompt was not answered: the server ended, or would not begin');
    case 'interrupted':
      return isSure
        ? l10n.t('cut off in the middle, because its server ended')
        : l10n.t('not finished: its server ended in the middle, or another OpenCode process is at it');
    case 'incomplete':
      return nameIncomplete(end.answer);
  }
}
