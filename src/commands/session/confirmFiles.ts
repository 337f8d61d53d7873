import type { Dialogs } from '../../core/ports/dialogs.ts';
import { l10n } from '../../core/l10n.ts';
import type { RevertedFile } from '../../core/transcript/revertPlan.ts';

export interface ConfirmFilesDeps {
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  /** Shows the files as they are beside what they become. */
  readonly showRevert: (directory: string, files: readonly RevertedFile[]) => Promise<void>;
}

/**
 * Asks whether to take changes of `files` back, until the person has seen enough: they can be looked at first. Where there are
 * none, nothing is asked: what is left can be undone.
 */
export async function confirmFiles(
  { dialogs, showRevert }: ConfirmFilesDeps,
  { title, ...act }: { readonly title: string; readonly icon: string; readonly description: string },
  directory: string,
  files: readonly RevertedFile[],
): Promise<boolean> {
  if (files.length === 0) return true;
  const go = {
    ...act,
    label: title,
    detail: files.map(({ file, additions, deletions }) => `${file} +${deletions} −${additions}`).join(', '),
    value: 'go' as const,
  };
  const show = {
    label: l10n.t('Show What Changes in the Files'),
    icon: 'diff-multiple',
    value: 'show' as const,
  };
  for (;;) {
    const choice = await dialogs.pickOne(title, [go, show]);
    if (choice !== 'show') return choice === 'go';
    await showRevert(directory, files);
  }
}
