import { describeSource } from '../../core/continuation/drafts/draftOrder.ts';
import type { Draft } from '../../core/continuation/drafts/draft.ts';
import { handOffBody } from '../../core/continuation/drafts/draftBody.ts';
import type { Gathered } from '../../core/continuation/gathered.ts';
import { handoffTitle } from '../../core/continuation/handoffTitle.ts';
import type { Review, ReviewedVerb } from '../../core/continuation/drafts/review.ts';
import { goingTodos } from '../../core/continuation/drafts/goingTodos.ts';
import { suggestGoal } from '../../core/continuation/suggestGoal.ts';
import { openTodos } from '../../core/continuation/todoDigest.ts';
import { plainLine } from '../../core/plainText.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { l10n } from '../../core/l10n.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { describeTarget } from '../../flows/preparing/draftTarget.ts';
import { gatherForVerb } from '../../flows/preparing/gatherForVerb.ts';
import { resolveTarget } from '../../flows/preparing/target.ts';
import { sendHandOff, type HandOffOrder, type SendHandOffDeps } from './sendHandOff.ts';
import { parseSessionArgument, type SessionArgument } from '../choosing/sessionArgument.ts';
import { type SummarizedHandOff, summarizeHandOff, type SummarizeHandOffDeps } from './summarizeDraft.ts';

export interface HandOffSessionDeps extends ChooseSessionDeps, SendHandOffDeps, SummarizeHandOffDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & SendHandOffDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'askText'>;
  readonly drafts: Pick<Drafts, 'open'>;
  readonly review: (verb: ReviewedVerb) => Review;
  readonly form: () => 'short' | 'long';
  /** Whether a model is asked for a summary without being told to. */
  readonly summarizes: () => boolean;
  /** Asks it for the draft of that id, which stands meanwhile. */
  readonly summarizeDraft: (draftId: string) => Promise<unknown>;
}

/** Writes what matters of a session for one that goes on afresh; the draft stands at once, without a model. */
export function handOffSession(deps: HandOffSessionDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const source = await chooseSession(deps, argument, {
      title: l10n.t('Hand Off to Fresh Session'),
      none: l10n.t('There is no session to hand off. Start one with “New Session…”.'),
    });
    if (source === undefined) return undefined;
    const prepared = prepare(deps, source, given);
    // The goal is asked meanwhile: a failure shows when the answer is there.
    const suggestion = prepared.then(
      ([{ gathered }]) => suggestGoal(gathered),
      () => '',
    );
    const goal = given.text ?? (await askGoal(deps, source, suggestion));
    if (goal === undefined) return undefined;
    const [{ gathered, template }, target] = await prepared;
    const isReviewed = deps.review('handOff') !== 'never';
    const { order, draft } = buildDraft({
      sessions: deps.sessions,
      source,
      gathered,
      target,
      goal,
      form: deps.form(),
      given,
      template,
      blankGoal: isReviewed ? goalQuestion() : undefined,
    });
    const hasOwnWords = goal.trim() !== '' && plainLine(goal) !== plainLine(await suggestion);
    if (!isReviewed) return sendAtOnce(deps, source, order, draft, hasOwnWords);
    const id = await deps.drafts.open(order, draft, { hasOwnWords });
    if (deps.summarizes()) await deps.summarizeDraft(id);
    return source.id;
  };
}

/** Sends what nobody reviews, with the summary where one is wished; without it, it is left as a draft to decide on. */
async function sendAtOnce(
  deps: HandOffSessionDeps,
  source: Session,
  order: HandOffOrder,
  draft: Draft,
  hasOwnWords: boolean,
): Promise<string | undefined> {
  if (!deps.summarizes()) return sendHandOff(deps, source, order, draft);
  let summarized: SummarizedHandOff;
  try {
    summarized = await summarizeHandOff(deps, source, order, draft);
  } catch (error) {
    await deps.drafts.open(order, draft, { hasOwnWords });
    throw error;
  }
  return sendHandOff(deps, source, summarized.order, summarized.draft);
}

function prepare(deps: HandOffSessionDeps, source: Session, { agent, model, messageId }: SessionArgument) {
  return Promise.all([
    gatherForVerb(deps, source, 'handOff', { upTo: messageId, git: deps.form() === 'long' }),
    resolveTarget(deps, source, { agent, model }),
  ]);
}

function buildDraft(from: {
  readonly sessions: Pick<Sessions, 'title'>;
  readonly source: Session;
  readonly gathered: Gathered;
  readonly target: PromptTarget;
  readonly goal: string;
  readonly form: 'short' | 'long';
  readonly given: SessionArgument;
  readonly template: string | undefined;
  /** Asks in the draft for the goal that was not said; undefined: nobody reads a draft. */
  readonly blankGoal: string | undefined;
}): { order: HandOffOrder; draft: Draft } {
  const { sessions, source, gathered, target, goal, form, given, template } = from;
  const { messageId } = given;
  const blankGoal = goal.trim() === '' ? from.blankGoal : undefined;
  const body = handOffBody(gathered, undefined, { goal, blankGoal, form, agent: target.agent }, template);
  const going = goingTodos(gathered.todos);
  const note = describeGap(gathered);
  return {
    order: {
      verb: 'handOff',
      ...describeSource(sessions, source),
      goal,
      form,
      todos: [...openTodos(gathered.todos)],
      ...(blankGoal !== undefined && { blanks: [blankGoal] }),
      ...(going && { going }),
      ...(messageId === undefined ? {} : { messageId }),
      ...(note === '' ? {} : { note }),
    },
    draft: {
      ...describeTarget(target),
      title: given.title ?? handoffTitle(source.title, gathered.conclusion ?? ''),
      source: source.id,
      body,
    },
  };
}

/** What of the session the draft does not know of, as sentences; empty where it knows all. */
function describeGap({ isPartial, hasLater }: Gathered): string {
  return [
    hasLater ? l10n.t('Ends with the chosen message; what came after it is left out.') : '',
    isPartial ? l10n.t('The session is very long: its beginning was not read.') : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function goalQuestion(): string {
  return l10n.t('What is the next session to reach?');
}

function askGoal(
  { dialogs, sessions }: Pick<HandOffSessionDeps, 'dialogs' | 'sessions'>,
  source: Session,
  suggestion: Promise<string>,
) {
  return dialogs.askText({
    title: l10n.t('Hand Off “{0}”', sessions.title(source)),
    suggestion,
    placeholder: goalQuestion(),
    prompt: l10n.t('Leave it empty to hand off everything as it stands.'),
  });
}
