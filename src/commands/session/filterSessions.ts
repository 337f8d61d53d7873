import type { Dialogs } from '../../core/ports/dialogs.ts';
import { l10n } from '../../core/l10n.ts';
import { parseFilter } from '../../core/rows/sessionFilter.ts';
import type { Command } from '../command.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface FilterSessionsDeps {
  readonly filter: { readonly text: string; set(text: string): void };
  readonly dialogs: Pick<Dialogs, 'askText'>;
}

/** Shows only the sessions that are wanted, while it is typed; who leaves has those again that were shown before. */
export function filterSessions({ filter, dialogs }: FilterSessionsDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument).text;
    if (given !== undefined) {
      filter.set(given.trim());
      return;
    }
    const before = filter.text;
    const text = await dialogs.askText({
      title: l10n.t('Filter Sessions'),
      placeholder: l10n.t('Words of titles and first prompts, is:waiting, agent:plan, file:basket.ts'),
      prompt: l10n.t('is: takes waiting, busy, failed, unread, idle and archived.'),
      value: before,
      onChange: (typed) => {
        // A blank at the end says that the last word is whole.
        filter.set(typed.trimStart());
        return parseFilter(typed).fault;
      },
      onLeave: () => filter.set(before),
    });
    if (text !== undefined) filter.set(text.trim());
  };
}

/** Shows all sessions again. */
export function clearFilter({ filter }: Pick<FilterSessionsDeps, 'filter'>): Command {
  return async () => filter.set('');
}
