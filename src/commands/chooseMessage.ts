import { shorten } from '../core/continuation/shorten.ts';
import { ownText } from '../core/continuation/conversation.ts';
import type { Dialogs } from '../core/dialogs.ts';
import { NotFoundProblem, Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { OpenCode } from '../core/openCode.ts';
import type { MessageWithParts, Session } from '../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps, type SessionPurpose } from './chooseSession.ts';
import { loadMessagesBack } from '../core/transcript/messagesBack.ts';
import { parseSessionArgument } from './sessionArgument.ts';

export interface ChooseMessageDeps extends ChooseSessionDeps {
  readonly openCode: Pick<OpenCode, 'getSession' | 'listMessages'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'pickOne'>;
}

export interface ChosenMessage {
  readonly session: Session;
  readonly message: MessageWithParts;
  /** What came after it, in the order of time. */
  readonly later: readonly MessageWithParts[];
}

const labelLength = 80;

/** The message that a command is about: the one named, else the prompt that the user picks, latest first. */
export async function chooseMessage(
  deps: ChooseMessageDeps,
  argument: unknown,
  purpose: SessionPurpose,
): Promise<ChosenMessage | undefined> {
  const session = await chooseSession(deps, argument, purpose);
  if (session === undefined) return undefined;
  const { messageId } = parseSessionArgument(argument);
  const messages = await loadMessagesBack(deps.openCode, session.id, (loaded) =>
    loaded.some(({ info }) => (messageId === undefined ? info.role === 'user' : info.id === messageId)),
  );
  const chosenId = messageId ?? (await pickPrompt(deps, messages, purpose.title));
  if (chosenId === undefined) return undefined;
  const index = messages.findIndex(({ info }) => info.id === chosenId);
  const message = messages[index];
  if (message === undefined) {
    throw new NotFoundProblem(l10n.t('This message is no longer in the session. Choose another message.'));
  }
  return { session, message, later: messages.slice(index + 1) };
}

async function pickPrompt(
  { dialogs }: Pick<ChooseMessageDeps, 'dialogs'>,
  messages: readonly MessageWithParts[],
  title: string,
): Promise<string | undefined> {
  const prompts = messages
    .map((message) => ({ id: message.info.id, role: message.info.role, text: ownText(message) }))
    .filter(({ role, text }) => role === 'user' && text !== '');
  if (prompts.length === 0) throw new Problem(l10n.t('There is no prompt in this session yet.'));
  return dialogs.pickOne(
    title,
    prompts
      .toReversed()
      .map(({ id, text }) => ({ label: shorten(text, labelLength), icon: 'person', value: id })),
  );
}
