import { join } from 'node:path';
import { commands, Disposable } from 'vscode';
import { approveAutomation } from '../commands/automation/approveAutomation.ts';
import { runAutomationNow, tryAutomation } from '../commands/automation/runAutomation.ts';
import { openAutomationSettings, showAutomations } from '../commands/automation/showAutomations.ts';
import {
  disableAutomation,
  enableAutomation,
  pauseAutomations,
} from '../commands/automation/switchAutomation.ts';
import { whenLive } from '../commands/whenLive.ts';
import { type AutomationEntry, type AutomationFault, isOfWorkspace } from '../core/automations/automation.ts';
import { checkNames } from '../core/automations/checkNames.ts';
import { Happenings } from '../core/automations/happenings.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { ServerSinks } from '../core/ports/serverSinks.ts';
import type { WaitingPrompts } from '../core/prompts/prompting.ts';
import { subagentsBelow } from '../core/sessions/attention.ts';
import { makeMessageId } from '../core/turns/messageId.ts';
import { choosableAgents } from '../core/turns/promptTarget.ts';
import { askInNotice } from '../editor/asking/notice.ts';
import { createAutomationActs } from '../editor/automations/automationActs.ts';
import { registerAutomationCompletions } from '../editor/automations/automationCompletions.ts';
import { AutomationDiagnostics } from '../editor/automations/automationDiagnostics.ts';
import {
  automationSettings,
  onDidChangeAutomations,
  readAutomations,
} from '../editor/automations/automationSettings.ts';
import { describeTasks, listTaskNames, tellTasks } from '../editor/automations/automationTasks.ts';
import { openAutomationSettings as openSettings } from '../editor/automations/openAutomationSettings.ts';
import { setContextKey } from '../editor/contextKeys.ts';
import type { EarlyViews } from '../editor/earlyViews.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { startTimer } from '../editor/timer.ts';
import { workspaceDirectories } from '../editor/workspaceFolders.ts';
import { AutomationList } from '../flows/automations/automationList.ts';
import type { AutomationDelivery, AutomationHold } from '../flows/automations/automationPorts.ts';
import { AutomationRuns } from '../flows/automations/automationRuns.ts';
import { AutomationWatch } from '../flows/automations/automationWatch.ts';
import { dryRun } from '../flows/automations/dryRun.ts';
import { readRunCost } from '../flows/automations/runCost.ts';
import { resolveTarget } from '../flows/preparing/target.ts';
import { type CommandId, viewIds } from '../manifest.ts';
import { AutomationFiles } from '../server/automationStore.ts';
import { AutomationsTree } from '../views/automations/automationsTree.ts';
import type { Continuation } from './continuation.ts';
import type { PromptingRoom } from './prompting.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';

export interface AutomationsInput {
  readonly stores: Stores;
  readonly prompting: Pick<PromptingRoom, 'flow'>;
  readonly continuation: Pick<Continuation, 'relays' | 'ports'>;
  readonly connection: { readonly openCode: OpenCode };
  readonly waiting: Pick<WaitingPrompts, 'of'>;
  /** Passes the server's word on. */
  readonly told: Pick<ServerSinks, 'add'>;
  readonly earlyViews: Pick<EarlyViews, 'automations'>;
  /** Where the windows of this user keep what they share. */
  readonly storage: string;
  /** Stop All. */
  readonly hold: AutomationHold;
  readonly record?: (delivery: AutomationDelivery) => void;
  readonly notify: Notify;
  readonly log: Log;
}

export interface AutomationsRoom extends Disposable {
  readonly list: AutomationList;
  readonly runs: AutomationRuns;
  readonly findUnknown: (entry: AutomationEntry) => Promise<readonly AutomationFault[]>;
}

/** What follows by itself on what happens in sessions: read from the settings, run once for all windows, and shown. */
export function createAutomations(input: AutomationsInput): AutomationsRoom {
  const { stores, prompting, connection, storage, notify, log } = input;
  const owned: { dispose(): unknown }[] = [];
  const own = <Owned extends { dispose(): unknown }>(made: Owned): Owned => {
    owned.push(made);
    return made;
  };
  const { flow } = prompting;
  const store = own(new AutomationFiles({ ...flow, folder: join(storage, 'automations'), now: Date.now }));
  const list = own(
    new AutomationList({
      readEntries: readAutomations,
      onDidChangeEntries: onDidChangeAutomations,
      describeTasks,
      store,
      hold: input.hold,
      now: Date.now,
      notify,
      log,
    }),
  );
  const runs = createRuns(input, store, list);
  const happenings = new Happenings();
  input.told.add([happenings]);
  own(
    new AutomationWatch({
      ...flow,
      happenings,
      list,
      runs,
      sessions: stores.sessions,
      isOurs: (directory) => [...workspaceDirectories(), ...stores.elsewhere.followed].includes(directory),
      unrest: (sessionId) => findUnrest(input, sessionId),
      chainLimit: automationSettings.chainLimit,
    }),
  );
  const findUnknown = createFindUnknown(stores);
  own(
    new AutomationsTree({
      openView: (rows) => input.earlyViews.automations.open(rows),
      automations: list,
      findLacks: async ({ entry }) => (await findUnknown(entry)).map(({ message }) => message),
      readCost: ({ record }) => readRunCost(connection.openCode, record),
      startTimer,
      now: Date.now,
      log,
    }),
  );
  const diagnostics = own(new AutomationDiagnostics({ findUnknown, log }));
  own(stores.offers.onDidChange(() => diagnostics.refresh()));
  own(flow.onDidGoLive(() => diagnostics.refresh()));
  own(registerAutomationCompletions(async () => (await listAgents(stores)) ?? []));
  own(tellOfUnapproved(list, notify));
  own(keepPausedKey(list, log));
  return { list, runs, findUnknown, dispose: () => Disposable.from(...owned.toReversed()).dispose() };
}

