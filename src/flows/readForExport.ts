import { type Cancellation, orCancelled } from '../core/cancellation.ts';
import type { Section } from '../core/export/section.ts';
import type { SessionText } from '../core/export/sessionMarkdown.ts';
import { toSections } from '../core/export/toSection.ts';
import { l10n } from '../core/l10n.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { RunWithProgress } from '../core/ports/progress.ts';
import { pagesBack } from '../core/transcript/messagesBack.ts';
import { withoutReverted } from '../core/turns/standing.ts';
import type { MessageWithParts, Session } from '../protocol/records.ts';

/** What an export of a session is made of, whatever form it has. */
export type SessionReading = Omit<SessionText, 'title' | 'created'>;

export interface ExportPorts {
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly runWithProgress: RunWithProgress;
}

/** Characters of text that are kept at most: about a thousand pages of a book, eight times. */
const usualLimit = 16_000_000;

/**
 * Reads all of a session from the server, whatever of it is loaded anywhere, and keeps of each message no more than an
 * export says. What takes more than a page says that it goes on, and can be cancelled: then it throws `CancelledError`.
 */
export async function readForExport(
  { openCode, runWithProgress }: ExportPorts,
  session: Session,
  title: string,
  limit = usualLimit,
): Promise<SessionReading> {
  const pages = pagesBack(openCode, session.id);
  const reading = new Reading(session, limit);
  const next = async (cancellation?: Cancellation): Promise<boolean> => {
    const { value, done } = await orCancelled(pages.next(), cancellation);
    if (done === true || value === undefined) return false;
    reading.add(value.messages);
    reading.isPartial = value.before !== undefined && reading.isFull;
    return value.before !== undefined && !reading.isFull;
  };
  if (await next()) {
    await runWithProgress(title, async (cancellation, report) => {
      do report(l10n.t('{0} messages read', reading.count));
      while (await next(cancellation));
    });
  }
  const { sections, reverted, isPartial } = reading;
  return { sections, reverted, isPartial };
}

/** What has been read, from the end of the session on. */
class Reading {
  readonly #session: Session;
  readonly #limit: number;
  readonly #pages: (readonly Section[])[] = [];
  #length = 0;
  /** The message that comes behind those that are read next. */
  #after: MessageWithParts | undefined;
  /** The message at which a revert begins was read: all before it stand. */
  #isPastRevert = false;
  count = 0;
  reverted = 0;
  isPartial = false;

  constructor(session: Session, limit: number) {
    this.#session = session;
    this.#limit = limit;
  }

  get sections(): readonly Section[] {
    return this.#pages.toReversed().flat();
  }

  get isFull(): boolean {
    return this.#length >= this.#limit;
  }

  add(messages: readonly MessageWithParts[]): void {
    const { directory, revert } = this.#session;
    const standing = this.#isPastRevert ? messages : withoutReverted(messages, revert);
    this.#isPastRevert ||= messages.some(({ info }) => info.id === revert?.messageID);
    this.count += messages.length;
    this.reverted += messages.length - standing.length;
    const sections = toSections(standing, directory, this.#after);
    this.#after = standing[0] ?? this.#after;
    for (const { pieces } of sections) {
      for (const piece of pieces) this.#length += 'text' in piece ? piece.text.length : 0;
    }
    this.#pages.push(sections);
  }
}
