import { l10n } from '../l10n.ts';

/** How the provider ended an answer that is not whole. */
export type CutFinish = 'length' | 'content-filter' | 'other';

/**
 * How a message ended that did not come to its end. `unfinished`: it has none, and another process may go on with it;
 * `ofSource`: the fork was made while its source still wrote it; `empty`: it came to its end and says nothing.
 */
export type MessageEnd = 'unanswered' | 'interrupted' | 'unfinished' | 'ofSource' | CutFinish | 'empty';

/** How a step ends that says all that it was to say, or that another step follows. */
const goodEnds: ReadonlySet<string | undefined> = new Set([undefined, 'stop', 'tool-calls', 'unknown']);

/** What stands in an answer beside what it says and does. */
const silent: ReadonlySet<string> = new Set(['reasoning', 'step-start', 'step-finish', 'snapshot', 'retry']);

/** How a step was cut that ended so; undefined: it was not. */
export function readFinish(finish: string | undefined): CutFinish | undefined {
  if (goodEnds.has(finish)) return undefined;
  return finish === 'length' || finish === 'content-filter' ? finish : 'other';
}

/** Whether the parts of an answer have no word and no call in them, perhaps a thought. */
export function isSilent(parts: readonly { readonly type: string; readonly text?: unknown }[]): boolean {
  return parts.every(({ type, text }) =>
    type === 'text' ? !/\S/.test(typeof text === 'string' ? text : '') : silent.has(type),
  );
}

/** The end in words. */
export function describeMessageEnd(end: MessageEnd): string {
  switch (end) {
    case 'unanswered':
      return l10n.t('This was not answered: the server ended before it began, or would not begin.');
    case 'interrupted':
      return l10n.t('This answer was cut off: the server ended in the middle of it.');
    case 'unfinished':
      return l10n.t(
        'This answer has no end, and nothing works on it here. Its server ended in the middle of it, or another OpenCode process is still at it.',
      );
    case 'ofSource':
      return l10n.t('This answer was still being written when the session was forked. Here it ends.');
    case 'length':
      return l10n.t('This answer was cut at the output limit of the model.');
    case 'content-filter':
      return l10n.t('This answer was cut by the content filter of the provider.');
    case 'other':
      return l10n.t('The provider ended this answer without saying that it is whole.');
    case 'empty':
      return l10n.t('The model ended without an answer.');
  }
}
