import type { Dialogs } from '../../core/ports/dialogs.ts';
import { l10n } from '../../core/l10n.ts';
import type { Command } from '../command.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface FilterSessionsDeps {
  readonly filter: { readonly text: string; set(text: string): Promise<void> };
  readonly dialogs: Pick<Dialogs, 'askText'>;
}

/** Shows only the sessions whose title, agent or id has all the words. */
export function filterSessions({ filter, dialogs }: FilterSessionsDeps): Command {
  return async (argument) => {
    const text =
      parseSessionArgument(argument).text ??
      (await dialogs.askText({
        title: l10n.t('Filter Sessions'),
        placeholder: l10n.t('Words in title, agent or id'),
        value: filter.text,
      }));
    if (text !== undefined) await filter.set(text.trim());
  };
}

/** Shows all sessions again. */
export function clearFilter({ filter }: Pick<FilterSessionsDeps, 'filter'>): Command {
  return async () => filter.set('');
}
