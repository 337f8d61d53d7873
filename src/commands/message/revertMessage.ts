import { nameInFolder } from '../../core/changes/changedTurn.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { promptAttachments } from '../../core/prompts/promptAttachments.ts';
import { typedAsText } from '../../core/prompts/promptText.ts';
import { planRevert, type RevertedFile } from '../../core/transcript/revertPlan.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { ownText } from '../../core/continuation/conversation.ts';
import type { InsertIntoComposer } from '../session/addSelection.ts';
import { chooseMessage, type ChooseMessageDeps, type ChosenMessage } from '../choosing/chooseMessage.ts';
import type { Command } from '../command.ts';
import { confirmFiles, type ConfirmFilesDeps } from '../session/confirmFiles.ts';
import { requireIdle } from '../requireIdle.ts';

export interface RevertMessageDeps extends ChooseMessageDeps, Pick<ConfirmFilesDeps, 'showRevert'> {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title' | 'status'>;
  readonly openCode: Pick<OpenCode, 'getSession' | 'listMessages' | 'diffMessage' | 'revertSession'>;
  readonly insertIntoComposer: InsertIntoComposer;
  /** What was typed of a command, by the id of the message that it became. */
  readonly typedCommand: (messageId: string) => { readonly text: string } | undefined;
}

/**
 * Takes a prompt and all that came after it back, in the session and in the files. It can be undone until the
 * next prompt, which removes the messages for good.
 */
export function revertMessage(deps: RevertMessageDeps): Command {
  return async (argument) => (await revert(deps, argument, l10n.t('Revert to Here')))?.session.id;
}

/** Takes a prompt back as `revertMessage` does, and puts its text and its attachments into the composer to be sent anew. */
export function editAndResend(deps: RevertMessageDeps): Command {
  return async (argument) => {
    const reverted = await revert(deps, argument, l10n.t('Edit and Resend'));
    if (reverted === undefined) return undefined;
    const { session, message } = reverted;
    // Of a command the server keeps what became of it.
    const text = deps.typedCommand(message.info.id)?.text ?? typedAsText(ownText(message));
    deps.insertIntoComposer(session.id, text, promptAttachments(message, session.directory));
    return session.id;
  };
}

async function revert(
  deps: RevertMessageDeps,
  argument: unknown,
  title: string,
): Promise<ChosenMessage | undefined> {
  const chosen = await chooseMessage(deps, argument, {
    title,
    none: l10n.t('There is no session here. Start one with “New Session…”.'),
    answers: false,
  });
  if (chosen === undefined) return undefined;
  const { session, message } = chosen;
  if (message.info.role !== 'user') {
    throw new Problem(
      l10n.t('Only a prompt of yours can be taken back. Choose the prompt before this answer.'),
    );
  }
  requireIdle(deps, session);
  const files = await concernedFiles(deps.openCode, chosen);
  const description = l10n.t('{0} messages, {1} files', chosen.later.length + 1, files.length);
  const act = { title, icon: 'discard', description };
  if (!(await confirmFiles(deps, act, session.directory, files))) return undefined;
  requireIdle(deps, session);
  await deps.openCode.revertSession(session.id, message.info.id);
  return chosen;
}

async function concernedFiles(
  openCode: Pick<OpenCode, 'diffMessage'>,
  { session, message, later }: ChosenMessage,
): Promise<readonly RevertedFile[]> {
  const prompts = [message, ...later].filter(({ info }) => info.role === 'user');
  const diffs = await Promise.all(prompts.map(({ info }) => openCode.diffMessage(session.id, info.id)));
  return planRevert(diffs).map(({ file, ...change }) => ({ ...change, file: nameInFolder(session, file) }));
}
