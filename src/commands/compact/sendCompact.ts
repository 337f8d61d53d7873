import type { Cancellation } from '../../core/cancellation.ts';
import { parseCompactDraft } from '../../core/continuation/drafts/compactDraft.ts';
import {
  buildLossReminder,
  type CompactionLoss,
  isLossless,
} from '../../core/continuation/compactionCheck.ts';
import type { Draft } from '../../core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../core/continuation/drafts/draftOrder.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import type { CompactStep } from '../../flows/compactAndContinue.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { ModelReference, Session } from '../../protocol/records.ts';
import { resolveDraftTarget } from '../../flows/preparing/draftTarget.ts';
import type { MaySend } from '../../flows/prompting/askElsewhere.ts';
import type { ResolveTargetDeps } from '../../flows/preparing/target.ts';

export type CompactOrder = Extract<DraftOrder, { verb: 'compact' }>;

export interface SendCompactDeps extends ResolveTargetDeps, MaySend {
  readonly sessions: ResolveTargetDeps['sessions'] & Pick<Sessions, 'title'>;
  readonly compact: (
    request: {
      readonly session: Session;
      readonly model: ModelReference;
      readonly guidance: string;
      readonly continuation?: PromptTarget & { readonly text: string };
    },
    onProgress: (step: CompactStep) => void,
    cancellation: Cancellation,
  ) => Promise<{ readonly loss: CompactionLoss }>;
  readonly openTranscript: (sessionId: string, how: 'pinned') => void;
  readonly runWithProgress: RunWithProgress;
  readonly notify: Notify;
}

/**
 * Compacts a session as the draft says, sends the prompt after it, and tells what the summary lost. undefined: the person
 * thought better of it.
 */
export async function sendCompact(
  deps: SendCompactDeps,
  session: Session,
  order: CompactOrder,
  draft: Draft,
): Promise<string | undefined> {
  const target = await resolveDraftTarget(deps, session, draft);
  if (!(await deps.maySendTo(session))) return undefined;
  // The draft closes by itself, minutes later: what is looked at then is this session, and not what the editor finds next.
  deps.openTranscript(session.id, 'pinned');
  const { guidance, message } = parseCompactDraft(sentText(order, draft.body));
  const { loss } = await deps.runWithProgress(
    l10n.t('Compacting “{0}”', deps.sessions.title(session)),
    (cancellation, report) =>
      deps.compact(
        {
          session,
          model: target.model,
          guidance,
          ...(message === '' ? {} : { continuation: { ...target, text: message } }),
        },
        (step) => report(describeStep(step)),
        cancellation,
      ),
  );
  if (!isLossless(loss)) deps.notify(describeLoss(session, deps.sessions.title(session), target, loss));
  return session.id;
}

function describeStep(step: CompactStep): string {
  switch (step) {
    case 'waiting':
      return l10n.t('waiting for the turn to settle');
    case 'exporting':
      return l10n.t('keeping a copy');
    case 'summarizing':
      return l10n.t('the model summarizes');
    case 'continuing':
      return l10n.t('sending what comes next');
  }
}

/** How many lost todos and files a notification names; all of them are sent. */
const shownLosses = 6;

function describeLoss({ id }: Session, title: string, target: PromptTarget, loss: CompactionLoss) {
  const missing = [...loss.todos.map(({ content }) => content), ...loss.files];
  const more = missing.length - shownLosses;
  const shown = [...missing.slice(0, shownLosses), ...(more > 0 ? [l10n.t('{0} more', more)] : [])];
  return {
    severity: 'warning',
    message: l10n.t('The summary of “{0}” leaves out: {1}', title, shown.join(', ')),
    actions: [
      {
        title: l10n.t('Send It'),
        command: 'opencodeSessions.session.relay',
        arguments: [{ sessionId: id, ...target, text: buildLossReminder(loss) }],
      },
    ],
  } as const;
}
