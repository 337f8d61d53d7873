import { ownText } from '../../core/continuation/conversation.ts';
import { buildSessionMarkdown } from '../../core/export/sessionMarkdown.ts';
import { toSections } from '../../core/export/toSection.ts';
import { turnAround } from '../../core/export/turnAround.ts';
import { l10n } from '../../core/l10n.ts';
import { buildMessageLink } from '../../core/transcript/messageLink.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { chooseMessage, type ChooseMessageDeps } from '../choosing/chooseMessage.ts';
import type { Command } from '../command.ts';

export interface CopyMessageDeps extends ChooseMessageDeps {
  readonly copy: (text: string) => Promise<void>;
}

/** Copies what a message says, as the Markdown that it was written in. */
export function copyMessage(deps: CopyMessageDeps): Command {
  return async (argument) => {
    const chosen = await chooseMessage(deps, argument, purpose(l10n.t('Copy Message as Markdown')));
    if (chosen !== undefined) await deps.copy(ownText(chosen.message));
    return chosen?.session.id;
  };
}

/** Copies the prompt that a message belongs to, with all that answers it, as Markdown. */
export function copyTurn(deps: CopyMessageDeps): Command {
  return async (argument) => {
    const chosen = await chooseMessage(deps, argument, purpose(l10n.t('Copy Turn as Markdown')));
    if (chosen === undefined) return undefined;
    const { session, message } = chosen;
    const { id } = message.info;
    const messages = await loadMessagesBack(
      deps.openCode,
      session.id,
      (loaded) => turnAround(loaded, id) !== undefined,
    );
    // Of a session that begins with an answer, as one that was cut, that is all there is.
    const turn = turnAround(messages, id) ?? [message];
    const sections = toSections(turn, session.directory);
    await deps.copy(buildSessionMarkdown({ sections, reverted: 0, isPartial: false }));
    return session.id;
  };
}

/** Copies an address that opens the transcript at the message. `scheme` is the editor's own. */
export function copyMessageLink(deps: CopyMessageDeps & { readonly scheme: string }): Command {
  return async (argument) => {
    const chosen = await chooseMessage(deps, argument, purpose(l10n.t('Copy Link to Message')));
    if (chosen === undefined) return undefined;
    const { session, message } = chosen;
    await deps.copy(buildMessageLink(deps.scheme, { sessionId: session.id, messageId: message.info.id }));
    return session.id;
  };
}

function purpose(title: string) {
  return { title, none: l10n.t('There is no session here. Start one with “New Session…”.'), answers: true };
}
