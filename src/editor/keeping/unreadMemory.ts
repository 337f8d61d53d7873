import type { Memento } from 'vscode';
import type { UnreadMemory } from '../../core/sessions/unread.ts';

/** Which sessions are unread, kept for the next time this workspace is opened. */
export function createUnreadMemory(memento: Memento): UnreadMemory {
  const key = 'unread';
  return {
    read: () => memento.get<string[]>(key, []),
    write: (sessionIds) => void memento.update(key, sessionIds),
  };
}
