import type { ServerEvent, ServerEventOf } from '../../protocol/events.ts';
import type { MessageWithParts, Part } from '../../protocol/records.ts';
import { NotFoundProblem } from '../errors.ts';
import { Emitter, type Disposable } from '../event.ts';
import { findAround } from './aroundMessage.ts';
import { LiveTexts } from './liveTexts.ts';
import type { MessagePage, OpenCode } from '../ports/openCode.ts';
import type { DirectorySnapshot, Look, ServerSink } from '../ports/serverSink.ts';
import { Transcript, type TranscriptChange } from './transcript.ts';

/**
 * Messages of the first page, enough for a tall screen, and of each older one: as many as a page is given at once. The
 * answers of larger ones leave the process twice as large while somebody reads back (Node 24).
 */
const tailSize = 40;
const pageSize = 100;
/** What was loaded before a reconnect is loaded again up to so many messages. */
const reloadSize = 400;
/** Messages that tell whether anything came that no event told. */
const glanceSize = 4;
/** Transcripts that nobody looks at stay up to date for so many sessions, if they are short. */
const warmSessions = 8;
const warmSize = 80;
/** With more messages than these, those far from the reader are left out until they are asked for again: more than a page keeps. */
const keptMessages = 2000;

export interface TranscriptStoreChange {
  readonly sessionId: string;
  /** `stale`: what was known is gone since the stream broke; to be loaded again. */
  readonly change: TranscriptChange | { readonly kind: 'stale' };
}

interface Kept {
  /** Counts the resets: an answer to what was asked before the last one is thrown away. */
  generation: number;
  transcript: Transcript | undefined;
  /** Another number whenever the transcript says something else than before, older messages aside. */
  revision: number;
  loading: Promise<Transcript> | undefined;
  /** The comparison with the server that is under way. */
  renewing: Promise<void> | undefined;
  /** The pages that are on their way, by what was asked for. */
  readonly pages: Map<string, Promise<readonly string[]>>;
  /** What the server said while a page was on its way: the page may be older than that. */
  meanwhile: ServerEvent[];
  /** How many look at it. */
  holds: number;
  /** How many messages to ask for. */
  size: number;
}

/** Where a page of messages belongs. */
interface PagePlace {
  /** The message where the reader is. */
  readonly near: string;
  /** The message that follows on the page. */
  readonly next?: string;
}

type History = Pick<OpenCode, 'listMessages' | 'getMessage'>;

/**
 * The transcripts of the sessions that are looked at, as of the server's last word.
 *
 * A page of history is a picture of some moment between its request and its arrival. So what the stream
 * says in this time is applied once more on top of it: events carry whole records, and the last one wins.
 */
export class TranscriptStore implements ServerSink {
  readonly #history: History;
  readonly #didChange = new Emitter<TranscriptStoreChange>();
  readonly #texts = new LiveTexts();
  /** In the order in which they were last looked at. */
  readonly #kept = new Map<string, Kept>();
  /** When each session was last touched as far as it was told, in milliseconds since 1970. */
  #updated = new Map<string, number>();
  #revisions = 0;

  readonly onDidChange = this.#didChange.event;

  constructor(history: History) {
    this.#history = history;
  }

  /** undefined: not loaded. */
  get(sessionId: string): Transcript | undefined {
    return this.#kept.get(sessionId)?.transcript;
  }

  /**
   * A number that stays as long as what is known of the session's messages does, and never comes again; older messages
   * that are loaded change nothing about it. undefined: not loaded.
   */
  revision(sessionId: string): number | undefined {
    const kept = this.#kept.get(sessionId);
    return kept?.transcript === undefined ? undefined : kept.revision;
  }

  /** Keeps the session's transcript up to date until it is disposed of. */
  hold(sessionId: string): Disposable {
    const kept = this.#keep(sessionId);
    kept.holds++;
    let held = true;
    return {
      dispose: () => {
        if (held) kept.holds--;
        held = false;
        this.#forgetCold();
      },
    };
  }

