import { BusyProblem, Problem } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import { isTypedPrompt, verbatimText } from '../../core/continuation/conversation.ts';
import { buildComposerChoices } from '../../core/page/composerChoices.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { typedAsText } from '../../core/prompts/typedText.ts';
import { lostAttachments, promptAttachments } from '../../core/prompts/promptAttachments.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Offers } from '../../core/state/offers.ts';
import { connectRemedy } from '../../core/state/modelLack.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { isAnsweredWithNothing, judgeMessages, wasAnswered } from '../../core/turns/judgeMessages.ts';
import { withoutReverted } from '../../core/turns/standing.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { ComposerDraft } from '../../protocol/page/composer.ts';
import type { MessageWithParts, ModelReference, Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';
import { type Timer, untilStopped } from '../whenStopped.ts';

export interface RetrySessionDeps extends ChooseSessionDeps {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title' | 'status'>;
  readonly openCode: Pick<OpenCode, 'abortSession' | 'getSession' | 'listMessages' | 'listProviders'>;
  readonly offers: Pick<Offers, 'load'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'pickOne'>;
  /** What was typed of a command, and who was to answer it, by the id of the message that it became. */
  readonly typedCommand: (messageId: string) => Pick<ComposerDraft, 'text' | 'agent' | 'model'> | undefined;
  /** Whether a prompt would begin a turn of its own: nothing runs in the session, and nothing is on its way to it. */
  readonly isFree: (sessionId: string) => boolean;
  /** Something changed by which `isFree` may answer otherwise. */
  readonly onMayBeFree: Event<unknown>;
  readonly timer: Timer;
  /**
   * Sends the prompt that became the message `repeated` once more, as `findDraft` makes it; asked for again meanwhile, it
   * is the same act. What is not taken stands in the session's composer afterwards.
   */
  readonly sendAgain: (
    session: Session,
    repeated: string,
    findDraft: () => Promise<ComposerDraft>,
  ) => Promise<void>;
  /** Signs in to a provider; answers with its id, if it was signed in to. */
  readonly connectProvider: (argument: { readonly sessionId: string }) => Promise<unknown>;
}

/**
 * Sends the last prompt of a session once more, as a new message behind what came of the first one: with the same text,
 * files, agent and model, but for those that are named. Only where it was not answered, or with nothing. A run that waits to try again by
 * itself is stopped first.
 */
export function retrySession(deps: RetrySessionDeps): Command {
  return async (argument) => {
    const session = await choose(deps, argument, l10n.t('Retry'));
    if (session === undefined) return undefined;
    const { agent, model } = parseSessionArgument(argument);
    await retry(deps, session, await findPrompt(deps, session), { agent, model });
    return session.id;
  };
}

/** The same with another model, which the session goes on with. */
export function retryWithModel(deps: RetrySessionDeps): Command {
  return async (argument) => {
    const session = await choose(deps, argument, l10n.t('Retry with Other Model'));
    if (session === undefined) return undefined;
    // What cannot be sent again needs no model.
    const prompt = await findPrompt(deps, session);
    const { agent, model = await pickModel(deps, session) } = parseSessionArgument(argument);
    if (model === undefined) return undefined;
    await retry(deps, session, prompt, { agent, model });
    return session.id;
  };
}

function choose(deps: RetrySessionDeps, argument: unknown, title: string): Promise<Session | undefined> {
  return chooseSession(deps, argument, {
    title,
    none: l10n.t('There is no session here. Start one with “New Session…”.'),
  });
}

async function retry(
  deps: RetrySessionDeps,
  session: Session,
  { info: { id } }: MessageWithParts,
  named: Pick<ComposerDraft, 'agent' | 'model'>,
): Promise<void> {
  // What is stopped is stopped within the act: a second click meanwhile would stop what the first one has sent.
  await deps.sendAgain(session, id, async () => {
    await stopRetrying(deps, session.id);
    // An earlier click may have sent it meanwhile.
    const message = await findPrompt(deps, session);
    if (message.info.id !== id) {
      const title = deps.sessions.title(session);
      throw new Problem(
        l10n.t('“{0}” has a newer prompt by now, so the one before it was not sent again.', title),
      );
    }
    const draft = toDraft(message, session, deps.typedCommand(id));
    return { ...draft, ...withoutUndefined(named) };
  });
}

function isRetrying({ sessions }: Pick<RetrySessionDeps, 'sessions'>, sessionId: string): boolean {
  return sessions.status(sessionId).type === 'retry';
}

/** Stops a run that waits to try again, and waits until a prompt would begin a turn of its own. */
async function stopRetrying(deps: RetrySessionDeps, sessionId: string): Promise<void> {
  if (!isRetrying(deps, sessionId)) return;
  await deps.openCode.abortSession(sessionId);
  await untilStopped(() => deps.isFree(sessionId), deps.onMayBeFree, deps.timer);
}

/** The prompt that was not answered; throws a `Problem` where there is none. */
async function findPrompt(deps: RetrySessionDeps, session: Session): Promise<MessageWithParts> {
  const { sessions, openCode, isFree, typedCommand } = deps;
  if (!isFree(session.id) && !isRetrying(deps, session.id)) {
    throw new BusyProblem(l10n.t('The session is working, so there is nothing to retry yet.'), {
      remedy: {
        title: l10n.t('Stop Session'),
        command: 'opencodeSessions.session.abort',
        arguments: [{ sessionId: session.id }],
      },
    });
  }
  const messages = await loadMessagesBack(openCode, session.id, (loaded) =>
    withoutReverted(loaded, session.revert).some(isTypedPrompt),
  );
  const standing = withoutReverted(messages, session.revert);
  const prompt = standing.findLast(isTypedPrompt);
  const outcome = judgeMessages(standing);
  const title = sessions.title(session);
  if (prompt === undefined || outcome === undefined) {
    throw new Problem(l10n.t('Nothing was asked in “{0}” yet, so there is nothing to retry.', title));
  }
  // What failed or was stopped last may be something else, e.g. a compaction.
  const isAnswered = outcome.kind === 'settled' || wasAnswered(standing, prompt.info.id);
  if (isAnswered && !isAnsweredWithNothing(standing, prompt.info.id)) {
    throw new Problem(l10n.t('The last prompt in “{0}” was answered, so there is nothing to retry.', title));
  }
  if (typedCommand(prompt.info.id) === undefined) assertRepeatable(prompt, session, title);
  return prompt;
}

/** Throws a `Problem` where something of a prompt would not be sent with it once more. */
function assertRepeatable(message: MessageWithParts, { directory }: Session, title: string): void {
  if (message.parts.some(({ type }) => type === 'subtask')) {
    throw new Problem(
      l10n.t('The last prompt in “{0}” is a command that was typed elsewhere. Type it once more.', title),
    );
  }
  const lost = lostAttachments(message, directory);
  if (lost.length === 0) return;
  throw new Problem(
    l10n.t(
      'The last prompt in “{0}” came with {1}, which cannot be sent again from here, so nothing was sent.',
      title,
      lost.map((name) => `“${name}”`).join(', '),
    ),
  );
}

/**
 * A command is sent to whom it was given: what answered it may be an agent and a model of its own, which nobody chose
 * for what comes after it.
 */
function toDraft(
  message: MessageWithParts,
  session: Session,
  typed: ReturnType<RetrySessionDeps['typedCommand']>,
): ComposerDraft {
  const { info } = message;
  const attachments = promptAttachments(message, session.directory);
  return withoutUndefined({
    // Only what is known to have been a command may run as one.
    text: typedAsText(verbatimText(message)),
    agent: info.agent || undefined,
    model: info.role === 'user' ? info.model : undefined,
    attachments: attachments.length > 0 ? attachments : undefined,
    ...typed,
  });
}

/** The last row signs in to a provider, whose models are among the others then. */
async function pickModel(
  { dialogs, offers, openCode, sessions, connectProvider }: RetrySessionDeps,
  session: Session,
): Promise<ModelReference | undefined> {
  const offer = await offers.load(session.directory);
  let { providers } = offer;
  for (;;) {
    const { models } = buildComposerChoices({ ...offer, providers }, session, { sessions });
    const picked = await dialogs.pickOne<ModelReference | 'connect'>(l10n.t('Retry with Which Model?'), [
      ...models.map(({ name, provider, providerID, modelID }) => ({
        label: name,
        description: provider,
        value: { providerID, modelID },
      })),
      { label: connectRemedy().title, icon: 'sign-in', value: 'connect' },
    ]);
    if (picked !== 'connect') return picked;
    if ((await connectProvider({ sessionId: session.id })) === undefined) return undefined;
    // Word that the folder offers something else may still be on its way.
    providers = await openCode.listProviders(session.directory);
  }
}
