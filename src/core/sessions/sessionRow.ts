import type { ChangesFigure } from '../../protocol/page/header.ts';
import type { Session } from '../../protocol/records.ts';
import { describeFigure, formatLines } from '../changes/changesFigure.ts';
import { activityLine } from '../activity.ts';
import { errorWords, runErrorWords } from '../errorWords.ts';
import { formatCost, formatWait } from '../figures.ts';
import { isolate } from '../isolate.ts';
import { l10n } from '../l10n.ts';
import { cutMiddle, plainLine } from '../plainText.ts';
import { relativeTime } from '../relativeTime.ts';
import { groupOf } from './related.ts';
import { type Inference, isArchived, type Origin, type SessionKind } from './sessionKind.ts';
import type { Outcome } from '../turns/outcome.ts';
import { describeCutOff, nameCutOff } from '../turns/outcomeText.ts';
import type { SessionState } from './sessionState.ts';
import { isUnnamed } from './unnamed.ts';
import { formatPercent, type ContextUse } from './usage.ts';

/** What a session does that works. */
export interface SessionActivity {
  /** When the run began, in milliseconds since 1970; absent where this window did not see that. */
  readonly since?: number;
  /** In words: "editing basket.ts"; absent while nothing is known. */
  readonly doing?: string;
}

/** All that a row of the session tree shows, in one value. */
export interface SessionFacts {
  readonly session: Session;
  /** What people know it by, in a plain line. */
  readonly title: string;
  readonly origin: Origin;
  readonly state: SessionState;
  /** USD, subagents included. */
  readonly cost: number;
  readonly context: ContextUse | undefined;
  /** What was asked for first, where that was read, as in sessions without a name; empty: nothing yet. */
  readonly firstPrompt?: string | undefined;
  /** The title of the session it came from, where that is known. */
  readonly sourceTitle: string | undefined;
  /** What its folder is called, where it is none of the window's. */
  readonly folder?: string | undefined;
  /** By its own turns that stand, as far as they are known. */
  readonly changes?: ChangesFigure | undefined;
  /** A person kept it of its approaches: the others stand in the archive. */
  readonly isKept?: boolean;
  /** Approaches were started from it. */
  readonly isBranched?: boolean;
  /** What it came to, in a sentence, where nobody has looked at it yet; empty: nothing was answered. */
  readonly result?: string | undefined;
  /** What it does, where it works. */
  readonly activity?: SessionActivity | undefined;
  readonly now: number;
}

/** Names of icons (codicons) and theme colours. */
export interface RowIcon {
  readonly id: string;
  readonly color: string | undefined;
}

export function rowIcon({
  session,
  origin,
  state,
}: Pick<SessionFacts, 'session' | 'origin' | 'state'>): RowIcon {
  switch (state.kind) {
    case 'permission':
      return { id: 'shield', color: 'list.warningForeground' };
    case 'question':
      return { id: 'question', color: 'list.warningForeground' };
    case 'retry':
      return { id: 'watch', color: 'list.warningForeground' };
    case 'busy':
      return { id: 'loading~spin', color: undefined };
    case 'elsewhere':
      return { id: 'multiple-windows', color: undefined };
    case 'error':
      return { id: 'error', color: 'list.errorForeground' };
    case 'cutOff':
      return { id: 'warning', color: 'list.warningForeground' };
    case 'unseen':
    case 'unread':
    case 'idle':
    case 'unknown':
      return { id: isArchived(session) ? 'archive' : kindIcons[origin.kind], color: undefined };
  }
}

/** Those of the verbs that make such sessions; a relay, whose arrows are `arrow-swap`, makes none. */
const kindIcons: Readonly<Record<SessionKind, string>> = {
  root: 'comment-discussion',
  subagent: 'hubot',
  fork: 'repo-forked',
  handoff: 'export',
};

/** What stands beside the title: what the session waits for or does, else who worked in it, when, and at which price. */
export function rowDescription(facts: SessionFacts): string {
  const { session, state, cost, context, folder, now } = facts;
  return [
    shortState(state, now),
    facts.isKept === true ? l10n.t('kept') : undefined,
    folder && isolate(plainLine(folder)),
    shownChanges(facts, formatLines) ??
      shownActivity(facts) ??
      (shownResult(facts) === undefined ? session.agent && isolate(agentOf(session.agent)) : undefined),
    shownResult(facts),
    shownActivity(facts) === undefined ? relativeTime(session.time.updated, now) : undefined,
    context && formatPercent(context),
    cost > 0 ? formatCost(cost) : undefined,
  ]
    .filter((text) => text !== undefined)
    .join(' · ');
}

