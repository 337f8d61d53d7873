import {
  type Approach,
  parseApproaches,
  printApproaches,
} from '../../core/continuation/drafts/approaches.ts';
import type { Draft } from '../../core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../core/continuation/drafts/draftOrder.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { Problem, UncertainProblem, UndeliveredProblem, sentenceOf } from '../../core/errors.ts';
import { forkTitle, type ForkPoint } from '../../core/turns/fork.ts';
import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';
import type { ForkRequest } from '../../flows/forkApproaches.ts';
import { resolveDraftTarget } from '../../flows/preparing/draftTarget.ts';
import type { ResolveTargetDeps } from '../../flows/preparing/target.ts';
import { nextForkTitle, siblingTitles, sourceTitle } from '../../flows/preparing/forkTitles.ts';

export interface MakeForkDeps {
  readonly sessions: Pick<Sessions, 'title'>;
  readonly dialogs: Pick<Dialogs, 'inform'>;
  readonly findForkPoint: (
    source: Session,
    messageId: string | undefined,
  ) => Promise<{ readonly point: ForkPoint; readonly shortened: boolean }>;
  /** Forks once for each wish, side by side; a fork that could not be made says why. */
  readonly fork: (
    source: Session,
    point: ForkPoint,
    wishes: readonly ForkRequest[],
  ) => Promise<
    readonly ({ readonly session: Session } | { readonly request: ForkRequest; readonly error: unknown })[]
  >;
  readonly openTranscript: (sessionId: string, how: 'pinned') => void;
}

export interface SendForkDeps extends MakeForkDeps, ResolveTargetDeps {
  readonly sessions: MakeForkDeps['sessions'] & ResolveTargetDeps['sessions'];
}

export interface SendApproachesDeps extends SendForkDeps {
  readonly drafts: Pick<Drafts, 'open'>;
  readonly notify: Notify;
}

export type ForkOrder = Extract<DraftOrder, { verb: 'fork' }>;
export type ForkManyOrder = Extract<DraftOrder, { verb: 'forkMany' }>;

/** Forks a session with the text of the draft and opens the fork. */
export async function sendFork(
  deps: SendForkDeps,
  source: Session,
  order: ForkOrder,
  draft: Draft,
): Promise<string> {
  const target = await resolveDraftTarget(deps, source, draft);
  const title = draft.title ?? nextForkTitle(deps.sessions, source);
  const prompt = { ...target, text: sentText(order, draft.body) };
  return forkAndOpen(deps, source, order.messageId, { title, name: draft.title ?? '', prompt });
}

/** Forks a session, whole or up to a message, and opens the fork; answers with its id. */
export async function forkAndOpen(
  deps: MakeForkDeps,
  source: Session,
  messageId: string | undefined,
  wish: ForkRequest,
): Promise<string> {
  const { forks, failures } = await makeForks(deps, source, messageId, [wish]);
  const [fork] = forks;
  if (fork === undefined) {
    const cause = failures[0]?.error;
    // The fork is there; what is said of it says so.
    if (cause instanceof UncertainProblem || cause instanceof UndeliveredProblem) throw cause;
    throw new Problem(l10n.t('“{0}” was not forked. {1}', deps.sessions.title(source), sentenceOf(cause)), {
      cause,
    });
  }
  deps.openTranscript(fork.id, 'pinned');
  return fork.id;
}

/**
 * Starts one fork for each approach of the draft and opens the first one. Those that could not be started stand
 * in a draft of their own afterwards, so that sending it again starts none twice.
 */
