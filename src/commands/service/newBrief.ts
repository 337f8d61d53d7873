import { l10n } from '../../core/l10n.ts';
import { findSource, type FindSourceDeps } from '../../flows/preparing/findSource.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';
import { chooseFolder, type ChooseFolderDeps, findFolder } from './chooseFolder.ts';
import { chooseServiceSession, type ChooseServiceSessionDeps } from './chooseServiceSession.ts';
import { draftBrief, type DraftBriefDeps } from './draftBrief.ts';

export interface NewBriefDeps extends ChooseFolderDeps, ChooseServiceSessionDeps, DraftBriefDeps {
  readonly openCode: ChooseServiceSessionDeps['openCode'] &
    DraftBriefDeps['openCode'] &
    FindSourceDeps['openCode'];
  readonly sessions: ChooseServiceSessionDeps['sessions'] &
    DraftBriefDeps['sessions'] &
    FindSourceDeps['sessions'];
}

/** Opens a brief: for the session that was named, else for one of a folder that a person picks, or a fresh one there. */
export function newBrief(deps: NewBriefDeps): Command {
  return async (argument) => {
    const sessionId = readSession(argument);
    if (sessionId !== undefined) {
      const session = await findSource(deps, { sessionId });
      return draftBrief(deps, await findFolder(deps, session.directory), session);
    }
    const folder = await chooseFolder(deps, argument, l10n.t('Brief for Which Folder?'));
    if (folder === undefined) return undefined;
    const choice = await chooseServiceSession(deps, folder);
    return choice && draftBrief(deps, folder, choice.session);
  };
}

/** A row of a session, its id or an object that names it. A folder, in the explorer or the tree, names none. */
function readSession(argument: unknown): string | undefined {
  if (typeof argument === 'object' && argument !== null && !('sessionId' in argument)) return undefined;
  return parseSessionArgument(argument).sessionId;
}
