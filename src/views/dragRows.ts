import { DataTransferItem, type DataTransfer } from 'vscode';
import { titleById } from '../core/sessions/sessionRow.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import { type DraggedSessions, draggedSessionsType } from '../protocol/draggedSessions.ts';
import type { TreeRow } from './sessionsTree.ts';

/** Hands over the sessions whose rows are dragged, also by their titles. A transcript knows them by the addresses of the rows. */
export function dragRows(sessions: Pick<Sessions, 'get' | 'title'>) {
  return (rows: readonly TreeRow[], data: DataTransfer): void => {
    const dragged: DraggedSessions = rows.flatMap((row) =>
      row.kind === 'session' ? [{ sessionId: row.sessionId, title: titleById(sessions, row.sessionId) }] : [],
    );
    if (dragged.length === 0) return;
    data.set(draggedSessionsType, new DataTransferItem(JSON.stringify(dragged)));
    data.set('text/plain', new DataTransferItem(dragged.map(({ title }) => title).join('\n')));
  };
}
