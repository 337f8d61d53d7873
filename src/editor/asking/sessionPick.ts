import type { SessionFactsReader } from '../../core/sessions/sessionFacts.ts';
import { rowDescription, rowIcon } from '../../core/sessions/sessionRow.ts';
import type { Session } from '../../protocol/records.ts';
import { pickOne } from './quickPick.ts';

/** Offers sessions, latest first, as they look in the tree. */
export function createPickSession(
  facts: Pick<SessionFactsReader, 'read'>,
): (title: string, sessions: readonly Session[]) => Promise<string | undefined> {
  return (title, sessions) =>
    pickOne(
      title,
      sessions
        .toSorted((a, b) => b.time.updated - a.time.updated)
        .map((session) => {
          const read = facts.read(session);
          return {
            label: read.title,
            description: rowDescription(read),
            icon: rowIcon(read).id,
            value: session.id,
          };
        }),
    );
}