/** The row as a screen reader says it. */
export function rowLabel(facts: SessionFacts): string {
  const { session, title, origin, state, folder, now } = facts;
  return [
    title,
    kindName(origin.kind),
    origin.inferred && inferredFrom(origin.inferred),
    isArchived(session) ? l10n.t('archived') : undefined,
    facts.isKept === true ? l10n.t('kept of several approaches') : undefined,
    cutMiddle(plainLine(longState(state, now, facts.result)), stateLength),
    facts.result === '' ? undefined : shownResult(facts),
    state.kind === 'busy' ? facts.activity?.doing || undefined : undefined,
    folder === undefined ? undefined : l10n.t('in the folder {0}', plainLine(folder)),
    shownChanges(facts, describeFigure) ??
      (session.agent === undefined ? undefined : l10n.t('agent {0}', agentOf(session.agent))),
    l10n.t('last active {0}', relativeTime(session.time.updated, now)),
  ]
    .filter((text) => text !== undefined)
    .join(', ');
}

/** An agent's name in a plain line; who named it may have meant a whole text. */
function agentOf(name: string): string {
  return cutMiddle(plainLine(name), agentLength);
}

/** A row is drawn anew no more often than this for the time on it, in milliseconds. */
export const activityStep = 10_000;

/** What a session that works does, and for how long. */
function shownActivity({ state, activity, now }: SessionFacts): string | undefined {
  if (state.kind !== 'busy' || activity === undefined) return undefined;
  const { since, doing } = activity;
  if (since === undefined && doing === undefined) return undefined;
  const time = since === undefined ? 0 : Math.floor((now - since) / activityStep) * activityStep;
  return activityLine(doing || l10n.t('working'), time > 0 ? time : undefined);
}

/** What a session came to that nobody has looked at yet. */
function shownResult({ state, result }: SessionFacts): string | undefined {
  if (state.kind !== 'unread' || result === undefined) return undefined;
  return result === '' ? l10n.t('nothing was answered') : isolate(plainLine(result));
}

/** What a session that rests changed, in the place of who worked in it. */
function shownChanges(facts: SessionFacts, format: (figure: ChangesFigure) => string): string | undefined {
  const { changes } = facts;
  return rests(facts) && changes !== undefined && changes.files > 0 ? format(changes) : undefined;
}

/** Whether a person stopped its last run, as far as this window knows. */
export function isStopped({ state }: Pick<SessionFacts, 'state'>): boolean {
  return (state.kind === 'idle' || state.kind === 'unread') && state.end?.kind === 'aborted';
}

/** Whether its row says what it changed, where that is known. */
export function rests({ state }: Pick<SessionFacts, 'state'>): boolean {
  return state.kind === 'idle' || state.kind === 'unread';
}

/** Characters of an agent's name that are shown at most, and those of the words of a server that are read out. */
const agentLength = 200;
const stateLength = 300;

/**
 * Words for `when` clauses (`viewItem =~ /\bbusy\b/`): `session`, the kind (`inferred` where nobody told it), `approach` of one
 * that was started together with others, `branched` of one that approaches were started from, `busy` or `idle`,
 * `waiting` for the user, `retrying` where it waits to try again, `failed` where the last run did not come to its end, `stopped` where
 * a person ended it, `empty` where nothing was asked for yet,
 * `archived` or `current`. What can be done to a session of which no more is known than its record is known once it is
 * opened; its row is `elsewhere`.
 */
export function rowContext(
  { session, origin, state, firstPrompt, isBranched }: SessionFacts,
  isBusy: boolean,
): string {
  if (state.kind === 'unknown') return 'elsewhere';
  const isWaiting = state.kind === 'permission' || state.kind === 'question';
  const isFailed = state.kind === 'error' || state.kind === 'cutOff';
  return [
    'session',
    origin.inferred === undefined ? origin.kind : 'inferred',
    groupOf(session) === undefined ? undefined : 'approach',
    isBranched === true ? 'branched' : undefined,
    isBusy ? 'busy' : 'idle',
    isWaiting ? 'waiting' : undefined,
    state.kind === 'retry' ? 'retrying' : undefined,
    isFailed ? 'failed' : undefined,
    isStopped({ state }) ? 'stopped' : undefined,
    firstPrompt === '' ? 'empty' : undefined,
    isArchived(session) ? 'archived' : 'current',
  ]
    .filter((word) => word !== undefined)
    .join(' ');
}

