import { toMessageHead, toPartEntry } from '../../core/entries/transcriptEntry.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import type { OpenCode, PageEnd } from '../../core/ports/openCode.ts';
import { pagesBack } from '../../core/transcript/messagesBack.ts';
import type { Place } from '../../core/transcript/place.ts';
import type { Transcript } from '../../core/transcript/transcript.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import type { MessageEntry } from '../../protocol/page/entries.ts';
import type { MessageWithParts } from '../../protocol/records.ts';

export interface MessageSourcePorts {
  readonly openCode: Pick<OpenCode, 'listMessages' | 'getMessage'>;
  readonly transcripts: Pick<TranscriptStore, 'get' | 'load'>;
}

/** Messages without a gap between them, oldest first; `before`: where those before them end, absent at the beginning. */
export interface EntryPage {
  readonly entries: readonly MessageEntry[];
  readonly before?: PageEnd;
}

/** A page that a server answers in about a tenth of a second: of smaller ones a long session takes twice as long. */
const pageSize = 500;

/** The messages of one session: the newest ones as they stream, older ones from the server, none of them kept here. */
export class MessageSource {
  readonly #ports: MessageSourcePorts;
  readonly #sessionId: string;

  constructor(ports: MessageSourcePorts, sessionId: string) {
    this.#ports = ports;
    this.#sessionId = sessionId;
  }

  /** The last message of an agent, which alone can still be written. */
  get newestAnswer(): string | undefined {
    return this.#transcript?.newestAnswer;
  }

  /** Whether the message is among those that are kept up to date. */
  isNew(messageId: string): boolean {
    return this.#transcript?.has(messageId) === true;
  }

  /** The newest messages that are loaded. */
  async newest(): Promise<EntryPage> {
    const transcript = await this.#ports.transcripts.load(this.#sessionId);
    const ids = withoutGap(transcript);
    const first = ids[0];
    const entries = ids.flatMap((id) => transcript.entry(id) ?? []);
    if (first === undefined || !transcript.isMissingBeside(first, 'before')) return { entries };
    const before = transcript.messageIds[0] === first ? transcript.before : transcript.head(first);
    return before === undefined ? { entries } : { entries, before };
  }

  /** The pages before that end, or from the end of the session on, back to the beginning. */
  async *before(end: PageEnd | undefined): AsyncGenerator<EntryPage, void, undefined> {
    for await (const { messages, before } of pagesBack(
      this.#ports.openCode,
      this.#sessionId,
      end,
      pageSize,
    )) {
      yield { entries: messages.map(toEntry), ...(before === undefined ? {} : { before }) };
    }
  }

  /** One message as it is; undefined: the session does not have it. */
  async one(messageId: string): Promise<MessageEntry | undefined> {
    const known = this.#transcript?.entry(messageId);
    if (known !== undefined) return known;
    try {
      return toEntry(await this.#ports.openCode.getMessage(this.#sessionId, messageId));
    } catch (error) {
      if (error instanceof NotFoundProblem) return undefined;
      throw error;
    }
  }

  /** Where the message stands; undefined: the session does not have it. */
  async place(messageId: string): Promise<Place | undefined> {
    const entry = await this.one(messageId);
    return entry && { id: entry.id, created: entry.created };
  }

  get #transcript(): Transcript | undefined {
    return this.#ports.transcripts.get(this.#sessionId);
  }
}

/** The ids of the newest messages between which none is missing, oldest first. */
function withoutGap(transcript: Transcript): readonly string[] {
  const ids = transcript.messageIds;
  const gap = ids.findLastIndex((id) => transcript.isMissingBeside(id, 'after'));
  return ids.slice(gap + 1);
}

function toEntry({ info, parts }: MessageWithParts): MessageEntry {
  return { ...toMessageHead(info), parts: parts.map((part) => toPartEntry(part)) };
}
