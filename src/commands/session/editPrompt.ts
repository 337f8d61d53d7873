import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Lending } from '../../core/prompts/prompting.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { ComposerDraft } from '../../protocol/page/composer.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';

export interface EditPromptDeps extends ChooseSessionDeps {
  /** Moves the prompt of a session into a document, from the composer that shows it, where one does. */
  readonly lendPrompt: (sessionId: string) => Promise<void>;
  /** Shows what is kept of the prompt of a session, to be read and copied. */
  readonly showPrompt: (sessionId: string) => Promise<void>;
}

export interface LentPromptDeps {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly lent: Pick<Lending, 'find' | 'has' | 'takeBack' | 'send'>;
  /** Shows a session with the cursor in its composer. */
  readonly focusPrompt: (sessionId: string) => void;
  readonly sendTyped: (sessionId: string, draft: ComposerDraft) => Promise<unknown>;
}

/** Moves the prompt that is being written into a document of the editor. */
export function editPromptInEditor(deps: EditPromptDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument).sessionId;
    const sessionId = given ?? (await chooseEdited(deps))?.id;
    if (sessionId === undefined) return undefined;
    // What was written for a session that is gone has no composer to go back to.
    if (deps.sessions.get(sessionId) === undefined) await deps.showPrompt(sessionId);
    else await deps.lendPrompt(sessionId);
    return sessionId;
  };
}

/** Moves a prompt back from its document. */
export function backToComposer({ lent, sessions, focusPrompt }: LentPromptDeps): Command {
  return async (argument) => {
    const sessionId = findLent(lent, argument);
    if (sessions.get(sessionId) === undefined) {
      throw new Problem(
        l10n.t('The session of this prompt is not there any more. Copy the text to where you need it.'),
      );
    }
    await lent.takeBack(sessionId);
    focusPrompt(sessionId);
    return sessionId;
  };
}

/** Sends a prompt from its document, as its composer would. */
export function sendFromEditor({ lent, focusPrompt, sendTyped }: LentPromptDeps): Command {
  return async (argument) => {
    const sessionId = findLent(lent, argument);
    await lent.send(sessionId, (draft) => sendTyped(sessionId, draft));
    focusPrompt(sessionId);
    return sessionId;
  };
}

const chooseEdited = (deps: EditPromptDeps) =>
  chooseSession(deps, undefined, {
    title: l10n.t('Edit Prompt in Editor'),
    none: l10n.t('There is no session here. Start one with “New Session…”.'),
  });

/** The session whose prompt stands in the document, or that is named. */
function findLent(lent: Pick<Lending, 'find' | 'has'>, argument: unknown): string {
  const shown = lent.find(argument);
  if (shown !== undefined) return shown;
  const named = isNamed(argument) ? parseSessionArgument(argument).sessionId : undefined;
  if (named !== undefined && lent.has(named)) return named;
  throw new Problem(l10n.t('No prompt stands in this editor. Move one there with “Edit Prompt in Editor”.'));
}

/** A button in the editor's title hands over the address of its document. */
function isNamed(argument: unknown): boolean {
  return (
    typeof argument === 'string' ||
    (typeof argument === 'object' && argument !== null && 'sessionId' in argument)
  );
}
