import type { Log } from '../../core/log.ts';
import type { Transcript } from '../../core/transcript/transcript.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import type { ToPage } from '../../protocol/page/toPage.ts';
import type { GivenMessages } from './givenMessages.ts';
import type { ShownSession } from './shownSession.ts';

/** Entries in one message that stand beside those that the page has. */
const besideSize = 100;
/** Entries before and after a message that the reader goes to, enough for a tall screen. */
const aroundSize = 25;

export interface FurtherMessagesPorts {
  readonly transcripts: Pick<TranscriptStore, 'loadAround' | 'loadBeside'>;
  readonly post: (message: ToPage) => void;
  readonly log: Log;
}

/** The messages that a page asks for on its reader's way: those at hand, else the server's. */
export class FurtherMessages {
  readonly #ports: FurtherMessagesPorts;
  readonly #session: ShownSession;
  readonly #given: GivenMessages;
  readonly #watchPicture: () => () => boolean;

  /** `watchPicture` tells later whether the page still has the picture that it has now. */
  constructor(
    ports: FurtherMessagesPorts,
    session: ShownSession,
    given: GivenMessages,
    watchPicture: () => () => boolean,
  ) {
    this.#ports = ports;
    this.#session = session;
    this.#given = given;
    this.#watchPicture = watchPicture;
  }

  /** Gives the page what stands right before or after one of its messages. */
  async loadBeside(messageId: string, side: 'before' | 'after'): Promise<void> {
    const { id, transcript, isDeleted } = this.#session;
    if (id === undefined || transcript === undefined) return;
    const isWanted = this.#watchPicture();
    if (isDeleted) return this.#give(transcript, [messageId]);
    const isHere = transcript.has(messageId);
    if (!isHere || transcript.isMissingBeside(messageId, side)) {
      try {
        // What the page still has may have been left out here.
        if (!isHere) await this.#ports.transcripts.loadAround(id, messageId);
        if (transcript.isMissingBeside(messageId, side))
          await this.#ports.transcripts.loadBeside(id, messageId, side);
      } catch (error) {
        // The page waits for an answer before it asks for anything else.
        if (isWanted()) this.#give(transcript, [messageId]);
        throw error;
      }
    }
    if (!isWanted()) return;
    const next = transcript.messageIds[transcript.messageIds.indexOf(messageId) + 1];
    // What stands after a message is a guess of its time; what stands before the next one is not.
    const isStillMissing = side === 'after' && transcript.isMissingBeside(messageId, side);
    if (isStillMissing && next !== undefined) return this.loadBeside(next, 'before');
    const atHand = transcript.beside(messageId, side, besideSize);
    const run = side === 'before' ? [...atHand, messageId] : [messageId, ...atHand];
    this.#give(transcript, run);
    // The reader is on the way there: the next page is fetched before it is asked for.
    const end = run.at(side === 'before' ? 0 : -1) ?? messageId;
    if (transcript.isMissingBeside(end, side)) this.#fetchAhead(id, end, side);
  }

  /** Gives the page a message that it does not have, with those around it, then has it scroll there. */
  async giveAround(messageId: string): Promise<void> {
    const { id, transcript } = this.#session;
    if (id === undefined || transcript === undefined) return;
    const isWanted = this.#watchPicture();
    if (!transcript.has(messageId)) await this.#ports.transcripts.loadAround(id, messageId);
    if (!isWanted() || !transcript.has(messageId)) return;
    const before = transcript.beside(messageId, 'before', aroundSize);
    this.#give(transcript, [...before, messageId, ...transcript.beside(messageId, 'after', aroundSize)]);
    this.#ports.post({ type: 'reveal', messageId });
  }

  #give(transcript: Transcript, messageIds: readonly string[]): void {
    const run = this.#given.giveStretch(transcript, messageIds);
    this.#ports.post({ type: 'stretch', sessionId: this.#session.id ?? '', ...run });
  }

  #fetchAhead(sessionId: string, messageId: string, side: 'before' | 'after'): void {
    this.#ports.transcripts.loadBeside(sessionId, messageId, side).catch((error: unknown) => {
      this.#ports.log.debug('Messages could not be loaded ahead', sessionId, error);
    });
  }
}
