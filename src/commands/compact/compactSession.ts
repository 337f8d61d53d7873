import { describeSource } from '../../core/continuation/drafts/draftOrder.ts';
import { printCompactDraft } from '../../core/continuation/drafts/compactDraft.ts';
import { compactBody } from '../../core/continuation/drafts/draftBody.ts';
import { goingTodos } from '../../core/continuation/drafts/goingTodos.ts';
import { describeCompaction } from '../../core/continuation/headroom.ts';
import type { Review, ReviewedVerb } from '../../core/continuation/drafts/review.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { l10n } from '../../core/l10n.ts';
import { countLatest } from '../../core/sessions/contextUses.ts';
import { contextUse } from '../../core/sessions/usage.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { describeTarget } from '../../flows/preparing/draftTarget.ts';
import { gatherForVerb, type GatherForVerbDeps } from '../../flows/preparing/gatherForVerb.ts';
import { resolveTarget } from '../../flows/preparing/target.ts';
import { sendCompact, type SendCompactDeps } from './sendCompact.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface CompactSessionDeps extends ChooseSessionDeps, SendCompactDeps, GatherForVerbDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & SendCompactDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession'>;
  readonly drafts: Pick<Drafts, 'open'>;
  readonly review: (verb: ReviewedVerb) => Review;
  /** Whether a copy of the session is kept first. */
  readonly exports: () => boolean;
}

/** Shows what a compaction will do, with its guidance and what comes after it as a draft. */
export function compactSession(deps: CompactSessionDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Compact Session and Continue'),
      none: l10n.t('There is no session to compact.'),
    });
    if (session === undefined) return undefined;
    const [{ gathered, template }, target, preflight] = await Promise.all([
      gatherForVerb(deps, session, 'compact', {}),
      resolveTarget(deps, session, given),
      describePreflight(deps, session),
    ]);
    const guidance = compactBody(gathered, target.agent, template);
    const going = goingTodos(gathered.todos);
    const order = {
      verb: 'compact',
      ...describeSource(deps.sessions, session),
      ...(going && { going }),
      preflight,
    } as const;
    const draft = {
      ...describeTarget(target),
      source: session.id,
      body: printCompactDraft({ guidance, message: given.text ?? '' }),
    };
    if (deps.review('compact') === 'never') return sendCompact(deps, session, order, draft);
    await deps.drafts.open(order, draft, { hasOwnWords: (given.text ?? '').trim() !== '' });
    return session.id;
  };
}

async function describePreflight(
  { openCode, offers, exports }: Pick<CompactSessionDeps, 'openCode' | 'offers' | 'exports'>,
  session: Session,
): Promise<string> {
  const [{ messages }, { providers }] = await Promise.all([
    openCode.listMessages(session.id, { limit: 20 }),
    offers.load(session.directory),
  ]);
  const counted = countLatest(messages);
  const use = counted && contextUse(counted, providers);
  const copy = exports()
    ? l10n.t('A copy of the whole session is kept first.')
    : l10n.t('No copy is kept (setting).');
  return `${describeCompaction(use)} ${copy}`;
}
