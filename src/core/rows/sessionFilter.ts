import type { Session } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';
import { findSameLetters, type FoundPlace, sameLetters } from '../sameLetters.ts';
import { isArchived } from '../sessions/sessionKind.ts';
import type { SessionState } from '../sessions/sessionState.ts';

/** What may stand behind `is:`. */
const stateWords = ['waiting', 'busy', 'failed', 'unread', 'idle', 'archived'] as const;

type StateWord = (typeof stateWords)[number];

/** What a person wants to see of the sessions. */
export interface SessionFilter {
  /** Each is to be found in title, first prompt, agent or id. */
  readonly words: readonly string[];
  /** One of these is to be true, `archived` apart from them; none: any. */
  readonly states: readonly StateWord[];
  /** One of these is to begin the name of the agent. */
  readonly agents: readonly string[];
  /** One of these is to be found in the path of a file that the session changed. */
  readonly files: readonly string[];
  /** What is wrong with it, as a sentence; what it is about is left out of the rest. */
  readonly fault: string | undefined;
}

/** What a filter looks at. */
export interface FilteredSession {
  readonly session: Session;
  readonly title: string;
  readonly firstPrompt: string | undefined;
  /** Asked for only where a filter wants to know it. */
  readonly state: () => SessionState;
  readonly isUnread: () => boolean;
  /** The files that it changed, as far as that is known. */
  readonly files: () => Iterable<string>;
}

/** A word, or what stands behind `is:`, `agent:` or `file:`; within quotes with its blanks. */
const term = /(?:(is|agent|file):)?(?:"([^"]*)"?|(\S+))/g;

/** Reads what was typed. While the last word is being typed, the beginning of a state means all that begin so. */
export function parseFilter(text: string): SessionFilter {
  const found = { word: [] as string[], is: [] as string[], agent: [] as string[], file: [] as string[] };
  for (const [, key, quoted, plain] of sameLetters(text).matchAll(term)) {
    const value = quoted ?? plain ?? '';
    if (value === '' || /^(?:is|agent|file):$/.test(value)) continue;
    found[isKey(key) ? key : 'word'].push(value);
  }
  const states = found.is.map((value, index) => ({
    value,
    meant: meantBy(value, index === found.is.length - 1 && sameLetters(text).endsWith(`is:${value}`)),
  }));
  const unknown = states.filter(({ meant }) => meant.length === 0).map(({ value }) => value);
  return {
    words: found.word,
    states: states.flatMap(({ meant }) => meant),
    agents: found.agent,
    files: found.file,
    fault: unknown.length === 0 ? undefined : describeUnknown(unknown),
  };
}

function isKey(key: string | undefined): key is 'is' | 'agent' | 'file' {
  return key !== undefined;
}

function meantBy(value: string, isTyping: boolean): readonly StateWord[] {
  return stateWords.filter((word) => (isTyping ? word.startsWith(value) : word === value));
}

function describeUnknown(unknown: readonly string[]): string {
  const words = unknown.map((value) => `is:${value}`).join(', ');
  return l10n.t(
    'There is no “{0}”; there are {1}.',
    words,
    stateWords.map((word) => `is:${word}`).join(', '),
  );
}

/** Whether nothing is wanted, so that all is shown. */
export function isEmptyFilter({ words, states, agents, files }: SessionFilter): boolean {
  return words.length + states.length + agents.length + files.length === 0;
}

/** Whether a session is what a filter wants to see. */
export function matchesFilter(filter: SessionFilter, filtered: FilteredSession): boolean {
  const { session, title, firstPrompt = '' } = filtered;
  const text = sameLetters([title, session.title, firstPrompt, session.agent ?? '', session.id].join('\n'));
  if (!filter.words.every((word) => text.includes(word))) return false;
  const agent = sameLetters(session.agent ?? '');
  if (filter.agents.length > 0 && !filter.agents.some((name) => agent.startsWith(name))) return false;
  return matchesStates(filter.states, filtered) && matchesFiles(filter.files, filtered);
}

/** Being archived is no state among the others: `is:archived is:failed` are the archived ones that failed. */
function matchesStates(states: readonly StateWord[], filtered: FilteredSession): boolean {
  if (states.includes('archived') && !isArchived(filtered.session)) return false;
  const others = states.filter((word) => word !== 'archived');
  return others.length === 0 || others.some((word) => isInState(word, filtered));
}

function isInState(word: Exclude<StateWord, 'archived'>, { state, isUnread }: FilteredSession): boolean {
  const { kind } = state();
  switch (word) {
    case 'waiting':
      return kind === 'permission' || kind === 'question';
    case 'busy':
      return kind === 'busy' || kind === 'retry' || kind === 'elsewhere';
    case 'failed':
      return kind === 'error' || kind === 'cutOff';
    case 'unread':
      return isUnread();
    case 'idle':
      return kind === 'idle' || kind === 'unread' || kind === 'unseen';
  }
}

function matchesFiles(wanted: readonly string[], { files }: FilteredSession): boolean {
  if (wanted.length === 0) return true;
  const paths = [...files()].map((path) => sameLetters(path).replaceAll('\\', '/'));
  return wanted.some((piece) => paths.some((path) => path.includes(piece)));
}

/** Where the words of a filter stand in a title, in their order and apart from each other. */
export function findWords(title: string, { words }: SessionFilter): readonly FoundPlace[] {
  const found = words
    .flatMap((word) => findSameLetters(title, word))
    .toSorted(([one], [other]) => one - other);
  const places: [number, number][] = [];
  for (const [start, end] of found) {
    const last = places.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else places.push([start, end]);
  }
  return places;
}