function createRuns(input: AutomationsInput, store: AutomationFiles, list: AutomationList): AutomationRuns {
  const { stores, prompting, continuation, notify, log } = input;
  const { flow } = prompting;
  const logged = ({ cause, step, sessionId, messageId }: AutomationDelivery): void =>
    log.info('An automation sends.', cause.name, step, sessionId, messageId);
  return new AutomationRuns({
    ...flow,
    ...continuation.ports,
    sessions: stores.sessions,
    relays: continuation.relays,
    resolveTarget: (session, wish) => resolveTarget({ ...stores, openCode: flow.openCode }, session, wish),
    mayWorkElsewhere: (sessionId) => stores.ends.mayWorkElsewhere(sessionId),
    acts: createAutomationActs(notify),
    record: input.record ?? logged,
    store,
    list,
    window: makeMessageId(flow.ids),
    ask: (question) => askInNotice(question, { run: l10n.t('Run'), notNow: l10n.t('Not Now') }),
    now: Date.now,
    notify,
    log,
  });
}

/** A session has settled when nothing of it can follow: it is idle, and so is all below it, and nothing waits there. */
function findUnrest(
  { stores, waiting, prompting }: Pick<AutomationsInput, 'stores' | 'waiting' | 'prompting'>,
  sessionId: string,
): 'works' | 'waits' | undefined {
  const { sessions, turns, attention, lock } = stores;
  const isBusy = (id: string): boolean => turns.isRunning(id) || sessions.status(id).type !== 'idle';
  if (isBusy(sessionId)) return 'works';
  const isWaiting =
    subagentsBelow(sessions.all(), sessionId).some(isBusy) ||
    attention.of(sessionId).length > 0 ||
    waiting.of(sessionId).length > 0 ||
    lock.holder(sessionId) !== undefined ||
    prompting.flow.deliveries.isAboutToRun(sessionId);
  return isWaiting ? 'waits' : undefined;
}

/** What an entry names that is not there; what cannot be found out at this moment is no fault. */
function createFindUnknown(stores: Stores): AutomationsRoom['findUnknown'] {
  return async ({ automation, origin }) => {
    if (automation === undefined) return [];
    const kinds = new Set(automation.steps.map(({ kind }) => kind));
    const directories = origin.kind === 'folder' ? [origin.directory] : workspaceDirectories();
    const [tasks, agents, known] = await Promise.all([
      kinds.has('task') && directories.length > 0 ? listTaskNames() : undefined,
      listAgents(stores, directories),
      kinds.has('command') ? commands.getCommands(true) : undefined,
    ]);
    return checkNames(automation, { tasks, agents, commands: known });
  };
}

/** Undefined: no server could be asked. */
async function listAgents(
  { offers }: Stores,
  directories: readonly string[] = workspaceDirectories(),
): Promise<readonly string[] | undefined> {
  const offered = directories.flatMap((directory) => offers.known(directory) ?? []);
  if (offered.length < directories.length || directories.length === 0) return undefined;
  return [...new Set(offered.flatMap(({ agents }) => choosableAgents(agents).map(({ name }) => name)))];
}

/** Says once in a window that a workspace brought something that waits for a person. */
function tellOfUnapproved(list: AutomationList, notify: Notify): { dispose(): void } {
  const told = new Set<string>();
  return list.onDidChange(() => {
    const waiting = list
      .all()
      .filter(
        ({ entry, standing }) =>
          isOfWorkspace(entry) && (standing === 'unapproved' || standing === 'changed'),
      );
    const news = waiting.filter(({ entry }) => !told.has(entry.id));
    for (const { entry } of news) told.add(entry.id);
    if (news.length === 0) return;
    notify({
      message: l10n.t(
        'This workspace brings automations that do not run until you approve them: {0}.',
        news.map(({ entry }) => entry.name).join(', '),
      ),
      actions: [{ title: l10n.t('Show Automations'), command: 'opencodeSessions.automations.show' }],
    });
  });
}

function keepPausedKey(list: AutomationList, log: Log): { dispose(): void } {
  let known: boolean | undefined;
  return list.onDidChange(() => {
    if (known === list.isPaused) return;
    known = list.isPaused;
    setContextKey('opencodeSessions.hasPausedAutomations', known).catch((error: unknown) =>
      log.warn('A context key was not set.', error),
    );
  });
}

export type AutomationCommandId = Extract<CommandId, `opencodeSessions.automation${string}`>;

export interface AutomationCommandsInput {
  readonly stores: Stores;
  readonly views: Pick<Views, 'sessionsView'>;
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
