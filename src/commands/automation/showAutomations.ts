import type { AutomationOrigin } from '../../core/automations/automation.ts';
import type { AutomationList } from '../../flows/automations/automationList.ts';
import type { Command } from '../command.ts';

export interface ShowAutomationsDeps {
  readonly automations: Pick<AutomationList, 'all' | 'refresh'>;
  readonly showView: () => Promise<void>;
  /** Opens the file in which entries of that origin stand; undefined: the person's own settings. */
  readonly openSettings: (origin: AutomationOrigin | undefined) => Promise<void>;
}

export function showAutomations({ automations, showView }: ShowAutomationsDeps): Command {
  return async () => {
    await automations.refresh();
    await showView();
    return undefined;
  };
}

/** Opens the settings in which an automation stands, or may be written. */
export function openAutomationSettings({ automations, openSettings }: ShowAutomationsDeps): Command {
  return async (argument) => {
    const id =
      typeof argument === 'object' && argument !== null && 'automation' in argument
        ? argument.automation
        : argument;
    const found = automations.all().find(({ entry }) => entry.id === id);
    await openSettings(found?.entry.origin);
    return found?.entry.id;
  };
}
