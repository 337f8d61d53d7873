import type { Dialogs } from '../../core/ports/dialogs.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { findPromptTarget } from '../../core/turns/promptTarget.ts';
import { createOnce, makingNow, type MakingPorts, type PlanPorts } from '../../flows/makeOnce.ts';
import { findRecentModel } from '../../flows/preparing/target.ts';
import type { ModelReference, Session } from '../../protocol/records.ts';
import type { Command } from '../command.ts';
import { sendPrompt, type SendPromptDeps, type UnsentPrompts } from './promptSession.ts';
import { parseSessionArgument, type SessionArgument } from '../choosing/sessionArgument.ts';

export interface NewSessionDeps extends SendPromptDeps {
  readonly unsent: UnsentPrompts;
  readonly openCode: SendPromptDeps['openCode'] & MakingPorts['openCode'];
  /** What a session is made with of which nobody may see the answer. */
  readonly making: Pick<PlanPorts, 'ids'> & Pick<MakingPorts, 'wait'>;
  /** The workspace folders, absolute. */
  readonly directories: () => readonly string[];
  /** Has what happens in a folder told to this window, and ends when it is. */
  readonly followFolder: (directory: string) => Promise<void>;
  /** What the window calls a folder. */
  readonly directoryName: (directory: string) => string;
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'askText'>;
  /** Shows a session with the cursor in its composer. */
  readonly focusPrompt: (sessionId: string) => void;
  /** The model for the next prompt of a session, where a person picked one, or a command has turned it to its own. */
  readonly pickedModel: (sessionId: string) => ModelReference | undefined;
}

/** Starts a session in a folder, with a first prompt if there is one, and opens it so that one goes on typing. */
export function newSession(deps: NewSessionDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const directory = given.directory ?? (await pickDirectory(deps));
    if (directory === undefined) return undefined;
    const text = given.text ?? (await askFirstPrompt(deps));
    if (text === undefined) return undefined;
    deps.unsent.set(newSessionKey, text);
    await deps.followFolder(directory);
    const session = await createSession(deps, directory, given);
    deps.unsent.set(newSessionKey, undefined);
    deps.focusPrompt(session.id);
    if (text.trim() !== '') await sendPrompt(deps, session, { ...given, text });
    return session.id;
  };
}

async function createSession(
  deps: Pick<NewSessionDeps, 'openCode' | 'offers' | 'sessions' | 'pickedModel' | 'making'>,
  directory: string,
  { title, agent, model }: SessionArgument,
): Promise<Session> {
  const { openCode, offers, sessions, pickedModel, making } = deps;
  const { agents, providers } = await offers.load(directory);
  const recentModel = findRecentModel(sessions.all(), directory, pickedModel);
  const target = findPromptTarget(
    { agent, model },
    { session: undefined, latestPrompt: undefined, agents, providers, recentModel },
  );
  const wanted = { directory, ...target, ...(title === undefined ? {} : { title }) };
  return createOnce({ openCode, sessions, ...making }, wanted, makingNow({ sessions, ...making }));
}

async function pickDirectory({
  directories,
  directoryName,
  dialogs,
}: Pick<NewSessionDeps, 'directories' | 'directoryName' | 'dialogs'>): Promise<string | undefined> {
  const all = directories();
  const [only] = all;
  if (only === undefined) {
    throw new Problem(l10n.t('A session works in a folder. Open a folder first.'), {
      remedy: { title: l10n.t('Open Folder…'), command: 'workbench.action.files.openFolder' },
    });
  }
  if (all.length === 1) return only;
  return dialogs.pickOne(
    l10n.t('New Session: In Which Folder?'),
    all.map((directory) => ({
      label: directoryName(directory),
      description: directory,
      icon: 'folder',
      value: directory,
    })),
  );
}

/** Under this key stands what was typed for a session that was not made. */
const newSessionKey = 'new';

function askFirstPrompt({ dialogs, unsent }: Pick<NewSessionDeps, 'dialogs' | 'unsent'>) {
  const kept = unsent.get(newSessionKey);
  return dialogs.askText({
    title: l10n.t('New Session'),
    placeholder: l10n.t('What should the agent do?'),
    prompt: l10n.t('Leave it empty to start without a prompt.'),
    ...(kept === undefined ? {} : { value: kept }),
    onLeave: (text) => unsent.set(newSessionKey, text.trim() === '' ? undefined : text),
  });
}