  /** The transcript, with its newest messages at least; throws what the server answers. */
  load(sessionId: string): Promise<Transcript> {
    const kept = this.#keep(sessionId);
    if (kept.transcript !== undefined) return this.#whenRenewed(sessionId, kept, kept.transcript);
    kept.loading ??= this.#loadTail(sessionId, kept, kept.generation);
    return kept.loading;
  }

  /**
   * Loads what stands right before or after a message that is there, and is missing; answers with the ids, oldest first,
   * none before the first message of the session.
   */
  async loadBeside(
    sessionId: string,
    messageId: string,
    side: 'before' | 'after',
  ): Promise<readonly string[]> {
    const transcript = this.get(sessionId);
    const head = transcript?.head(messageId);
    if (transcript === undefined || head === undefined) return [];
    if (side === 'after') {
      return this.#loadPage(sessionId, `after ${messageId}`, { near: messageId }, () =>
        findAround(this.#history, sessionId, head, transcript),
      );
    }
    const isFirst = transcript.messageIds[0] === messageId;
    const before = isFirst ? transcript.before : head;
    if (before === undefined) return [];
    return this.#loadPage(sessionId, `before ${messageId}`, { near: messageId, next: messageId }, () =>
      this.#history.listMessages(sessionId, { limit: pageSize, before }),
    );
  }

  /** Loads the messages around one that is not there; answers with the ids, none if the session does not have it. */
  async loadAround(sessionId: string, messageId: string): Promise<readonly string[]> {
    const transcript = this.get(sessionId);
    if (transcript === undefined) return [];
    return this.#loadPage(sessionId, `around ${messageId}`, { near: messageId }, async () => {
      try {
        const { info } = await this.#history.getMessage(sessionId, messageId);
        const place = { id: messageId, created: info.time.created };
        return await findAround(this.#history, sessionId, place, transcript);
      } catch (error) {
        if (error instanceof NotFoundProblem) return undefined;
        throw error;
      }
    });
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    this.#updated = updatedOf(snapshot);
    // Listeners ask again while they are told: a list of its own, or the loop would meet what they asked for.
    const all = [...this.#kept];
    for (const [sessionId, kept] of all) {
      if (kept.holds === 0) this.#kept.delete(sessionId);
      else if (kept.transcript === undefined) this.#expire(sessionId, kept);
      else {
        interrupt(kept);
        this.#renew(sessionId, kept, sizeOf(kept));
      }
    }
  }

  /** What is held is compared; what nobody looks at is forgotten where its session says that something was done in it. */
  compare({ snapshot, complete, told }: Look): void {
    const updated = updatedOf(snapshot);
    for (const [sessionId, kept] of this.#kept) {
      const hasMoved = updated.has(sessionId) && updated.get(sessionId) !== this.#updated.get(sessionId);
      const isNews = hasMoved && !told.records.has(sessionId);
      if (kept.holds === 0 && isNews) this.#kept.delete(sessionId);
      else if (kept.holds > 0 && (isNews || complete)) this.renew(sessionId);
    }
    for (const [sessionId, time] of updated)
      if (!told.records.has(sessionId)) this.#updated.set(sessionId, time);
  }

  /** Looks whether the server has other messages than are known; what is otherwise is told like any other change. */
  renew(sessionId: string): void {
    const kept = this.#kept.get(sessionId);
    if (kept?.transcript !== undefined && kept.renewing === undefined)
      this.#renew(sessionId, kept, glanceSize);
  }

  apply(event: ServerEvent): void {
    // Deltas were missed while there was no stream; a reset alone, as after a changed configuration, misses none.
    if (event.type === 'server.connected') this.#texts.clear();
    this.#texts.apply(event);
    this.#applySession(event);
    const sessionId = transcriptOf(event);
    const kept = sessionId === undefined ? undefined : this.#kept.get(sessionId);
    if (sessionId === undefined || kept === undefined) return;
    if (isAsking(kept)) kept.meanwhile.push(event);
    if (kept.transcript === undefined) return;
    const changes = this.#applyTo(kept.transcript, event);
    if (changes.length > 0) kept.revision = ++this.#revisions;
    for (const change of changes) this.#didChange.fire({ sessionId, change });
  }

  #applySession(event: ServerEvent): void {
    if (event.type === 'session.created' || event.type === 'session.updated') {
      this.#updated.set(event.properties.info.id, event.properties.info.time.updated);
    } else if (event.type === 'session.deleted') this.#updated.delete(event.properties.info.id);
  }

  async #whenRenewed(sessionId: string, kept: Kept, transcript: Transcript): Promise<Transcript> {
    if (kept.renewing === undefined) return transcript;
    await kept.renewing;
    return this.load(sessionId);
  }

  #renew(sessionId: string, kept: Kept, size: number): void {
    const { generation } = kept;
    const renewing = this.#takeNewest(sessionId, kept, size).catch((error: unknown) => {
      // A server that is away is asked again when it is back; a session that is gone is told by whoever loads it.
      if (error instanceof NotFoundProblem && kept.generation === generation) this.#expire(sessionId, kept);
    });
    kept.renewing = renewing.finally(() => {
      if (kept.generation === generation) kept.renewing = undefined;
      endPage(kept);
    });
  }

  async #takeNewest(sessionId: string, kept: Kept, size: number): Promise<void> {
    const { generation, transcript } = kept;
    const page = await this.#history.listMessages(sessionId, { limit: size });
    if (kept.generation !== generation || transcript === undefined) return;
    const told = new Set(kept.meanwhile.flatMap((event) => toldOf(event) ?? []));
    const changes = transcript.renew(this.#withLiveTexts(page), told);
    if (changes === undefined) {
      if (size < sizeOf(kept)) return this.#takeNewest(sessionId, kept, sizeOf(kept));
      this.#expire(sessionId, kept);
      return;
    }
    for (const event of kept.meanwhile) changes.push(...this.#replay(transcript, event));
    if (changes.length > 0) kept.revision = ++this.#revisions;
    for (const change of changes) this.#didChange.fire({ sessionId, change });
  }

  /** What is known does not join on to what the server has: it is to be loaded anew. */
  #expire(sessionId: string, kept: Kept): void {
    forget(kept);
    this.#didChange.fire({ sessionId, change: { kind: 'stale' } });
  }

  async #loadTail(sessionId: string, kept: Kept, generation: number): Promise<Transcript> {
    try {
      const page = await this.#history.listMessages(sessionId, { limit: kept.size });
      if (kept.generation !== generation) return await this.load(sessionId);
      const transcript = new Transcript(this.#withLiveTexts(page));
      for (const event of kept.meanwhile) this.#replay(transcript, event);
      kept.transcript = transcript;
      kept.revision = ++this.#revisions;
      return transcript;
    } finally {
      if (kept.generation === generation) kept.loading = undefined;
      endPage(kept);
    }
  }

  /** Takes a page into the transcript. The same page is fetched once. */
  #loadPage(
    sessionId: string,
    name: string,
    place: PagePlace,
    fetchPage: () => Promise<MessagePage | undefined>,
  ): Promise<readonly string[]> {
    const kept = this.#kept.get(sessionId);
    if (kept === undefined) return Promise.resolve([]);
    const known = kept.pages.get(name);
    if (known !== undefined) return known;
    const { pages } = kept;
    const page = this.#takePage(kept, place, fetchPage).finally(() => {
      pages.delete(name);
      endPage(kept);
    });
    pages.set(name, page);
    return page;
  }

  async #takePage(
    kept: Kept,
    { near, next }: PagePlace,
    fetchPage: () => Promise<MessagePage | undefined>,
  ): Promise<readonly string[]> {
    const { generation } = kept;
    const page = await fetchPage();
    const { transcript } = kept;
    if (kept.generation !== generation || transcript === undefined || page === undefined) return [];
    const added = transcript.merge(this.#withLiveTexts(page), next);
    for (const event of kept.meanwhile) this.#replay(transcript, event);
    if (transcript.size > keptMessages) {
      transcript.forgetFar(near, keptMessages / 4);
    }
    return added.filter((messageId) => transcript.has(messageId));
  }

  /** Deltas are not replayed: `LiveTexts` has them. */
  #replay(transcript: Transcript, event: ServerEvent): TranscriptChange[] {
    return event.type === 'message.part.delta' ? [] : this.#applyTo(transcript, event);
  }

  #applyTo(transcript: Transcript, event: ServerEvent): TranscriptChange[] {
    switch (event.type) {
      case 'message.updated':
        return transcript.applyMessage(event.properties.info);
      case 'message.removed':
        return transcript.removeMessage(event.properties.messageID);
      case 'message.part.updated':
        return transcript.applyPart(this.#withLiveText(event.properties.part));
      case 'message.part.removed':
        return transcript.removePart(event.properties.messageID, event.properties.partID);
      case 'message.part.delta':
        return applyDelta(transcript, event.properties);
      default:
        return [];
    }
  }

  #withLiveTexts(page: MessagePage): MessagePage {
    const messages = page.messages.map(({ info, parts }): MessageWithParts => {
      return { info, parts: parts.map((part) => this.#withLiveText(part)) };
    });
    return { ...page, messages };
  }

  #withLiveText(part: Part): Part {
    if ((part.type !== 'text' && part.type !== 'reasoning') || part.time?.end !== undefined) return part;
    const text = this.#texts.get(part.sessionID, part.id);
    if (text !== undefined) return { ...part, text };
    if (part.time !== undefined) this.#texts.begin(part);
    return part;
  }

  #keep(sessionId: string): Kept {
    const kept = this.#kept.get(sessionId) ?? emptyKept();
    this.#kept.delete(sessionId);
    this.#kept.set(sessionId, kept);
    return kept;
  }

  #forgetCold(): void {
    const free = [...this.#kept].filter(([, { holds }]) => holds === 0).toReversed();
    free.forEach(([sessionId, { transcript }], index) => {
      if (index >= warmSessions || (transcript?.size ?? 0) > warmSize) this.#kept.delete(sessionId);
    });
  }
}

