import { type Draft, parseDraft } from '../../core/continuation/drafts/draft.ts';
import { describeSource, type DraftOrder } from '../../core/continuation/drafts/draftOrder.ts';
import type { Drafts, WrittenDraft } from '../../core/continuation/drafts/drafts.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import { nameSession } from '../../core/sessions/unnamed.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { findSource, type FindSourceDeps } from '../../flows/preparing/findSource.ts';
import type { Session } from '../../protocol/records.ts';
import type { InsertIntoComposer } from '../session/addSelection.ts';

export interface MoveDraftDeps extends FindSourceDeps {
  readonly sessions: FindSourceDeps['sessions'] & Pick<Sessions, 'all' | 'title'>;
  readonly drafts: Pick<Drafts, 'open' | 'mark' | 'remove'>;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  /** Makes a session and shows it; answers with its id. */
  readonly startSession: (wish: {
    readonly directory: string;
    readonly text: '';
    readonly agent?: string;
    readonly model?: NonNullable<Draft['model']>;
  }) => Promise<unknown>;
  readonly insertIntoComposer: InsertIntoComposer;
}

/** The session that a draft continues; undefined: it was deleted. */
export async function findLeftSource(deps: FindSourceDeps, order: DraftOrder): Promise<Session | undefined> {
  try {
    return await findSource(deps, order);
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}

/**
 * Takes a draft whose session is gone to a place that a person picks: to the draft of another session, or into the composer
 * of a new one. Nothing is sent there before it was seen there, and without an answer the draft stays.
 */
export async function moveDraft(deps: MoveDraftDeps, written: WrittenDraft): Promise<string | undefined> {
  const { drafts, dialogs } = deps;
  const { order } = written;
  const { draft } = parseDraft(written.text);
  const source = nameSession({ title: order.sessionTitle }, undefined);
  const target = await dialogs.pickOne(
    l10n.t('“{0}” was deleted. Where Should This Draft Go?', source),
    offerPlaces(deps, order),
  );
  if (target === undefined) {
    drafts.mark(
      written.id,
      l10n.t('“{0}” was deleted. Nothing is lost: send the draft again to choose where it goes.', source),
    );
    return undefined;
  }
  const sessionId =
    target === 'new' ? await composeInNew(deps, order, draft) : await draftFor(deps, target, order, draft);
  await drafts.remove(written.id, written.text);
  return sessionId;
}

function offerPlaces(
  { sessions }: Pick<MoveDraftDeps, 'sessions'>,
  { verb, directory }: DraftOrder,
): readonly Choice<Session | 'new'>[] {
  const others = sessions
    .all()
    .filter((session) => session.directory === directory && session.parentID === undefined)
    .filter((session) => !isArchived(session))
    .toSorted((a, b) => b.time.updated - a.time.updated);
  // Several prompts do not go into one composer.
  const isOne = verb !== 'chain' && verb !== 'forkMany';
  return [
    ...(isOne
      ? [
          {
            label: l10n.t('New Session'),
            detail: l10n.t('The text stands in its composer, to be sent from there.'),
            icon: 'add',
            value: 'new' as const,
          },
        ]
      : []),
    ...others.map((session) => ({
      label: sessions.title(session),
      icon: 'comment-discussion',
      group: l10n.t('To another session, as a draft'),
      value: session,
    })),
  ];
}

async function composeInNew(deps: MoveDraftDeps, order: DraftOrder, draft: Draft): Promise<string> {
  const { agent, model } = draft;
  const sessionId = await deps.startSession({
    directory: order.directory,
    text: '',
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
  });
  if (typeof sessionId !== 'string') {
    throw new Problem(l10n.t('No session was made. The draft stays as it is.'));
  }
  deps.insertIntoComposer(sessionId, promptOf(order, draft));
  return sessionId;
}

async function draftFor(
  { sessions, drafts }: Pick<MoveDraftDeps, 'sessions' | 'drafts'>,
  session: Session,
  order: DraftOrder,
  draft: Draft,
): Promise<string> {
  const { blanks, going } = order;
  const kept = { ...describeSource(sessions, session), blanks, going };
  const { title: _, ...rest } = draft;
  const moved = { ...rest, source: session.id };
  if (order.verb === 'chain' || order.verb === 'forkMany') {
    await drafts.open({ verb: order.verb, ...kept }, moved, { hasOwnWords: true });
  } else if (order.verb === 'brief') {
    await drafts.open({ verb: 'brief', ...kept }, moved, { hasOwnWords: true });
  } else await drafts.open({ verb: 'relay', ...kept }, moved, { hasOwnWords: true });
  return session.id;
}

/** All that the draft says, but for what nobody has written yet: a composer does not know it for a question. */
function promptOf(order: DraftOrder, { body }: Draft): string {
  const { blanks = [] } = order;
  return blanks.reduce((text, blank) => text.replaceAll(blank, ''), sentText(order, body)).trim();
}
