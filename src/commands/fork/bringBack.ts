import type { Cancellation } from '../../core/cancellation.ts';
import type { Draft } from '../../core/continuation/drafts/draft.ts';
import { describeSource, type DraftOrder } from '../../core/continuation/drafts/draftOrder.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import type { Gathered } from '../../core/continuation/gathered.ts';
import { buildFindings } from '../../core/continuation/relayContext.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { formatTime } from '../../core/figures.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { PromptPart } from '../../core/ports/openCode.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';
import { findingsText } from '../../core/prompts/sentByAgent.ts';
import type { Causation } from '../../core/prompts/delivery.ts';
import { titleById } from '../../core/sessions/sessionRow.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import { describeTarget, resolveDraftTarget } from '../../flows/preparing/draftTarget.ts';
import { findSource } from '../../flows/preparing/findSource.ts';
import type { GatherWish } from '../../flows/preparing/gatherSession.ts';
import { resolveTarget, type ResolveTargetDeps } from '../../flows/preparing/target.ts';
import type { MaySend } from '../../flows/prompting/askElsewhere.ts';
import { broughtBackMetadata } from '../../protocol/broughtBack.ts';
import { type Lineage, parseLineage } from '../../protocol/lineage.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';
import type { UnsentPrompts } from '../session/promptSession.ts';
import { findBroughtBack } from './findBroughtBack.ts';

export type FindingsOrder = Extract<DraftOrder, { verb: 'bringBack' }>;

export interface SendFindingsDeps extends ResolveTargetDeps, MaySend {
  readonly sessions: ChooseSessionDeps['sessions'] & ResolveTargetDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & ResolveTargetDeps['openCode'];
  /** Waits until the session has settled; resolves with the id of the message. */
  readonly tell: (
    request: PromptTarget & {
      readonly session: Session;
      readonly parts: readonly PromptPart[];
      readonly causation: Pick<Causation, 'source'>;
    },
    cancellation: Cancellation,
  ) => Promise<string>;
  readonly isBusy: (sessionId: string) => boolean;
  readonly runWithProgress: RunWithProgress;
  readonly notify: Notify;
}

export interface BringBackDeps extends ChooseSessionDeps, SendFindingsDeps {
  readonly sessions: SendFindingsDeps['sessions'];
  readonly openCode: SendFindingsDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'confirm'>;
  readonly drafts: Pick<Drafts, 'open'>;
  readonly unsent: UnsentPrompts;
  readonly gather: (sessionId: string, wish?: GatherWish) => Promise<Gathered>;
  readonly now: () => number;
}

/** A fork, as those know it who read what it found out. */
type Finder = Pick<Session, 'id' | 'title'> & { readonly time?: Session['time'] };

/**
 * Opens a draft of what a fork found out, with its files; sent, it stands at the end of the session that the fork came from,
 * whose agent reads it with the next turn. A text that is given is written there at once.
 */
export function bringBack(deps: BringBackDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const fork = await chooseSession(deps, argument, {
      title: l10n.t('Bring Findings Back'),
      suits: (session) => forkLineage(session) !== undefined,
      none: l10n.t('There is no fork to bring findings back from. Make one with “Fork Session Here”.'),
    });
    if (fork === undefined) return undefined;
    const source = await findForked(deps, fork);
    const { text } = given;
    if (text === undefined)
      return (await mayDraft(deps, fork, source)) ? draft(deps, fork, source) : undefined;
    if (text.trim() === '') throw new Problem(l10n.t('There is nothing to bring back: the text is empty.'));
    const key = unsentKey(fork.id);
    deps.unsent.set(key, text);
    const target = await resolveTarget(deps, source, {});
    if (!(await write(deps, source, fork, target, text))) return undefined;
    deps.unsent.set(key, undefined);
    return source.id;
  };
}

/** Writes what a draft says a fork found out at the end of the session that it came from. undefined: the person thought better of it. */
export async function sendFindings(
  deps: SendFindingsDeps,
  source: Session,
  order: FindingsOrder,
  written: Draft,
): Promise<string | undefined> {
  const target = await resolveDraftTarget(deps, source, written);
  // Also of a fork that is deleted meanwhile: what it found out is its source's.
  const fork = deps.sessions.get(order.forkId) ?? { id: order.forkId, title: order.forkTitle };
  return (await write(deps, source, fork, target, sentText(order, written.body))) ? source.id : undefined;
}

