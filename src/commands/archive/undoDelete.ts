import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Deletions } from '../../flows/deletions.ts';
import { parseSelection } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';

export interface UndoDeleteDeps {
  readonly deletions: Pick<Deletions, 'undo'>;
}

/** Gives sessions back that are about to be deleted, all where none is named. */
export function undoDelete({ deletions }: UndoDeleteDeps): Command {
  return async (argument, selection) => {
    const named = parseSelection(argument, selection);
    const [first] = await deletions.undo(named.length > 0 ? named : undefined);
    if (first !== undefined) return first;
    throw new Problem(l10n.t('There is nothing to undo: no session is about to be deleted any more.'));
  };
}
