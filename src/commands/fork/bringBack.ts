import type { Cancellation } from '../../core/cancellation.ts';
import type { Gathered } from '../../core/continuation/gathered.ts';
import { buildFindings } from '../../core/continuation/relayContext.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { PromptPart } from '../../core/ports/openCode.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';
import { findingsText } from '../../core/prompts/sentByAgent.ts';
import type { Causation } from '../../core/prompts/delivery.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
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

export interface BringBackDeps extends ChooseSessionDeps, ResolveTargetDeps, MaySend {
  readonly sessions: ChooseSessionDeps['sessions'] & ResolveTargetDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & ResolveTargetDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'askText'>;
  readonly unsent: UnsentPrompts;
  readonly gather: (sessionId: string, wish?: GatherWish) => Promise<Gathered>;
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

/** Puts what a fork found out at the end of the session that it came from, whose agent reads it with the next turn. */
export function bringBack(deps: BringBackDeps): Command {
  return async (argument) => {
    const { sessions } = deps;
    const given = parseSessionArgument(argument);
    const fork = await chooseSession(deps, argument, {
      title: l10n.t('Bring Findings Back'),
      suits: (session) => forkLineage(session) !== undefined,
      none: l10n.t('There is no fork to bring findings back from. Make one with “Fork Session Here”.'),
    });
    if (fork === undefined) return undefined;
    const source = await findForked(deps, fork);
    const key = unsentKey(fork.id);
    const text = given.text ?? (await askFindings(deps, fork, source));
    if (text === undefined) return undefined;
    if (text.trim() === '') throw new Problem(l10n.t('There is nothing to bring back: the text is empty.'));
    deps.unsent.set(key, text);
    const target = await resolveTarget(deps, source, {});
    if (!(await deps.maySendTo(source))) return undefined;
    const part = {
      type: 'text' as const,
      text: findingsText({ text }, fork, source),
      metadata: broughtBackMetadata(fork.id),
    };
    await deps.runWithProgress(
      deps.isBusy(source.id)
        ? l10n.t('“{0}” is working; it gets the findings when the turn has settled', sessions.title(source))
        : l10n.t('Bringing findings back to “{0}”', sessions.title(source)),
      (cancellation) =>
        deps.tell(
          { ...target, session: source, parts: [part], causation: { source: { session: fork.id } } },
          cancellation,
        ),
    );
    deps.unsent.set(key, undefined);
    deps.notify({
      message: l10n.t(
        'The findings stand at the end of “{0}”; {1} reads them with the next turn.',
        sessions.title(source),
        target.agent,
      ),
      actions: [
        { title: l10n.t('Open Session'), command: 'opencodeSessions.session.open', arguments: [source.id] },
      ],
    });
    return source.id;
  };
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

/** With what was typed before, else what the fork says of itself in a few words. */
function askFindings(
  { sessions, dialogs, unsent, gather }: BringBackDeps,
  fork: Session,
  source: Session,
): Promise<string | undefined> {
  const key = unsentKey(fork.id);
  const kept = unsent.get(key);
  const suggestion = gather(fork.id, { own: true }).then(buildFindings, () => '');
  return dialogs.askText({
    title: l10n.t('Bring Findings Back to “{0}”', sessions.title(source)),
    prompt: l10n.t(
      'It stands at the end of the session; its agent reads it with the next turn and does not answer.',
    ),
    ...(kept === undefined ? { suggestion } : { value: kept }),
    validate: (text) => (text.trim() === '' ? l10n.t('Type something, or press Escape.') : undefined),
    onLeave: (text) => unsent.set(key, text.trim() === '' ? undefined : text),
  });
}

/** Under this key stands what was typed to be brought back from a fork. */
function unsentKey(sessionId: string): string {
  return `bringBack:${sessionId}`;
}
