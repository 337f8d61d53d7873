import { shorten } from '../../core/continuation/shorten.ts';
import { ownText } from '../../core/continuation/conversation.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps, type SessionPurpose } from './chooseSession.ts';
import { loadMessagesBack, pagesBack } from '../../core/transcript/messagesBack.ts';
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

export interface MessagePurpose extends SessionPurpose {
  /** Whether an answer suits it as a prompt does. */
  readonly answers: boolean;
}

const labelLength = 80;

/** The message that a command is about: the one named, else the one that the user picks. */
export async function chooseMessage(
  deps: ChooseMessageDeps,
  argument: unknown,
  purpose: MessagePurpose,
): Promise<ChosenMessage | undefined> {
  const session = await chooseSession(deps, argument, purpose);
  if (session === undefined) return undefined;
  const { messageId } = parseSessionArgument(argument);
  return messageId === undefined
    ? pickMessage(deps, session, purpose)
    : findMessage(deps, session, messageId);
}

async function findMessage(
  { openCode }: ChooseMessageDeps,
  session: Session,
  messageId: string,
): Promise<ChosenMessage> {
  const isIt = ({ info }: MessageWithParts) => info.id === messageId;
  const messages = await loadMessagesBack(openCode, session.id, (loaded) => loaded.some(isIt));
  const message = messages.find(isIt);
  if (message === undefined) {
    throw new NotFoundProblem(l10n.t('This message is no longer in the session. Choose another message.'));
  }
  return choose(session, messages, message);
}

/** Latest first; those that are further back are fetched when they are wished for. */
async function pickMessage(
  { openCode, dialogs }: ChooseMessageDeps,
  session: Session,
  { title, answers }: MessagePurpose,
): Promise<ChosenMessage | undefined> {
  const earlier: Choice<'earlier'> = {
    label: l10n.t('Earlier Messages…'),
    icon: 'history',
    value: 'earlier',
  };
  const messages: MessageWithParts[] = [];
  for await (const page of pagesBack(openCode, session.id)) {
    messages.unshift(...page.messages);
    const choices = messages.flatMap((message) => toChoices(message, answers)).toReversed();
    if (choices.length === 0) continue;
    const picked = await dialogs.pickOne<MessageWithParts | 'earlier'>(
      title,
      page.before === undefined ? choices : [...choices, earlier],
    );
    if (picked === undefined) return undefined;
    if (picked !== 'earlier') return choose(session, messages, picked);
  }
  throw new Problem(l10n.t('There is no prompt in this session yet.'));
}

/** A message as something to pick; nothing where it says nothing or does not suit. */
function toChoices(message: MessageWithParts, answers: boolean): Choice<MessageWithParts>[] {
  const { info } = message;
  const text = ownText(message);
  if (text === '' || (info.role === 'assistant' && !answers)) return [];
  const author = info.role === 'user' ? { icon: 'person' } : { icon: 'robot', description: info.agent };
  return [{ label: shorten(text, labelLength), ...author, value: message }];
}

function choose(
  session: Session,
  messages: readonly MessageWithParts[],
  message: MessageWithParts,
): ChosenMessage {
  return { session, message, later: messages.slice(messages.indexOf(message) + 1) };
}
