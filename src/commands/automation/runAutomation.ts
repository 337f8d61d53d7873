import { describeRunState } from '../../core/automations/automationWords.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Session } from '../../protocol/records.ts';
import type { AutomationRuns } from '../../flows/automations/automationRuns.ts';
import type { ListedAutomation } from '../../flows/automations/automationList.ts';
import type { Command } from '../command.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import {
  chooseAutomation,
  type ChooseAutomationDeps,
  type ChosenAutomation,
  noAutomations,
} from './automationArgument.ts';

export interface RunAutomationDeps extends ChooseAutomationDeps, ChooseSessionDeps {
  readonly automationRuns: Pick<AutomationRuns, 'runNow'>;
  readonly dialogs: ChooseSessionDeps['dialogs'] & Pick<Dialogs, 'pickOne' | 'inform'>;
  /** Says what an automation would do for a session. */
  readonly tryOut: (listed: ListedAutomation, sessionId: string) => Promise<string>;
  readonly openText: (name: string, text: string) => Promise<void>;
}

/** Runs an automation for a session, because a person says so. */
export function runAutomationNow(deps: RunAutomationDeps): Command {
  return async (argument) => {
    const chosen = await chooseAutomation(deps, argument, {
      title: l10n.t('Run Automation Now'),
      suits: ({ entry }) => entry.automation !== undefined,
      none: noAutomations(),
    });
    if (chosen === undefined) return undefined;
    const { entry } = chosen.listed;
    const { automation } = entry;
    if (automation === undefined) {
      throw new Problem(
        l10n.t('“{0}” has faults and is never run: {1}', entry.name, entry.faults[0]?.message ?? ''),
      );
    }
    const session = await chooseFor(deps, chosen, l10n.t('Run “{0}” for Session', entry.name));
    if (session === undefined) return undefined;
    const { state } = await deps.automationRuns.runNow({ entry, automation }, session);
    if (state === 'succeeded') {
      deps.dialogs.inform(l10n.t('The automation “{0}” was run: {1}.', entry.name, describeRunState(state)));
    }
    return entry.id;
  };
}

/** Shows what an automation would do for a session, and what is in its way. */
export function tryAutomation(deps: RunAutomationDeps): Command {
  return async (argument) => {
    const chosen = await chooseAutomation(deps, argument, {
      title: l10n.t('Dry Run Automation'),
      none: noAutomations(),
    });
    if (chosen === undefined) return undefined;
    const { entry } = chosen.listed;
    const session = await chooseFor(deps, chosen, l10n.t('Try “{0}” with Session', entry.name));
    if (session === undefined) return undefined;
    await deps.openText(l10n.t('Dry Run of {0}', entry.name), await deps.tryOut(chosen.listed, session.id));
    return entry.id;
  };
}

function chooseFor(
  deps: RunAutomationDeps,
  { sessionId }: ChosenAutomation,
  title: string,
): Promise<Session | undefined> {
  return chooseSession(deps, sessionId, { title, none: l10n.t('There is no session to run it for.') });
}
