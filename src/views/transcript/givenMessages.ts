import { PageMemory, type Told } from '../../core/page/pageMemory.ts';
import { TranscriptFrame } from '../../core/page/transcriptFrame.ts';
import { type SessionLook, viewEntries } from '../../core/page/transcriptView.ts';
import { isBefore, type Place } from '../../core/transcript/place.ts';
import type { Transcript, TranscriptChange } from '../../core/transcript/transcript.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import type { EntryChange, MessageEntry } from '../../protocol/page/entries.ts';
import type { ShownSession } from './shownSession.ts';

/** Entries that are shown at once. */
const windowSize = 80;

/** Messages between which none is missing, and whether there are older ones than the first. */
export interface GivenStretch {
  readonly entries: MessageEntry[];
  readonly hasOlder: boolean;
}

/**
 * What one page has of its session's messages: from which one on none is missing, how they looked, and what changed
 * in them since it was told last.
 */
export class GivenMessages {
  readonly #transcripts: Pick<TranscriptStore, 'revision'>;
  readonly #session: ShownSession;
  readonly #frame = new TranscriptFrame();
  readonly #memory = new PageMemory();
  /** The first of the newest messages that the page was given with none missing between. */
  #oldest: Place | undefined;
  #look: SessionLook = { idle: true, revertedFrom: undefined };
  #isShown = false;

  constructor(transcripts: Pick<TranscriptStore, 'revision'>, session: ShownSession) {
    this.#transcripts = transcripts;
    this.#session = session;
  }

  /** Whether the page was given the session, and has been told of all changes since. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** The page turns away from the session that it shows. */
  leave(): void {
    const { id } = this.#session;
    if (id !== undefined) this.#memory.leave(id, this.#told(id));
    this.#oldest = undefined;
    this.silence();
  }

  /** The page begins anew, with nothing. */
  forget(): void {
    this.#oldest = undefined;
    this.#memory.clear();
  }

  /** The page turns to a session with what it may have of it. */
  use(sessionId: string): void {
    this.#memory.use(sessionId);
  }

  /** The page is told of no more changes; those that it was to be told of are forgotten. */
  silence(): void {
    this.#isShown = false;
    this.#frame.clear();
  }

  /** The newest messages, which the page is given; undefined: it has them, as it left them. */
  give(sessionId: string, transcript: Transcript): GivenStretch | undefined {
    this.#frame.clear();
    this.#look = this.#session.look;
    const told = this.#isShown ? undefined : this.#memory.find(sessionId);
    this.#isShown = true;
    if (told !== undefined && this.#isUpToDate(sessionId, told)) {
      this.#oldest = told.oldest;
      this.#memory.use(sessionId);
      return undefined;
    }
    this.#memory.give(sessionId);
    const last = transcript.messageIds.at(-1);
    const newest = last === undefined ? [] : [...transcript.beside(last, 'before', windowSize - 1), last];
    this.#oldest = transcript.head(newest[0] ?? '');
    return this.#view(transcript, newest);
  }

  /** Further messages, which the page is given. */
  giveStretch(transcript: Transcript, messageIds: readonly string[]): GivenStretch {
    const [first, last] = [messageIds[0], messageIds.at(-1)].map((id) => transcript.head(id ?? ''));
    const oldest = this.#oldest;
    const joinsOn =
      first !== undefined && last !== undefined && oldest !== undefined && !isBefore(last, oldest);
    if (joinsOn && isBefore(first, oldest)) this.#oldest = first;
    return this.#view(transcript, messageIds);
  }

  /** Marks what the page is to be told of next. */
  add(change: TranscriptChange): void {
    this.#frame.add(change);
  }

  /**
   * Marks what looks different because of what is known of the session. False: so does what the page may have and is
   * not here any more, and it is to be given the session anew.
   */
  updateLook(): boolean {
    const before = this.#look;
    this.#look = this.#session.look;
    const { transcript } = this.#session;
    if (transcript === undefined || !this.#isShown) return true;
    // Whether a part without an end goes on depends on whether the session works.
    if (this.#look.idle !== before.idle) {
      for (const part of transcript.openParts()) this.#frame.add({ kind: 'part', ...part });
    }
    if (this.#look.revertedFrom !== before.revertedFrom) {
      if (transcript.hasForgotten) return false;
      for (const messageId of transcript.messageIds) this.#frame.add({ kind: 'head', messageId });
    }
    return true;
  }

  /** What changed since the page was told last. */
  takeChanges(): readonly EntryChange[] {
    const { transcript } = this.#session;
    return transcript === undefined ? [] : this.#frame.take(transcript, this.#look);
  }

  /** What the page has of the session that it shows; undefined while it is behind. */
  #told(sessionId: string): Told | undefined {
    const revision = this.#transcripts.revision(sessionId);
    if (!this.#isShown || !this.#frame.isEmpty || revision === undefined) return undefined;
    return { revision, look: this.#look, oldest: this.#oldest };
  }

  #isUpToDate(sessionId: string, { revision, look }: Told): boolean {
    return (
      revision === this.#transcripts.revision(sessionId) &&
      look.idle === this.#look.idle &&
      look.revertedFrom === this.#look.revertedFrom
    );
  }

  #view(transcript: Transcript, messageIds: readonly string[]): GivenStretch {
    const [first] = messageIds;
    const hasOlder =
      transcript.before !== undefined || (first !== undefined && first !== transcript.messageIds[0]);
    return { entries: viewEntries(transcript, this.#look, messageIds), hasOlder };
  }
}
