import { readHandedOff } from '../../core/entries/toolEntry.ts';
import type { ServerSink } from '../../core/ports/serverSink.ts';
import type { TypingSessions } from '../../core/state/typing.ts';
import type { ServerEvent } from '../../protocol/events.ts';

export interface AgentHandOffsPorts {
  /** Whether the user has this session before their eyes. */
  readonly isLookedAt: (sessionId: string) => boolean;
  readonly typing: Pick<TypingSessions, 'remaining'>;
  /** Shows a session in a preview, and takes no focus. */
  readonly open: (sessionId: string) => void;
  readonly now: () => number;
}

/** Milliseconds after which a call is told of for another reason: what it answered may be put away at a compaction. */
const freshness = 30_000;

/**
 * Goes along when an agent hands off the session that a person looks at, as the editor does when the person does it. Who
 * types there stays; the call in the transcript has a link.
 */
export class AgentHandOffs implements ServerSink {
  readonly #ports: AgentHandOffsPorts;
  /** The calls that were followed. */
  readonly #followed = new Set<string>();

  constructor(ports: AgentHandOffsPorts) {
    this.#ports = ports;
  }

  reset(): void {
    // What was handed off while nothing was heard is not followed any more.
  }

  apply({ type, properties }: ServerEvent): void {
    if (type !== 'message.part.updated' || properties.part.type !== 'tool') return;
    const { part } = properties;
    const successor = readHandedOff(part);
    if (successor === undefined || part.state.status !== 'completed' || this.#followed.has(part.id)) return;
    const { isLookedAt, typing, open, now } = this.#ports;
    this.#followed.add(part.id);
    if (now() - part.state.time.end > freshness) return;
    if (isLookedAt(part.sessionID) && typing.remaining(part.sessionID) === 0) open(successor);
  }
}