export async function sendApproaches(
  deps: SendApproachesDeps,
  source: Session,
  order: ForkManyOrder,
  draft: Draft,
): Promise<string> {
  const target = await resolveDraftTarget(deps, source, draft);
  const approaches = parseApproaches(draft.body);
  const sent = approaches.map((approach) => ({ ...approach, prompt: sentText(order, approach.prompt) }));
  const wishes = nameForks(deps, source, target, sent);
  const { forks, failures } = await makeForks(deps, source, order.messageId, wishes);
  const [first] = forks;
  if (first === undefined) throw describeFailures(deps.sessions.title(source), wishes.length, failures);
  deps.openTranscript(first.id, 'pinned');
  if (failures.length > 0) {
    const failed = new Set(failures.map(({ request }) => wishes.indexOf(request)));
    const left = approaches.flatMap((approach, index) =>
      failed.has(index) ? { ...approach, forkTitle: wishes[index]?.title ?? approach.title } : [],
    );
    await draftAgain(deps, order, draft, left);
    deps.notify({
      severity: 'warning',
      message: describeFailures(deps.sessions.title(source), wishes.length, failures).message,
      actions: [],
    });
  }
  return first.id;
}

/** One that did not begin, as it stands in the draft, with the title that its fork was to have. */
type FailedApproach = Approach & { readonly forkTitle: string };

/** One alone is no choice between approaches, but a fork with a prompt. */
async function draftAgain(
  { drafts }: Pick<SendApproachesDeps, 'drafts'>,
  order: ForkManyOrder,
  draft: Draft,
  left: readonly FailedApproach[],
): Promise<void> {
  const [first, ...others] = left;
  if (first === undefined || others.length > 0) {
    await drafts.open(order, { ...draft, body: printApproaches(left) }, { hasOwnWords: true });
    return;
  }
  await drafts.open(
    { ...order, verb: 'fork' },
    { ...draft, title: first.forkTitle, body: first.prompt },
    { hasOwnWords: true },
  );
}

function nameForks(
  { sessions }: SendForkDeps,
  source: Session,
  { agent, model }: PromptTarget,
  approaches: readonly Approach[],
): readonly ForkRequest[] {
  const taken = new Set(siblingTitles(sessions, source));
  const called = sourceTitle(sessions, source);
  return approaches.map(({ title, prompt }, index) => {
    const before = approaches.slice(0, index).filter((other) => other.title === title).length;
    const wanted = `${called}: ${title}`;
    const free = taken.has(wanted) ? forkTitle(wanted, [...taken]) : wanted;
    taken.add(free);
    return {
      title: free,
      name: before === 0 ? wanted : `${wanted} ${before + 1}`,
      prompt: { agent, model, text: prompt },
    };
  });
}

interface FailedFork {
  readonly request: ForkRequest;
  readonly error: unknown;
}

async function makeForks(
  deps: MakeForkDeps,
  source: Session,
  messageId: string | undefined,
  wishes: readonly ForkRequest[],
): Promise<{ readonly forks: readonly Session[]; readonly failures: readonly FailedFork[] }> {
  const { point, shortened } = await deps.findForkPoint(source, messageId);
  const results = await deps.fork(source, point, wishes);
  if (shortened) {
    deps.dialogs.inform(
      l10n.t('“{0}” is working, so the fork ends with its last finished turn.', deps.sessions.title(source)),
    );
  }
  return {
    forks: results.flatMap((result) => ('session' in result ? result.session : [])),
    failures: results.filter((result) => 'error' in result),
  };
}

/** Each says for itself whether it was made; of what is not known yet, nobody says that it did not begin. */
function describeFailures(source: string, count: number, failures: readonly FailedFork[]): Problem {
  const isOpen = ({ error }: FailedFork): boolean => error instanceof UncertainProblem;
  const open = failures.filter(isOpen);
  const failed = failures.filter((failure) => !isOpen(failure));
  const sentences = [
    failed.length > 0 &&
      l10n.t('{0} of {1} forks of “{2}” did not begin: {3}.', failed.length, count, source, namesOf(failed)),
    open.length > 0 &&
      l10n.t('Of these forks of “{0}” it is not known yet whether they began: {1}.', source, namesOf(open)),
    ...new Set(failures.map(({ error }) => sentenceOf(error))),
  ];
  const Kind = open.length > 0 ? UncertainProblem : Problem;
  return new Kind(sentences.filter(Boolean).join(' '), { cause: failures[0]?.error });
}

function namesOf(failures: readonly FailedFork[]): string {
  return failures.map(({ request }) => request.title).join(', ');
}
