import { buildSessionHeader, type HeaderSources } from '../../core/page/sessionHeader.ts';
import type { SessionChanges } from '../../core/changes/sessionChanges.ts';
import type { TodoStore } from '../../core/todos/todoStore.ts';
import type { Offers } from '../../core/state/offers.ts';
import type { Transcript } from '../../core/transcript/transcript.ts';
import { findContextUse, isCompacting } from '../../core/transcript/transcriptContext.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import type { Session } from '../../protocol/records.ts';
import type { ShownSession } from './shownSession.ts';

export interface ToldHeaderPorts extends Pick<HeaderSources, 'sessions' | 'ends' | 'attention' | 'waits'> {
  readonly todos: Pick<TodoStore, 'get'>;
  readonly changes: Pick<SessionChanges, 'figure'>;
  readonly offers: Pick<Offers, 'known'>;
}

/** What a page was told last of what stands above and around the messages of its session. */
export class ToldHeader {
  readonly #ports: ToldHeaderPorts;
  readonly #session: ShownSession;
  #told: SessionHeader | undefined;
  #toldText = '';

  constructor(ports: ToldHeaderPorts, session: ShownSession) {
    this.#ports = ports;
    this.#session = session;
  }

  /** The header that the page is told with its session. */
  begin(session: Session, transcript: Transcript): SessionHeader {
    const header = this.#build(session, transcript);
    this.#keep(header, JSON.stringify(header));
    return header;
  }

  /** The header that the page is told next; undefined: it has it. `isShown`: the page has the session. */
  next(isShown: boolean): SessionHeader | undefined {
    const header = this.#read(isShown);
    const text = JSON.stringify(header);
    if (header === undefined || text === this.#toldText) return undefined;
    this.#keep(header, text);
    return header;
  }

  #keep(header: SessionHeader, text: string): void {
    this.#told = header;
    this.#toldText = text;
  }

  #read(isShown: boolean): SessionHeader | undefined {
    const { record, transcript, isDeleted } = this.#session;
    if (record !== undefined && transcript !== undefined) return this.#build(record, transcript);
    // Of a session that was deleted while the stream was broken, the page has more than we do.
    const last = isDeleted && isShown ? this.#told : undefined;
    return last && { ...last, status: { type: 'idle' }, deleted: true };
  }

  #build(session: Session, transcript: Transcript): SessionHeader {
    const { sessions, ends, attention, waits, todos, changes, offers } = this.#ports;
    const header = buildSessionHeader(session, {
      sessions,
      ends,
      attention,
      waits,
      todos: todos.get(session.id) ?? [],
      changes: changes.figure(session),
      context: findContextUse(transcript, offers.known(session.directory)?.providers),
      latestPrompt: transcript.latestPrompt,
      isEmpty: transcript.size === 0,
      compacting: isCompacting(transcript),
    });
    return this.#session.isDeleted ? { ...header, deleted: true } : header;
  }
}
