import type { ChangedFile } from '../../core/changes/changedFile.ts';
import { l10n } from '../../core/l10n.ts';
import type { ChangesEditor } from '../../core/changes/changesEditor.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Command } from '../command.ts';
import { describeChange } from './describeChange.ts';
import { discard, type DiscardChangeDeps } from './discardChange.ts';
import { chooseChanges, type ChosenChanges, sayNothing } from './showChanges.ts';

export interface PickChangeDeps extends DiscardChangeDeps {
  readonly changesEditor: ChangesEditor;
  readonly dialogs: DiscardChangeDeps['dialogs'] & Pick<Dialogs, 'pickAct'>;
}

/** Lists the files that a session changed, or one turn of it, each with what can be done to it. */
export function pickChange(deps: PickChangeDeps): Command {
  return async (argument) => {
    const chosen = await chooseChanges(deps, argument);
    if (chosen === undefined) return undefined;
    const { session, changes } = chosen;
    if (changes.length === 0) {
      deps.dialogs.inform(sayNothing(chosen));
      return session.id;
    }
    const acts = [
      { title: l10n.t('Open File'), icon: 'go-to-file', value: 'open' as const },
      { title: l10n.t('Show Difference'), icon: 'diff', value: 'diff' as const },
      { title: l10n.t('Discard This Change'), icon: 'discard', value: 'discard' as const },
    ];
    const all = {
      label: l10n.t('Show All Changes'),
      icon: 'diff-multiple',
      value: 'all' as const,
    };
    const picked = await deps.dialogs.pickAct<ChangedFile | 'all', (typeof acts)[number]['value']>(
      chosen.title,
      [all, ...changes.map((change) => ({ ...describeChange(session, change), value: change, acts }))],
    );
    if (picked !== undefined) await act(deps, chosen, picked.value, picked.act ?? 'diff');
    return session.id;
  };
}

async function act(
  deps: PickChangeDeps,
  { session, changes, title }: ChosenChanges,
  change: ChangedFile | 'all',
  kind: 'open' | 'diff' | 'discard',
): Promise<void> {
  if (change === 'all') await deps.changesEditor.showAll(session, title, changes);
  else if (kind === 'open') await deps.changesEditor.openFile(session, change.path);
  else if (kind === 'diff') await deps.changesEditor.showOne(session, change);
  else await discard(deps, session, change);
}
