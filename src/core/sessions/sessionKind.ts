import { findCopied, parseLineage } from '../../protocol/lineage.ts';
import type { Session } from '../../protocol/records.ts';

/** How a session came to be; `root` began by itself. */
export type SessionKind = 'root' | 'subagent' | 'fork' | 'handoff';

/** By what an origin is known of which nobody told us; it is shown as such, and nothing is done because of it. */
export type Inference = 'metadata' | 'messages' | 'prompt' | 'call';

/** How a session came to be and from which other one; the source may be gone. */
export interface Origin {
  readonly kind: SessionKind;
  readonly from: string | undefined;
  readonly inferred?: Inference;
}

/** The server's own word (`parentID`, set for subagents) goes before ours, and ours before what a copy gives away. */
export function findOrigin(session: Session): Origin {
  if (session.parentID !== undefined) return { kind: 'subagent', from: session.parentID };
  const lineage = parseLineage(session);
  if (lineage !== undefined) return { kind: lineage.kind, from: lineage.from };
  const copied = findCopied(session);
  return copied === undefined
    ? { kind: 'root', from: undefined }
    : { kind: 'fork', from: copied, inferred: 'metadata' };
}

/** 0 means not archived: a server may be unable to take the field away again. */
export function isArchived(session: Session): boolean {
  return (session.time.archived ?? 0) > 0;
}