/** What is changed in renaming a session: its whole title, as the server has it; of one without a name what it is `called`. */
export function titleToEdit({ title }: Pick<Session, 'title'>, called: string): string {
  return isUnnamed(title) ? called : title;
}

/** The title of a session of which the id is known, and perhaps no more. */
export function titleById(
  sessions: {
    get(id: string): Pick<Session, 'id' | 'title'> | undefined;
    title(session: Pick<Session, 'id' | 'title'>): string;
  },
  sessionId: string,
): string {
  const session = sessions.get(sessionId);
  return session === undefined ? sessionId : sessions.title(session);
}

/** How a session came to be, and of which other one. */
export function describeOrigin({ origin: { kind, inferred }, sourceTitle }: SessionFacts): string {
  const told =
    sourceTitle === undefined ? kindName(kind) : l10n.t('{0} of “{1}”', kindName(kind), sourceTitle);
  return inferred === undefined ? told : l10n.t('{0}, {1}', told, inferredFrom(inferred));
}

/** By what somebody knows an origin that nobody told. */
export function inferredFrom(inference: Inference): string {
  switch (inference) {
    case 'metadata':
      return l10n.t('inferred from what it copied');
    case 'messages':
      return l10n.t('inferred from its title and its older messages');
    case 'prompt':
      return l10n.t('inferred from its first prompt');
    case 'call':
      return l10n.t('inferred from the tool call that made it');
  }
}

export function kindName(kind: SessionKind): string {
  switch (kind) {
    case 'root':
      return l10n.t('session');
    case 'subagent':
      return l10n.t('subagent');
    case 'fork':
      return l10n.t('fork');
    case 'handoff':
      return l10n.t('hand-off');
  }
}

function shortState(state: SessionState, now: number): string | undefined {
  switch (state.kind) {
    case 'permission':
      return l10n.t('needs permission');
    case 'question':
      return l10n.t('has a question');
    case 'retry':
      return l10n.t('retries in {0}', formatWait(state.next, now));
    case 'error':
      return l10n.t('failed');
    case 'elsewhere':
      return l10n.t('in another OpenCode process');
    case 'cutOff':
      return nameCutOff(state.end, state.isSure);
    case 'busy':
    case 'unseen':
    case 'unread':
    case 'idle':
    case 'unknown':
      return undefined;
  }
}

/** What the session does or how it ended, in words; `result` as its facts tell it. */
export function longState(state: SessionState, now: number, result?: string): string {
  switch (state.kind) {
    case 'permission':
      return l10n.t(
        'waits for your permission: {0}',
        state.waiting.kind === 'permission' ? state.waiting.request.permission : '',
      );
    case 'question':
      return l10n.t('waits for your answer');
    case 'retry':
      return l10n.t(
        'attempt {0} in {1}: {2}',
        state.attempt + 1,
        formatWait(state.next, now),
        errorWords(state.message),
      );
    case 'busy':
      return l10n.t('working');
    case 'elsewhere':
      return l10n.t('working in another OpenCode process');
    case 'error':
      return l10n.t('failed: {0}', runErrorWords(state.error));
    case 'cutOff':
      return describeCutOff(state.end, state.isSure);
    case 'unseen':
      return l10n.t('works no longer; how it ended is not known');
    case 'unread':
      return describeUnread(state.end, result);
    case 'idle':
      return l10n.t('idle');
    case 'unknown':
      return l10n.t('not known before it is opened, since it is in another folder');
  }
}

function describeUnread(end: Outcome | undefined, result: string | undefined): string {
  switch (end?.kind) {
    case 'settled':
      return result === ''
        ? l10n.t('ended without an answer, not looked at here yet')
        : l10n.t('finished, not looked at here yet');
    case 'aborted':
      return l10n.t('stopped, not looked at here yet');
    case 'rejected':
      return l10n.t('ended without an answer because a request was rejected, not looked at here yet');
    default:
      return l10n.t('not looked at here yet');
  }
}
