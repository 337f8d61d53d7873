import type { Session } from '../../protocol/records.ts';
import type { SessionChanges } from '../changes/sessionChanges.ts';
import type { FoundPlace } from '../sameLetters.ts';
import type { SessionFactsReader } from '../sessions/sessionFacts.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import type { Unread } from '../sessions/unread.ts';
import { findWords, isEmptyFilter, matchesFilter, parseFilter } from './sessionFilter.ts';

export interface TreeFilterSources {
  readonly sessions: Pick<Sessions, 'title' | 'firstPrompt'>;
  readonly facts: Pick<SessionFactsReader, 'stateOf'>;
  readonly unread: Pick<Unread, 'has'>;
  readonly changes: Pick<SessionChanges, 'files'>;
}

/** What the tree is filtered by. */
export class TreeFilter {
  readonly #sources: TreeFilterSources;
  #text = '';
  #filter = parseFilter('');

  constructor(sources: TreeFilterSources) {
    this.#sources = sources;
  }

  /** As it was typed. */
  get text(): string {
    return this.#text;
  }

  get isOn(): boolean {
    return !isEmptyFilter(this.#filter);
  }

  /** What is wrong with it, as a sentence. */
  get fault(): string | undefined {
    return this.#filter.fault;
  }

  get wantsWords(): boolean {
    return this.#filter.words.length > 0;
  }

  get wantsFiles(): boolean {
    return this.#filter.files.length > 0;
  }

  /** Whether it is another one than before. */
  set(text: string): boolean {
    if (text === this.#text) return false;
    this.#text = text;
    this.#filter = parseFilter(text);
    return true;
  }

  matches(session: Session): boolean {
    const { sessions, facts, unread, changes } = this.#sources;
    return matchesFilter(this.#filter, {
      session,
      title: sessions.title(session),
      firstPrompt: sessions.firstPrompt(session.id),
      state: () => facts.stateOf(session),
      isUnread: () => unread.has(session.id),
      files: () => changes.files(session),
    });
  }

  /** Where its words stand in a title. */
  highlight(title: string): readonly FoundPlace[] {
    return findWords(title, this.#filter);
  }
}
