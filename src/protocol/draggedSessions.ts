import * as z from 'zod';

/** What is handed over where sessions are dragged within the editor, as JSON. */
export const draggedSessionsType = 'application/vnd.opencode-sessions.sessions';
export const DraggedSessions = z.array(z.object({ sessionId: z.string(), title: z.string() })).readonly();
export type DraggedSessions = Readonly<z.infer<typeof DraggedSessions>>;
