import { type Cancellation, orCancelled } from '../../core/cancellation.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { StoredMessage, StoredSessions } from '../../core/ports/storedSessions.ts';

/** Messages of a page: those of some sessions are small, and others hold megabytes. */
const pages = { first: 20, most: 200 };

/** Characters of a page from which on the next has fewer messages, and below which it has more. */
const sizes = { large: 250_000, small: 60_000 };

export interface MeasuredPage {
  readonly messages: readonly StoredMessage[];
  /** It is told how long its messages are, so that the next page holds about as much as fits. */
  measure(length: number): void;
}

/**
 * The messages of a session from its end back to its beginning, or to that message. A page that holds nothing further is the
 * last, whatever cursor comes with it: a server that goes in circles would be asked for ever.
 */
export async function* storedPagesBack(
  openCode: Pick<StoredSessions, 'listStored'>,
  sessionId: string,
  { from, cancellation }: { readonly from?: string | undefined; readonly cancellation?: Cancellation },
): AsyncGenerator<MeasuredPage, void, undefined> {
  const begun = new Set<string>();
  let limit = pages.first;
  let before: string | undefined;
  do {
    const asked = { limit, ...(before === undefined ? {} : { before }) };
    const page = await orCancelled(openCode.listStored(sessionId, asked), cancellation);
    const first = page.messages[0]?.info.id;
    if (first === undefined || begun.has(first)) break;
    begun.add(first);
    const at = from === undefined ? -1 : page.messages.findIndex(({ info }) => info.id === from);
    yield {
      messages: at === -1 ? page.messages : page.messages.slice(at),
      measure: (length) => {
        if (length > sizes.large) limit = Math.max(1, Math.floor(limit / 4));
        else if (length < sizes.small) limit = Math.min(pages.most, limit * 2);
      },
    };
    if (at !== -1) return;
    ({ before } = page);
  } while (before !== undefined);
  if (from === undefined) return;
  throw new NotFoundProblem(l10n.t('This message is no longer in the session. Choose another message.'));
}