async function write(
  deps: SendFindingsDeps,
  source: Session,
  fork: Finder,
  target: PromptTarget,
  text: string,
): Promise<boolean> {
  const { sessions } = deps;
  const title = sessions.title(source);
  const found = findingsText({ text }, fork, source);
  if (
    (await findBroughtBack(deps.openCode, source, fork.id, fork.time?.created)).some(
      (one) => one.text === found,
    )
  ) {
    throw new Problem(l10n.t('Exactly this stands in “{0}” already; it is not written there twice.', title));
  }
  if (!(await deps.maySendTo(source))) return false;
  const part = { type: 'text' as const, text: found, metadata: broughtBackMetadata(fork.id) };
  await deps.runWithProgress(
    deps.isBusy(source.id)
      ? l10n.t('“{0}” is working; it gets the findings when the turn has settled', title)
      : l10n.t('Bringing findings back to “{0}”', title),
    (cancellation) =>
      deps.tell(
        { ...target, session: source, parts: [part], causation: { source: { session: fork.id } } },
        cancellation,
      ),
  );
  deps.notify({
    message: l10n.t(
      'The findings stand at the end of “{0}”; {1} reads them with the next turn.',
      title,
      target.agent,
    ),
    actions: [
      { title: l10n.t('Open Session'), command: 'opencodeSessions.session.open', arguments: [source.id] },
    ],
  });
  return true;
}

/** Where a fork came from, by its own word: what is only inferred is not acted on. */
function forkLineage(session: Session): Lineage | undefined {
  const lineage = parseLineage(session);
  return lineage?.kind === 'fork' ? lineage : undefined;
}

async function findForked(deps: BringBackDeps, fork: Session): Promise<Session> {
  // Of a fork that was made a moment ago, no event may have told yet that it is one.
  const lineage = forkLineage(fork) ?? forkLineage(await deps.openCode.getSession(fork.id));
  if (lineage === undefined) {
    throw new Problem(
      l10n.t(
        '“{0}” is no fork that was made here, so there is no session to bring findings back to.',
        deps.sessions.title(fork),
      ),
    );
  }
  try {
    return await findSource(deps, { sessionId: lineage.from });
  } catch (cause) {
    if (!(cause instanceof NotFoundProblem)) throw cause;
    throw new NotFoundProblem(
      l10n.t('The session that “{0}” was forked from is gone.', deps.sessions.title(fork)),
      { cause },
    );
  }
}

/** Asks first where the fork brought something back before. */
async function mayDraft(deps: BringBackDeps, fork: Session, source: Session): Promise<boolean> {
  const last = (await findBroughtBack(deps.openCode, source, fork.id, fork.time.created)).at(-1);
  if (last === undefined) return true;
  const { sessions } = deps;
  return deps.dialogs.confirm({
    message: l10n.t(
      'Findings of “{0}” were brought back before. Draft them once more?',
      sessions.title(fork),
    ),
    detail: l10n.t(
      'They stand in “{0}” since {1}. What you send then stands there beside them.',
      titleById(sessions, source.id),
      formatTime(last.created, deps.now()),
    ),
    action: l10n.t('Draft Again'),
  });
}

/** With a text that was to be brought back and did not arrive, else what the fork says of what it did itself. */
async function draft(deps: BringBackDeps, fork: Session, source: Session): Promise<string> {
  const { sessions, unsent } = deps;
  const kept = unsent.get(unsentKey(fork.id));
  const [target, found] = await Promise.all([
    resolveTarget(deps, source, {}),
    kept ?? deps.gather(fork.id, { own: true }).then(buildFindings),
  ]);
  const blank = l10n.t('What did “{0}” find out?', sessions.title(fork));
  await deps.drafts.open(
    {
      verb: 'bringBack',
      ...describeSource(sessions, source),
      forkId: fork.id,
      forkTitle: sessions.title(fork),
      blanks: [blank],
    },
    { ...describeTarget(target), source: source.id, body: found === '' ? blank : found },
    { hasOwnWords: kept !== undefined },
  );
  unsent.set(unsentKey(fork.id), undefined);
  return source.id;
}

/** Under this key stands what was typed to be brought back from a fork. */
function unsentKey(sessionId: string): string {
  return `bringBack:${sessionId}`;
}
