import { groupByService } from '../../commands/service/groupByService.ts';
import { newBrief, type NewBriefDeps } from '../../commands/service/newBrief.ts';
import { sessionForFolder, type SessionForFolderDeps } from '../../commands/service/sessionForFolder.ts';
import { whenLive } from '../../commands/whenLive.ts';
import type { Log } from '../../core/log.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { OpenHow } from '../../core/sessions/openHow.ts';
import { readChangedSince } from '../../editor/gitState.ts';
import type { CommandTable } from '../../editor/registerCommands.ts';
import { wait } from '../../editor/timer.ts';
import { locateFolder } from '../../editor/services/locateFolder.ts';
import { directoryName, workspaceDirectories } from '../../editor/workspaceFolders.ts';
import type { CommandId } from '../../manifest.ts';
import { listTemplateFiles, readTemplateFile } from '../../server/templateFile.ts';
import type { Services } from './services.ts';

export type ServiceCommandId = Extract<
  CommandId,
  `opencodeSessions.${'session.forFolder' | 'brief.new' | 'sessions.groupByService' | 'sessions.ungroup'}`
>;

type ServiceDeps = SessionForFolderDeps & NewBriefDeps;

export interface ServiceCommandsInput {
  readonly stores: Pick<ServiceDeps, 'sessions' | 'offers' | 'proof'>;
  readonly services: Services;
  readonly connection: { readonly openCode: OpenCode; connect(): Promise<void> };
  readonly continuation: Pick<ServiceDeps, 'drafts'>;
  readonly dialogs: Dialogs;
  readonly openTranscript: (sessionId: string, how: OpenHow) => void;
  readonly startSession: (wish: { readonly directory: string }) => Promise<unknown>;
  readonly notify: Notify;
  readonly log: Log;
}

/** A session for each service, and the briefs that it is given. */
export function createServiceCommands({
  stores,
  services,
  connection,
  continuation,
  dialogs,
  openTranscript,
  startSession,
  notify,
  log,
}: ServiceCommandsInput): Pick<CommandTable, ServiceCommandId> {
  const { grouping, finder, followFolder } = services;
  const deps = {
    ...stores,
    openCode: connection.openCode,
    drafts: continuation.drafts,
    dialogs,
    grouping,
    followFolder,
    locateFolder,
    findServices: async () => finder.find(),
    directories: workspaceDirectories,
    directoryName,
    changedSince: async (directory: string, since: number) => readChangedSince(directory, since, log),
    briefTemplates: async (directory: string) =>
      (await listTemplateFiles(directory, 'brief')).map((name) => ({ name, directory })),
    readBriefTemplate: async ({ name, directory }: { readonly name: string; readonly directory: string }) =>
      readTemplateFile(directory, name),
    openTranscript,
    startSession,
    notify,
    now: Date.now,
    wait,
    log,
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.session.forFolder': live(sessionForFolder(deps)),
    'opencodeSessions.brief.new': live(newBrief(deps)),
    'opencodeSessions.sessions.groupByService': groupByService(deps, true),
    'opencodeSessions.sessions.ungroup': groupByService(deps, false),
  };
}
