import type { ChangesFigure } from '../../protocol/page/header.ts';
import { formatFigure } from '../changes/changesFigure.ts';
import { runErrorWords } from '../errorWords.ts';
import { formatCost, formatTokens } from '../figures.ts';
import { l10n } from '../l10n.ts';
import { longState } from '../sessions/sessionRow.ts';
import { nameCutOff } from '../turns/outcomeText.ts';
import { describeWaited, formatWorked } from '../turns/waitedBetween.ts';
import type { ComparedSession } from './comparison.ts';
import type { Amount } from './figures.ts';

/** Whether it works or waits, else how its last run ended. */
export function describeEnd({ state, outcome, figures }: ComparedSession, now: number): string {
  switch (state.kind) {
    case 'idle':
    case 'unread':
    case 'error':
    case 'cutOff':
    case 'unseen':
      break;
    default:
      return longState(state, now);
  }
  if (outcome === undefined)
    return figures.turns.length === 0 ? l10n.t('asked nothing yet') : l10n.t('not known');
  switch (outcome.kind) {
    case 'settled':
      return l10n.t('settled');
    case 'failed':
      return l10n.t('failed: {0}', runErrorWords(outcome.error));
    case 'aborted':
      return l10n.t('stopped');
    case 'rejected':
      return l10n.t('ended at a rejected request');
    case 'unseen':
      return l10n.t('not known');
    case 'deleted':
      return l10n.t('deleted');
    default:
      return nameCutOff(outcome, state.kind === 'cutOff' && state.isSure);
  }
}

export function describeChanged(changes: ChangesFigure): string {
  if (changes.files > 0) return formatFigure(changes);
  return changes.isPartial === true ? l10n.t('not known') : l10n.t('nothing');
}

export function describeTokens({ figures: { tokens } }: ComparedSession): string {
  return describeAmount(tokens, formatTokens);
}

export function describeCost({ figures: { cost } }: ComparedSession): string {
  return describeAmount(cost, formatCost);
}

export function describeTime({ figures: { took, waited, spans } }: ComparedSession): string {
  if (spans.length === 0) return l10n.t('none');
  const worked = formatWorked(Math.max(0, took - waited.milliseconds), waited);
  return [worked, describeWaited(waited)].filter((words) => words !== undefined).join(' ');
}

export function describeFailures({ figures: { failures } }: ComparedSession): string {
  const { calls, answers } = failures;
  const words = [
    calls === 1 ? l10n.t('1 call') : calls > 1 ? l10n.t('{0} calls', calls) : '',
    answers === 1 ? l10n.t('1 answer') : answers > 1 ? l10n.t('{0} answers', answers) : '',
  ].filter((word) => word !== '');
  return words.length === 0 ? l10n.t('none') : words.join(', ');
}

export function describeTodos({ todos }: ComparedSession): string {
  if (todos === undefined) return l10n.t('not known');
  if (todos.total === 0) return l10n.t('none');
  return l10n.t('{0} of {1} done', todos.done, todos.total);
}

/** What was counted of nothing is no figure. */
function describeAmount({ value, isLeast }: Amount, format: (value: number) => string): string {
  if (!isLeast) return format(value);
  return value === 0 ? l10n.t('not known') : `≥ ${format(value)}`;
}
