import { l10n } from '../l10n.ts';
import { fullContext } from '../sessions/usage.ts';

/** What speaks for going on in a session of a folder, or against it. What is not known is absent. */
export interface SessionEvidence {
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly lastActive: number;
  readonly isBusy: boolean;
  /** It waits for a person's answer. */
  readonly isWaiting: boolean;
  readonly isArchived: boolean;
  /** Nothing was said in it. */
  readonly isEmpty: boolean;
  /** Of the usable context, whole. */
  readonly percentFull?: number | undefined;
  readonly openTodos?: number | undefined;
  readonly todos?: number | undefined;
  /** What others changed in the folder since it was last active. */
  readonly changed?: ChangedSince | undefined;
}

/** What changed in a folder since a time. `isLeast`: there is more than was counted. */
export interface ChangedSince {
  readonly commits: number;
  readonly files: number;
  readonly isLeast?: true;
}

export interface Recommendation {
  /** The session to go on in; undefined: a fresh one. */
  readonly sessionId: string | undefined;
  /** In words, what speaks most first. */
  readonly reasons: readonly string[];
}

/** Something that speaks for going on in a session (more than 0) or for a fresh one. */
interface Reason {
  readonly weight: number;
  readonly words: string;
}

const day = 24 * 3_600_000;
/** From so many files on, what a session has read of a folder is likely not what stands there. */
const manyFiles = 10;
/** After so many days nobody has a session's work in mind. */
const longAgo = 14;

/** So many reasons a row has room for; the figures stand on it as well. */
const reasonsShown = 2;

/**
 * Whether to go on in a session of a folder, and in which, or to begin a fresh one. What a person is up to nobody knows: a new
 * feature that has nothing to do with the others begins afresh whatever is recommended, and so it is said beside it.
 */
export function recommendSession(sessions: readonly SessionEvidence[], now: number): Recommendation {
  const candidates = sessions.filter(({ isArchived, isEmpty }) => !isArchived && !isEmpty);
  const rated = candidates
    .map((evidence) => {
      const reasons = reasonsOf(evidence, now);
      return { evidence, reasons, sum: reasons.reduce((sum, { weight }) => sum + weight, 0) };
    })
    .toSorted((a, b) => b.sum - a.sum || b.evidence.lastActive - a.evidence.lastActive);
  const [best] = rated;
  if (best === undefined) {
    const empty = sessions.find(({ isArchived, isEmpty }) => isEmpty && !isArchived);
    if (empty === undefined)
      return { sessionId: undefined, reasons: [l10n.t('no session is at work on this folder yet')] };
    return { sessionId: empty.sessionId, reasons: [l10n.t('nothing was said in it yet')] };
  }
  if (best.sum > 0) return { sessionId: best.evidence.sessionId, reasons: wordsOf(best.reasons, 1) };
  // Why not to go on in the one that a person has in mind, the last.
  const last = rated.toSorted((a, b) => b.evidence.lastActive - a.evidence.lastActive)[0] ?? best;
  return { sessionId: undefined, reasons: wordsOf(last.reasons, -1) };
}

/** All that is known of a session, in words that a row has room for. */
export function describeEvidence({
  percentFull,
  openTodos,
  todos,
  changed,
  ...state
}: SessionEvidence): readonly string[] {
  return [
    state.isWaiting ? l10n.t('waits for you') : state.isBusy ? l10n.t('at work') : '',
    state.isArchived ? l10n.t('archived') : '',
    state.isEmpty ? l10n.t('empty') : '',
    percentFull === undefined ? '' : l10n.t('context {0}% full', percentFull),
    openTodos === undefined || todos === undefined || todos === 0
      ? ''
      : l10n.t('{0} of {1} todos open', openTodos, todos),
    changed === undefined ? '' : describeChanged(changed),
  ].filter((words) => words !== '');
}

function reasonsOf(evidence: SessionEvidence, now: number): readonly Reason[] {
  const { lastActive, isBusy, isWaiting, percentFull, openTodos, todos, changed } = evidence;
  const reasons: Reason[] = [];
  const add = (weight: number, words: string): void => void reasons.push({ weight, words });
  if (isWaiting) add(4, l10n.t('it waits for your answer'));
  else if (isBusy) add(2, l10n.t('it is at work right now'));
  if (openTodos !== undefined && openTodos > 0) {
    add(
      3,
      openTodos === 1 ? l10n.t('1 of its todos is open') : l10n.t('{0} of its todos are open', openTodos),
    );
  } else if (todos !== undefined && todos > 0) add(-2, l10n.t('all its todos are done'));
  if (percentFull !== undefined && percentFull >= fullContext) {
    add(-5, l10n.t('its context is {0}% full', percentFull));
  } else if (percentFull !== undefined) add(1, l10n.t('its context has room'));
  if (changed !== undefined && changed.files >= manyFiles) add(-3, describeChanged(changed));
  else if (changed !== undefined && changed.files > 0) add(-1, describeChanged(changed));
  else if (changed !== undefined) add(1, l10n.t('nothing changed here since'));
  const days = Math.floor((now - lastActive) / day);
  if (days >= longAgo) add(-2, l10n.t('it was last active {0} days ago', days));
  else if (days < 1) add(1, l10n.t('it was active within the last day'));
  return reasons;
}

function wordsOf(reasons: readonly Reason[], sign: 1 | -1): readonly string[] {
  const speaking = reasons.filter(({ weight }) => weight * sign > 0);
  const words = speaking.toSorted((a, b) => sign * (b.weight - a.weight)).map((reason) => reason.words);
  return words.length > 0 ? words.slice(0, reasonsShown) : [l10n.t('little is known of the sessions here')];
}

function describeChanged({ commits, files, isLeast }: ChangedSince): string {
  if (files === 0) return l10n.t('nothing changed since');
  const count = isLeast === true ? l10n.t('{0} or more', files) : String(files);
  const changed =
    files === 1 && isLeast !== true
      ? l10n.t('1 file changed since')
      : l10n.t('{0} files changed since', count);
  if (commits === 0) return changed;
  return commits === 1 ? l10n.t('{0} (1 commit)', changed) : l10n.t('{0} ({1} commits)', changed, commits);
}
