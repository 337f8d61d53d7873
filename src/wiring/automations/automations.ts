import { join } from 'node:path';
import { commands, Disposable } from 'vscode';
import type { AutomationEntry, AutomationFault } from '../../core/automations/automation.ts';
import { checkNames } from '../../core/automations/checkNames.ts';
import { Happenings } from '../../core/automations/happenings.ts';
import type { Event } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import type { ServerSinks } from '../../core/ports/serverSinks.ts';
import type { WaitingPrompts } from '../../core/prompts/prompting.ts';
import { Problem } from '../../core/errors.ts';
import { type Attention, subagentsBelow } from '../../core/sessions/attention.ts';
import type { ElsewhereSessions } from '../../core/sessions/elsewhereSessions.ts';
import type { LastEnds } from '../../core/sessions/lastEnds.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { Hold } from '../../core/state/hold.ts';
import type { Offer, Offers } from '../../core/state/offers.ts';
import { type IdSource, makeMessageId } from '../../core/turns/messageId.ts';
import type { SessionLock } from '../../core/turns/sessionLock.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import { choosableAgents } from '../../core/turns/promptTarget.ts';
import { askWhetherToRun } from '../../editor/automations/askWhetherToRun.ts';
import { createAutomationActs } from '../../editor/automations/automationActs.ts';
import { registerAutomationCompletions } from '../../editor/automations/automationCompletions.ts';
import { AutomationDiagnostics } from '../../editor/automations/automationDiagnostics.ts';
import {
  automationSettings,
  onDidChangeAutomations,
  readAutomations,
} from '../../editor/automations/automationSettings.ts';
import { describeTasks, listTaskNames } from '../../editor/automations/automationTasks.ts';
import { setContextKey } from '../../editor/contextKeys.ts';
import type { EarlyViews } from '../../editor/earlyViews.ts';
import { startTimer } from '../../editor/timer.ts';
import { workspaceDirectories } from '../../editor/workspaceFolders.ts';
import { AutomationList } from '../../flows/automations/automationList.ts';
import { AutomationRuns } from '../../flows/automations/automationRuns.ts';
import { AutomationWatch } from '../../flows/automations/automationWatch.ts';
import { tellOfUnapproved } from '../../flows/automations/tellOfUnapproved.ts';
import { readRunCost } from '../../flows/automations/runCost.ts';
import type { SendStepPorts } from '../../flows/automations/sendStep.ts';
import { resolveTarget } from '../../flows/preparing/target.ts';
import type { Deliveries } from '../../flows/prompting/deliveries.ts';
import type { Relays } from '../../flows/relaying/relay.ts';
import { AutomationFiles } from '../../server/automationStore.ts';
import { AutomationsTree } from '../../views/automations/automationsTree.ts';

/** What is true, as far as automations ask for it. */
export interface AutomationStores {
  readonly sessions: SessionStore;
  readonly elsewhere: Pick<ElsewhereSessions, 'followed'>;
  readonly turns: SettledTurns;
  readonly attention: Attention;
  readonly lock: SessionLock;
  readonly offers: Offers;
  readonly ends: LastEnds;
}

export interface AutomationsInput {
  readonly stores: AutomationStores;
  readonly prompting: {
    readonly flow: {
      readonly openCode: OpenCode;
      readonly proof: Proof;
      readonly deliveries: Pick<Deliveries, 'isAboutToRun'>;
      readonly onDidGoLive: Event<void>;
      readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
      readonly ids: IdSource;
      readonly log: Log;
    };
  };
  readonly continuation: {
    readonly relays: Relays;
    readonly ports: Pick<SendStepPorts, 'gather' | 'handOff' | 'findForkPoint' | 'fork'>;
  };
  readonly connection: { readonly openCode: OpenCode };
  readonly waiting: Pick<WaitingPrompts, 'of'>;
  /** Passes the server's word on. */
  readonly told: Pick<ServerSinks, 'add'>;
  readonly earlyViews: Pick<EarlyViews, 'automations'>;
  /** Where the windows of this user keep what they share. */
  readonly storage: string;
  readonly hold: Hold;
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
  return new AutomationRuns({
    ...flow,
    ...continuation.ports,
    sessions: stores.sessions,
    relays: continuation.relays,
    resolveTarget: (session, wish) => resolveTarget({ ...stores, openCode: flow.openCode }, session, wish),
    mayWorkElsewhere: (sessionId) => stores.ends.mayWorkElsewhere(sessionId),
    acts: createAutomationActs(notify),
    store,
    list,
    window: makeMessageId(flow.ids),
    ask: askWhetherToRun,
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
function createFindUnknown(stores: AutomationStores): AutomationsRoom['findUnknown'] {
  return async ({ automation, origin }) => {
    if (automation === undefined) return [];
    const kinds = new Set(automation.steps.map(({ kind }) => kind));
    const isAgentNamed =
      automation.if.agent !== undefined ||
      automation.steps.some((step) => 'agent' in step && step.agent !== undefined);
    const directories = origin.kind === 'folder' ? [origin.directory] : workspaceDirectories();
    const [tasks, agents, known] = await Promise.all([
      kinds.has('task') && directories.length > 0 ? listTaskNames() : undefined,
      isAgentNamed ? listAgents(stores, directories) : undefined,
      kinds.has('command') ? commands.getCommands(true) : undefined,
    ]);
    return checkNames(automation, { tasks, agents, commands: known });
  };
}

/** Undefined: no server could be asked. */
async function listAgents(
  { offers }: AutomationStores,
  directories: readonly string[] = workspaceDirectories(),
): Promise<readonly string[] | undefined> {
  if (directories.length === 0) return undefined;
  try {
    // Where nobody looked at a session yet, nobody asked either.
    const offered = await Promise.all(
      directories.map(async (directory) => offers.known(directory) ?? offers.load(directory)),
    );
    return namesOf(offered);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function namesOf(offered: readonly Offer[]): readonly string[] {
  return [...new Set(offered.flatMap(({ agents }) => choosableAgents(agents).map(({ name }) => name)))];
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
