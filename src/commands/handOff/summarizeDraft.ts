import type { Cancellation } from '../../core/cancellation.ts';
import { type Draft, parseDraft } from '../../core/continuation/drafts/draft.ts';
import { handOffBody } from '../../core/continuation/drafts/draftBody.ts';
import type { Extraction } from '../../core/continuation/extraction.ts';
import { readGoal } from '../../core/continuation/drafts/blanks.ts';
import { goingTodos } from '../../core/continuation/drafts/goingTodos.ts';
import { openTodos } from '../../core/continuation/todoDigest.ts';
import { handoffTitle } from '../../core/continuation/handoffTitle.ts';
import { isUnnamed } from '../../core/sessions/unnamed.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { Problem } from '../../core/errors.ts';
import type { ForkPoint } from '../../core/turns/fork.ts';
import { l10n } from '../../core/l10n.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';
import type { Command } from '../command.ts';
import { resolveDraftTarget } from '../../flows/preparing/draftTarget.ts';
import { findSource, type FindSourceDeps } from '../../flows/preparing/findSource.ts';
import { gatherForVerb, type GatherForVerbDeps } from '../../flows/preparing/gatherForVerb.ts';
import type { ResolveTargetDeps } from '../../flows/preparing/target.ts';
import type { HandOffOrder } from './sendHandOff.ts';

export interface SummarizeHandOffDeps extends ResolveTargetDeps, GatherForVerbDeps {
  readonly sessions: ResolveTargetDeps['sessions'] & Pick<Sessions, 'title'>;
  readonly findForkPoint: (
    source: Session,
    messageId: string | undefined,
  ) => Promise<{ readonly point: ForkPoint }>;
  readonly extract: (
    request: PromptTarget & {
      readonly source: Session;
      readonly point: ForkPoint;
      readonly goal: string;
    },
    cancellation: Cancellation,
  ) => Promise<Extraction>;
  readonly runWithProgress: RunWithProgress;
}

export interface SummarizeDraftDeps extends SummarizeHandOffDeps, FindSourceDeps {
  readonly sessions: SummarizeHandOffDeps['sessions'] & FindSourceDeps['sessions'];
  readonly openCode: SummarizeHandOffDeps['openCode'] & FindSourceDeps['openCode'];
  readonly drafts: Pick<Drafts, 'find' | 'revise'>;
}

/** Asks a model what the next session must know and writes it into the draft of a hand off, or beside an edited one. */
export function summarizeDraft(deps: SummarizeDraftDeps): Command {
  return async (argument) => {
    const written = await deps.drafts.find(argument);
    if (written?.order.verb !== 'handOff') {
      throw new Problem(l10n.t('A summary belongs to the draft of a hand off. Open one first.'));
    }
    const { id, order, text } = written;
    const source = await findSource(deps, order);
    const summarized = await summarizeHandOff(deps, source, order, parseDraft(text).draft);
    await deps.drafts.revise(id, summarized.order, summarized.draft);
    return order.sessionId;
  };
}

export interface SummarizedHandOff {
  readonly order: HandOffOrder;
  readonly draft: Draft;
}

/** The draft with what the model that it names says of the session; whoever waits may cancel it. */
export async function summarizeHandOff(
  deps: SummarizeHandOffDeps,
  source: Session,
  order: HandOffOrder,
  draft: Draft,
): Promise<SummarizedHandOff> {
  const target = await resolveDraftTarget(deps, source, draft);
  // It may have been written into the draft.
  const goal = readGoal(draft.body, order.blanks) ?? order.goal;
  const [{ gathered, template }, extraction] = await deps.runWithProgress(
    l10n.t(
      '{0} summarizes “{1}”',
      `${target.model.providerID}/${target.model.modelID}`,
      deps.sessions.title(source),
    ),
    async (cancellation) => {
      const { point } = await deps.findForkPoint(source, order.messageId);
      return Promise.all([
        gatherForVerb(deps, source, 'handOff', { upTo: order.messageId, git: order.form === 'long' }),
        deps.extract({ ...target, source, point, goal }, cancellation),
      ]);
    },
  );
  const body = handOffBody(
    gathered,
    extraction,
    { ...order, goal, blankGoal: order.blanks?.[0], agent: target.agent },
    template,
  );
  // A session without a title is named by what is said of it.
  const title = isUnnamed(source.title) && { title: handoffTitle(source.title, extraction.summary) };
  // The todos may be others than when it was drafted.
  const going = goingTodos(gathered.todos);
  return {
    order: { ...order, goal, todos: [...openTodos(gathered.todos)], going },
    draft: { ...draft, ...title, body },
  };
}
