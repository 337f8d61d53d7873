import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { AutomationList } from '../../flows/automations/automationList.ts';
import type { Command } from '../command.ts';
import { chooseAutomation, type ChooseAutomationDeps, noAutomations } from './automationArgument.ts';

export interface SwitchAutomationDeps extends ChooseAutomationDeps {
  readonly automations: ChooseAutomationDeps['automations'] &
    Pick<AutomationList, 'switchOn' | 'switchOff' | 'setPaused'>;
  readonly dialogs: ChooseAutomationDeps['dialogs'] & Pick<Dialogs, 'inform'>;
}

/** Lets an automation run again that a person or its failures switched off. */
export function enableAutomation(deps: SwitchAutomationDeps): Command {
  return async (argument) => {
    const chosen = await chooseAutomation(deps, argument, {
      title: l10n.t('Enable Automation'),
      suits: ({ standing }) => standing === 'off',
      none: l10n.t('No automation is switched off.'),
    });
    if (chosen === undefined) return undefined;
    const { entry, standing } = chosen.listed;
    if (standing === 'disabled') {
      deps.dialogs.inform(
        l10n.t('“{0}” says of itself that it is not enabled. Change that in the settings.', entry.name),
      );
      return undefined;
    }
    await deps.automations.switchOn(entry.id);
    return entry.id;
  };
}

/** Keeps an automation from running in all windows until a person enables it. */
export function disableAutomation(deps: SwitchAutomationDeps): Command {
  return async (argument) => {
    const chosen = await chooseAutomation(deps, argument, {
      title: l10n.t('Disable Automation'),
      suits: ({ standing }) => standing === 'on',
      none: noAutomations(),
    });
    if (chosen === undefined) return undefined;
    await deps.automations.switchOff(chosen.listed.entry.id, l10n.t('You switched it off.'));
    return chosen.listed.entry.id;
  };
}

/** Keeps all automations of all windows from being run, or lets them run again. */
export function pauseAutomations({ automations, dialogs }: SwitchAutomationDeps, isPaused: boolean): Command {
  return async () => {
    await automations.setPaused(isPaused);
    dialogs.inform(
      isPaused
        ? l10n.t(
            'All automations are paused, in all windows and after a reload, too. What runs goes on to the end of its step.',
          )
        : l10n.t('The automations are run again. What happened meanwhile starts nothing.'),
    );
    return undefined;
  };
}
