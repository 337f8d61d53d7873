import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Attachment } from '../../protocol/page/composer.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

/** Puts text and attachments into the composer of a session. */
export type InsertIntoComposer = (
  sessionId: string,
  text: string,
  attachments?: readonly Attachment[],
) => void;

export interface AddSelectionDeps extends ChooseSessionDeps {
  /** What is selected in the text editor, or its whole file; undefined where none is open. */
  readonly readSelection: () => Attachment | undefined;
  readonly insertIntoComposer: InsertIntoComposer;
}

/** Puts what is selected in the text editor beside the prompt that is being written. */
export function addSelection(deps: AddSelectionDeps): Command {
  return async (argument) => {
    const selection = deps.readSelection();
    if (selection === undefined) {
      throw new Problem(l10n.t('No text editor is open. Open the file that the prompt is about.'));
    }
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Add Selection to Prompt'),
      none: l10n.t('There is no session to prompt. Start one with “New Session…”.'),
    });
    if (session === undefined) return undefined;
    deps.insertIntoComposer(session.id, '', [selection]);
    return session.id;
  };
}
