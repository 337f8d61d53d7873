import { nameInFolder } from '../../core/changes/changedTurn.ts';
import { countFiles } from '../../core/figures.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { planUnrevert } from '../../core/transcript/revertPlan.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { confirmFiles, type ConfirmFilesDeps } from './confirmFiles.ts';

export interface UnrevertSessionDeps extends ChooseSessionDeps, Pick<ConfirmFilesDeps, 'showRevert'> {
  readonly dialogs: ChooseSessionDeps['dialogs'] & ConfirmFilesDeps['dialogs'];
  readonly openCode: Pick<OpenCode, 'getSession' | 'unrevertSession'>;
}

/** Brings back what a revert took away, as long as no prompt followed it; files that change are shown on demand. */
export function unrevertSession(deps: UnrevertSessionDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Undo Revert'),
      suits: ({ revert }) => revert !== undefined,
      none: l10n.t('No session has a revert that could be undone.'),
    });
    if (session === undefined) return undefined;
    const { directory, revert } = session;
    const files = planUnrevert(revert?.diff ?? '').map(({ file, ...change }) => ({
      ...change,
      file: nameInFolder(session, file),
    }));
    const act = {
      title: l10n.t('Undo Revert'),
      icon: 'redo',
      description: countFiles(files.length),
    };
    if (!(await confirmFiles(deps, act, directory, files))) return undefined;
    await deps.openCode.unrevertSession(session.id);
    return session.id;
  };
}
