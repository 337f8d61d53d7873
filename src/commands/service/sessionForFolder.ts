import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import type { ServiceFolder } from '../../core/services/serviceFolders.ts';
import type { Session } from '../../protocol/records.ts';
import type { Command } from '../command.ts';
import { chooseFolder, type ChooseFolderDeps } from './chooseFolder.ts';
import { chooseServiceSession, type ChooseServiceSessionDeps } from './chooseServiceSession.ts';
import { draftBrief, type DraftBriefDeps } from './draftBrief.ts';

export interface SessionForFolderDeps extends ChooseFolderDeps, ChooseServiceSessionDeps, DraftBriefDeps {
  readonly openCode: ChooseServiceSessionDeps['openCode'] & DraftBriefDeps['openCode'];
  readonly sessions: ChooseServiceSessionDeps['sessions'] & DraftBriefDeps['sessions'];
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  /** Has what happens in a folder told to this window, and ends when it is. */
  readonly followFolder: (directory: string) => Promise<void>;
  /** Asks for a first prompt, makes a session and shows it; answers with its id. */
  readonly startSession: (wish: { readonly directory: string }) => Promise<unknown>;
  readonly openTranscript: (sessionId: string, how: 'pinned') => void;
}

/** Shows the sessions that belong to a folder, and begins a fresh one there or goes on in one, as a person decides. */
export function sessionForFolder(deps: SessionForFolderDeps): Command {
  return async (argument) => {
    const folder = await chooseFolder(deps, argument, l10n.t('OpenCode Session for Which Folder?'));
    if (folder === undefined) return undefined;
    const choice = await chooseServiceSession(deps, folder);
    if (choice === undefined) return undefined;
    const { session } = choice;
    return session === undefined ? begin(deps, folder) : goOn(deps, folder, session);
  };
}

async function begin(deps: SessionForFolderDeps, folder: ServiceFolder): Promise<unknown> {
  const way = await deps.dialogs.pickOne(l10n.t('Fresh Session for {0}', folder.name), [
    writeBrief(),
    {
      label: l10n.t('Type the First Prompt'),
      detail: l10n.t('Or leave it empty, and begin in the session itself.'),
      icon: 'comment',
      value: 'prompt' as const,
    },
  ]);
  if (way === undefined) return undefined;
  return way === 'brief' ? draftBrief(deps, folder) : deps.startSession({ directory: folder.directory });
}

async function goOn(
  deps: SessionForFolderDeps,
  folder: ServiceFolder,
  session: Session,
): Promise<string | undefined> {
  const way = await deps.dialogs.pickOne(l10n.t('Go On in “{0}”', deps.sessions.title(session)), [
    { label: l10n.t('Open It'), icon: 'comment-discussion', value: 'open' as const },
    writeBrief(),
  ]);
  if (way === undefined) return undefined;
  if (way === 'brief') return draftBrief(deps, folder, session);
  await deps.followFolder(session.directory);
  deps.openTranscript(session.id, 'pinned');
  return session.id;
}

function writeBrief(): Choice<'brief'> {
  return {
    label: l10n.t('Write a Brief'),
    detail: l10n.t('What is to be built, with endpoints, shapes and acceptance; it is sent from its editor.'),
    icon: 'note',
    value: 'brief',
  };
}
