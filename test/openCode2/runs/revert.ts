import { notFound } from '../state/apiError.ts';
import type { FileDiff, Message, Revert } from '../state/records.ts';
import type { StoredSession } from '../state/store.ts';
import type { Rooms } from './rooms.ts';

type RevertRooms = Pick<Rooms, 'events' | 'snapshots'>;

/** Sets a session back to before a message, for the time being; its files too where that is wanted. */
export async function stageRevert(
  { events, snapshots }: RevertRooms,
  stored: StoredSession,
  messageID: string,
  withFiles: boolean,
): Promise<Revert> {
  const at = stored.messages.findIndex(({ id }) => id === messageID);
  if (at < 0) throw notFound('Message', messageID);
  const { directory } = stored.session.location;
  const start = snapshotsIn(stored.messages.slice(at)).at(0)?.start;
  // Staged once before: what was there then is what an undo leads back to.
  const present = stored.session.revert?.snapshot ?? (await snapshots.take(directory));
  const files = start === undefined || present === undefined ? [] : snapshots.diff(start, present);
  if (withFiles && start !== undefined && files.length > 0) {
    snapshots.restore(
      directory,
      start,
      files.map(({ file }) => file),
    );
  }
  const revert = { messageID, ...(present === undefined ? {} : { snapshot: present }), files };
  stored.change({ revert });
  events.durable(stored, 'session.revert.staged', { revert });
  return revert;
}

export function clearRevert({ events, snapshots }: RevertRooms, stored: StoredSession): void {
  const { revert, location } = stored.session;
  if (revert === undefined) return;
  if (revert.snapshot !== undefined) {
    snapshots.restore(
      location.directory,
      revert.snapshot,
      revert.files.map(({ file }) => file),
    );
  }
  stored.change({ revert: undefined });
  events.durable(stored, 'session.revert.cleared');
}

/** Drops the records from the message on, without an event for each. */
export function commitRevert({ events }: RevertRooms, stored: StoredSession): void {
  const { revert } = stored.session;
  if (revert === undefined) return;
  const ids = stored.messages.map(({ id }) => id);
  const at = ids.indexOf(revert.messageID);
  stored.write({ dropped: at < 0 ? [] : ids.slice(at) });
  stored.change({ revert: undefined });
  events.durable(stored, 'session.revert.committed', { to: revert.messageID });
}

function snapshotsIn(messages: readonly Message[]): { readonly start: string; readonly end?: string }[] {
  return messages.flatMap((message) => (message.type === 'assistant' ? (message.snapshot ?? []) : []));
}

/** What changed from a message up to another one, which does not count; without any: in the newest turn. */
export function diffTurn(
  { snapshots }: Pick<Rooms, 'snapshots'>,
  stored: StoredSession,
  from: string | null,
  to: string | null,
): FileDiff[] {
  const all = stored.messages;
  const indexOf = (messageID: string): number => {
    const at = all.findIndex(({ id }) => id === messageID);
    if (at < 0) throw notFound('Message', messageID);
    return at;
  };
  const begin = from === null ? all.findLastIndex(({ type }) => type === 'user') : indexOf(from);
  const taken = snapshotsIn(all.slice(Math.max(begin, 0), to === null ? undefined : indexOf(to)));
  const [first, last] = [taken.at(0)?.start, taken.findLast(({ end }) => end !== undefined)?.end];
  return first === undefined || last === undefined ? [] : snapshots.diff(first, last);
}
