import { parseLineage } from '../../protocol/lineage.ts';
import type { Session } from '../../protocol/records.ts';

/** How a session came to be; `root` began by itself. */
export type SessionKind = 'root' | 'subagent' | 'fork' | 'handoff';

/** How a session came to be and from which other one; the source may be gone. */
export interface Origin {
  readonly kind: SessionKind;
  readonly from: string | undefined;
}

/** The server's own word (`parentID`, set for subagents) goes before ours (lineage, which forks inherit). */
export function findOrigin(session: Session): Origin {
  if (session.parentID !== undefined) return { kind: 'subagent', from: session.parentID };
  const lineage = parseLineage(session);
  return lineage === undefined
    ? { kind: 'root', from: undefined }
    : { kind: lineage.kind, from: lineage.from };
}

/** 0 means not archived: the server cannot take the field away again (1.18). */
export function isArchived(session: Session): boolean {
  return (session.time.archived ?? 0) > 0;
}
