import { nameInFolder } from '../../core/changes/changedTurn.ts';
import { Problem } from '../../core/errors.ts';
import { countFiles, countMessages } from '../../core/figures.ts';
import { l10n } from '../../core/l10n.ts';
import type { Notice, Notify } from '../../core/ports/notify.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { isEmptyDraft } from '../../core/prompts/composerDraft.ts';
import { promptAttachments } from '../../core/prompts/promptAttachments.ts';
import { typedAsText } from '../../core/prompts/typedText.ts';
import { planRevert, type RevertedFile } from '../../core/transcript/revertPlan.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { ownText } from '../../core/continuation/conversation.ts';
import type { ComposerDraft } from '../../protocol/page/composer.ts';
import type { InsertIntoComposer } from '../session/addSelection.ts';
import { chooseMessage, type ChooseMessageDeps, type ChosenMessage } from '../choosing/chooseMessage.ts';
import type { Command } from '../command.ts';
import { confirmFiles, type ConfirmFilesDeps } from '../session/confirmFiles.ts';
import { requireIdle } from '../requireIdle.ts';

export interface RevertMessageDeps extends ChooseMessageDeps, Pick<ConfirmFilesDeps, 'showRevert'> {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title' | 'status'>;
  readonly openCode: Pick<OpenCode, 'getSession' | 'listMessages' | 'diffMessage' | 'revertSession'>;
  readonly insertIntoComposer: InsertIntoComposer;
  /** What stands in the composer of a session. */
  readonly composerDraft: (sessionId: string) => ComposerDraft;
  readonly notify: Notify;
  /** The command that a prompt was typed as, by message id. */
  readonly typedCommand: (messageId: string) => { readonly text: string } | undefined;
}

/**
 * Takes a prompt and all that came after it back, in the session and in the files, and gives the prompt back to the
 * composer unless something stands there. It can be undone until the next prompt, which removes the messages for good.
 */
export function revertMessage(deps: RevertMessageDeps): Command {
  return async (argument) => {
    const reverted = await revert(deps, argument, l10n.t('Revert to Message'));
    if (reverted === undefined) return undefined;
    const { id } = reverted.session;
    if (isEmptyDraft(deps.composerDraft(id))) giveBack(deps, reverted);
    else deps.notify(describeKept(reverted));
    return id;
  };
}

/** Takes a prompt back as `revertMessage` does, and puts its text and its attachments into the composer to be sent anew. */
export function editAndResend(deps: RevertMessageDeps): Command {
  return async (argument) => {
    const reverted = await revert(deps, argument, l10n.t('Edit and Resend'));
    if (reverted === undefined) return undefined;
    giveBack(deps, reverted);
    return reverted.session.id;
  };
}

/** Puts a prompt into the composer in the words in which it was typed: a command is a text of its file for the server. */
function giveBack(
  deps: Pick<RevertMessageDeps, 'insertIntoComposer' | 'typedCommand'>,
  { session, message }: ChosenMessage,
): void {
  const text = deps.typedCommand(message.info.id)?.text ?? typedAsText(ownText(message));
  deps.insertIntoComposer(session.id, text, promptAttachments(message, session.directory));
}

function describeKept({ session, message }: ChosenMessage): Notice {
  const target = { sessionId: session.id, messageId: message.info.id };
  return {
    message: l10n.t(
      'The prompt was taken back. It was not put into the composer, where something else stands. The next prompt removes it for good.',
    ),
    actions: [
      { title: l10n.t('Copy Prompt'), command: 'opencodeSessions.message.copy', arguments: [target] },
      { title: l10n.t('Undo Revert'), command: 'opencodeSessions.session.unrevert', arguments: [target] },
    ],
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
  const description = [countMessages(chosen.later.length + 1), countFiles(files.length)].join(', ');
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
