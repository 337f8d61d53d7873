import { commands } from 'vscode';
import { approveAutomation } from '../../commands/automation/approveAutomation.ts';
import { runAutomationNow, tryAutomation } from '../../commands/automation/runAutomation.ts';
import { openAutomationSettings, showAutomations } from '../../commands/automation/showAutomations.ts';
import {
  disableAutomation,
  enableAutomation,
  pauseAutomations,
} from '../../commands/automation/switchAutomation.ts';
import { whenLive } from '../../commands/whenLive.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import type { CurrentSession } from '../../core/sessions/currentSession.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import { tellTasks } from '../../editor/automations/automationTasks.ts';
import { openAutomationSettings as openSettings } from '../../editor/automations/openAutomationSettings.ts';
import type { CommandTable } from '../../editor/registerCommands.ts';
import { dryRun } from '../../flows/automations/dryRun.ts';
import { type CommandId, viewIds } from '../../manifest.ts';
import type { AutomationsRoom } from './automations.ts';

interface AutomationCommandStores {
  readonly sessions: SessionStore;
  readonly currentSession: CurrentSession;
  readonly proof: Proof;
}

export type AutomationCommandId = Extract<CommandId, `opencodeSessions.automation${string}`>;

export interface AutomationCommandsInput {
  readonly stores: AutomationCommandStores;
  readonly views: { readonly sessionsView: { readonly selectedSessionIds: readonly string[] } };
  readonly connection: { readonly openCode: OpenCode; connect(): Promise<void> };
  readonly automations: AutomationsRoom;
  readonly dialogs: Dialogs;
  readonly openText: (name: string, text: string) => Promise<void>;
}

/** What a person does with automations. */
export function createAutomationCommands({
  stores,
  views,
  connection,
  automations,
  dialogs,
  openText,
}: AutomationCommandsInput): Pick<CommandTable, AutomationCommandId> {
  const { list, runs, findUnknown } = automations;
  const { openCode } = connection;
  const { sessions } = stores;
  const deps = {
    ...stores,
    automations: list,
    automationRuns: runs,
    openCode,
    dialogs,
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    tryOut: (...asked: [Parameters<typeof dryRun>[1], string]) =>
      dryRun({ openCode, sessions, list, findUnknown, now: Date.now }, ...asked),
    openText,
    tellTasks,
    openSettings,
    showView: async () => {
      await commands.executeCommand(`${viewIds.automations}.focus`);
    },
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.automations.show': showAutomations(deps),
    'opencodeSessions.automation.runNow': live(runAutomationNow(deps)),
    'opencodeSessions.automation.dryRun': live(tryAutomation(deps)),
    'opencodeSessions.automation.approve': approveAutomation(deps),
    'opencodeSessions.automation.enable': enableAutomation(deps),
    'opencodeSessions.automation.disable': disableAutomation(deps),
    'opencodeSessions.automation.pauseAll': pauseAutomations(deps, true),
    'opencodeSessions.automation.resumeAll': pauseAutomations(deps, false),
    'opencodeSessions.automation.openSettings': openAutomationSettings(deps),
  };
}
