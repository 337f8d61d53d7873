import { isOfWorkspace } from '../../core/automations/automation.ts';
import { describeOrigin } from '../../core/automations/automationWords.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { showGaps, showUnseen } from '../../core/plainText.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { AutomationList } from '../../flows/automations/automationList.ts';
import type { Command } from '../command.ts';
import { chooseAutomation, type ChooseAutomationDeps } from './automationArgument.ts';

export interface ApproveAutomationDeps extends ChooseAutomationDeps {
  readonly automations: ChooseAutomationDeps['automations'] & Pick<AutomationList, 'wordsOf' | 'approve'>;
  /** What the tasks of the entry run, for a person, by their names. */
  readonly tellTasks: (listed: Parameters<AutomationList['wordsOf']>[0]) => Promise<readonly string[]>;
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'confirm' | 'inform'>;
}

/** Lets a person approve an entry that a workspace brought, once they have seen all of it. */
export function approveAutomation(deps: ApproveAutomationDeps): Command {
  const { automations, dialogs, tellTasks } = deps;
  return async (argument) => {
    const chosen = await chooseAutomation(deps, argument, {
      title: l10n.t('Approve Automation'),
      suits: ({ standing }) => standing === 'unapproved' || standing === 'changed',
      none: l10n.t('No automation of this workspace waits for your approval.'),
    });
    if (chosen === undefined) return undefined;
    const { entry, standing } = chosen.listed;
    if (entry.automation === undefined) {
      throw new Problem(
        l10n.t('“{0}” has faults and is never run, so there is nothing to approve.', entry.name),
      );
    }
    if (!isOfWorkspace(entry) || (standing !== 'unapproved' && standing !== 'changed')) {
      dialogs.inform(l10n.t('“{0}” needs no approval.', entry.name));
      return undefined;
    }
    const words = await automations.wordsOf(entry);
    const isSure = await dialogs.confirm({
      message: l10n.t('Let the automation “{0}” of this workspace run by itself?', entry.name),
      detail: [
        l10n.t('It comes from {0}. Whatever of it changes needs your approval again.', describeOrigin(entry)),
        showGaps(showUnseen(JSON.stringify(entry.value, undefined, 2))),
        ...(await tellTasks(entry)).map((line) => showGaps(showUnseen(line))),
      ].join('\n\n'),
      action: l10n.t('Approve'),
    });
    if (!isSure) return undefined;
    await automations.approve(entry, words);
    return entry.id;
  };
}
