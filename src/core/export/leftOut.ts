import { l10n } from '../l10n.ts';
import type { LeftOut } from './section.ts';

export const nothingLeftOut: LeftOut = { thoughts: 0, calls: 0, cuts: 0, files: 0, contexts: 0 };

export function addLeftOut(one: LeftOut, other: Partial<LeftOut> | undefined): LeftOut {
  if (other === undefined) return one;
  return {
    thoughts: one.thoughts + (other.thoughts ?? 0),
    calls: one.calls + (other.calls ?? 0),
    cuts: one.cuts + (other.cuts ?? 0),
    files: one.files + (other.files ?? 0),
    contexts: one.contexts + (other.contexts ?? 0),
  };
}

/** What a text does not say of its session, as a sentence; empty where it says all. */
export function describeLeftOut(
  { thoughts, calls, cuts, files, contexts }: LeftOut,
  reverted: number,
  more: readonly string[] = [],
): string {
  const named = [
    thoughts > 0 ? l10n.t('the reasoning of the model') : '',
    calls === 1 ? l10n.t('what 1 tool call gave back') : '',
    calls > 1 ? l10n.t('what {0} tool calls gave back', calls) : '',
    cuts === 1 ? l10n.t('the middle of 1 long text of a tool call') : '',
    cuts > 1 ? l10n.t('the middle of {0} long texts of tool calls', cuts) : '',
    files === 1 ? l10n.t('the content of 1 attached file') : '',
    files > 1 ? l10n.t('the content of {0} attached files', files) : '',
    contexts === 1 ? l10n.t('1 text that was added to a prompt') : '',
    contexts > 1 ? l10n.t('{0} texts that were added to prompts', contexts) : '',
    reverted === 1 ? l10n.t('1 reverted message') : '',
    reverted > 1 ? l10n.t('{0} reverted messages', reverted) : '',
    ...more,
  ].filter((words) => words !== '');
  return named.length === 0 ? '' : l10n.t('Left out: {0}.', named.join(', '));
}
