import type { Dialogs } from '../../core/ports/dialogs.ts';
import { NoModelProblem, Problem, sentenceOf } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { PromptTarget, TargetWish } from '../../core/turns/promptTarget.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';
import type { InsertIntoComposer } from './addSelection.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { resolveTarget, type ResolveTargetDeps } from '../../flows/preparing/target.ts';
import { parseSessionArgument, type SessionArgument } from '../choosing/sessionArgument.ts';

/** What was typed into a box that the person left, by session, so that nobody types it twice. */
export interface UnsentPrompts {
  get(sessionId: string): string | undefined;
  set(sessionId: string, text: string | undefined): void;
}

export interface SendPromptDeps extends ResolveTargetDeps {
  readonly sessions: ResolveTargetDeps['sessions'] & Pick<Sessions, 'title'>;
  /**
   * Sends a text to whoever is found to answer. What is not taken stands in the session's composer afterwards, and what
   * was thrown says why.
   */
  readonly sendText: (
    session: Session,
    draft: TargetWish & { readonly text: string },
    findTarget: () => Promise<PromptTarget>,
  ) => Promise<void>;
}

export interface PromptSessionDeps extends ChooseSessionDeps, SendPromptDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & SendPromptDeps['openCode'];
  readonly unsent: UnsentPrompts;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'askText'>;
  /** Whether a person has the composer of the session before their eyes. */
  readonly isVisible: (sessionId: string) => boolean;
  /** Puts the cursor into that composer. */
  readonly focusPrompt: (sessionId: string) => void;
  readonly insertIntoComposer: InsertIntoComposer;
}

/**
 * Sends a prompt to a session, with the agent and the model that it uses unless others are named. Without a text it is
 * asked for: in the composer where that is before the person's eyes, since it can do more than a box.
 */
export function promptSession(deps: PromptSessionDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Send Prompt'),
      none: l10n.t('There is no session to prompt. Start one with “New Session…”.'),
    });
    if (session === undefined) return undefined;
    if (given.text === undefined && deps.isVisible(session.id)) {
      goOnInComposer(deps, session);
      return session.id;
    }
    const text = given.text ?? (await askPrompt(deps, session));
    if (text === undefined) return undefined;
    // From here on it is kept with the session.
    deps.unsent.set(session.id, undefined);
    await sendPrompt(deps, session, { ...given, text });
    return session.id;
  };
}

/** Sends a prompt. If it is not taken, the text stands in the session's composer, which the problem offers to open. */
export async function sendPrompt(
  deps: SendPromptDeps,
  session: Session,
  { text, agent, model }: Pick<SessionArgument, 'agent' | 'model'> & { readonly text: string },
): Promise<void> {
  if (text.trim() === '') throw new Problem(l10n.t('The prompt is empty, so nothing was sent.'));
  const wish = { agent, model };
  try {
    await deps.sendText(session, { text, ...wish }, () => resolveTarget(deps, session, wish));
  } catch (cause) {
    throw new Problem(
      l10n.t(
        'Your prompt was not sent; it stands in the composer of “{0}”. {1}',
        deps.sessions.title(session),
        sentenceOf(cause),
      ),
      {
        cause,
        remedy: (cause instanceof NoModelProblem ? cause.remedy : undefined) ?? {
          title: l10n.t('Open Session'),
          command: 'opencodeSessions.session.open',
          arguments: [session.id],
        },
      },
    );
  }
}

/** What was typed into a box before goes along. */
function goOnInComposer(
  {
    unsent,
    focusPrompt,
    insertIntoComposer,
  }: Pick<PromptSessionDeps, 'unsent' | 'focusPrompt' | 'insertIntoComposer'>,
  { id }: Session,
): void {
  const typed = unsent.get(id);
  if (typed === undefined) return focusPrompt(id);
  unsent.set(id, undefined);
  insertIntoComposer(id, typed);
}

async function askPrompt(
  { sessions, dialogs, unsent }: Pick<PromptSessionDeps, 'sessions' | 'dialogs' | 'unsent'>,
  session: Session,
): Promise<string | undefined> {
  const kept = unsent.get(session.id);
  return dialogs.askText({
    title: l10n.t('Prompt to “{0}”', sessions.title(session)),
    placeholder: l10n.t('What should the agent do?'),
    ...(kept === undefined ? {} : { value: kept, prompt: l10n.t('This prompt was not sent yet.') }),
    validate: (text) => (text.trim() === '' ? l10n.t('Type a prompt, or press Escape.') : undefined),
    onLeave: (text) => unsent.set(session.id, text.trim() === '' ? undefined : text),
  });
}