function emptyKept(): Kept {
  return {
    generation: 0,
    transcript: undefined,
    revision: 0,
    loading: undefined,
    renewing: undefined,
    pages: new Map(),
    meanwhile: [],
    holds: 0,
    size: tailSize,
  };
}

/** Makes it as if nothing was loaded or on its way; what is asked for next is as long as what was there. */
function forget(kept: Kept): void {
  kept.size = sizeOf(kept);
  kept.transcript = undefined;
  kept.loading = undefined;
  interrupt(kept);
}

/** What is on its way is not waited for any more. */
function interrupt(kept: Kept): void {
  kept.generation++;
  kept.renewing = undefined;
  kept.pages.clear();
  kept.meanwhile = [];
}

function applyDelta(
  transcript: Transcript,
  { messageID, partID, field, delta }: ServerEventOf<'message.part.delta'>['properties'],
): TranscriptChange[] {
  return field === 'text' ? transcript.applyDelta(messageID, partID, delta) : [];
}

function endPage(kept: Kept): void {
  if (!isAsking(kept)) kept.meanwhile = [];
}

function isAsking({ loading, renewing, pages }: Kept): boolean {
  return loading !== undefined || renewing !== undefined || pages.size > 0;
}

/** So many messages as there were, and no more than can be had at once. */
function sizeOf({ size, transcript }: Kept): number {
  return Math.min(Math.max(size, transcript?.size ?? 0), reloadSize);
}

function updatedOf(snapshot: readonly DirectorySnapshot[]): Map<string, number> {
  return new Map(snapshot.flatMap(({ sessions }) => sessions.map(({ id, time }) => [id, time.updated])));
}

/** The message or part that the event tells of, where it is there afterwards. */
function toldOf(event: ServerEvent): string | undefined {
  switch (event.type) {
    case 'message.updated':
      return event.properties.info.id;
    case 'message.part.updated':
      return event.properties.part.id;
    default:
      return undefined;
  }
}

/** The session whose transcript the event changes. */
function transcriptOf(event: ServerEvent): string | undefined {
  switch (event.type) {
    case 'message.updated':
      return event.properties.info.sessionID;
    case 'message.part.updated':
      return event.properties.part.sessionID;
    case 'message.removed':
    case 'message.part.removed':
    case 'message.part.delta':
      return event.properties.sessionID;
    default:
      return undefined;
  }
}
