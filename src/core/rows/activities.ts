import type { ServerEvent } from '../../protocol/events.ts';
import type { Part } from '../../protocol/records.ts';
import { describeCall } from '../activity.ts';
import { Emitter, type Disposable } from '../event.ts';
import { l10n } from '../l10n.ts';
import type { ServerSink } from '../ports/serverSink.ts';
import { toolOf } from '../tools/toolOf.ts';
import type { SessionActivity } from '../sessions/sessionRow.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

interface Doing {
  readonly partId: string;
  readonly state: string;
  readonly words: string;
}

/** What the sessions do that work: what their newest part tells, as the stream brings it. */
export class Activities implements ServerSink, Disposable {
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #now: () => number;
  /** When runs began. */
  readonly #since = new Map<string, number>();
  readonly #doing = new Map<string, Doing>();

  readonly onDidChange = this.#didChange.event;

  constructor(now: () => number) {
    this.#now = now;
  }

  of(sessionId: string): SessionActivity {
    return withoutUndefined({
      since: this.#since.get(sessionId),
      doing: this.#doing.get(sessionId)?.words,
    });
  }

  /** What began while the stream was broken nobody saw. */
  reset(): void {
    this.#since.clear();
    this.#doing.clear();
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'turn.started':
        if (!this.#since.has(event.properties.sessionID)) {
          this.#since.set(event.properties.sessionID, this.#now());
        }
        break;
      case 'turn.ended':
        this.#forget(event.properties.sessionID);
        break;
      case 'session.deleted':
        this.#forget(event.properties.info.id);
        break;
      case 'message.part.updated':
        this.#take(event.properties.part);
        break;
      default:
        break;
    }
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  #forget(sessionId: string): void {
    this.#since.delete(sessionId);
    if (this.#doing.delete(sessionId)) this.#didChange.fire({ sessionId });
  }

  #take(part: Part): void {
    const state = stateOf(part);
    const before = this.#doing.get(part.sessionID);
    if (state === undefined || (before?.partId === part.id && before.state === state)) return;
    // Of calls side by side, the one that ended is not what is done.
    if (state === '' && before?.partId !== part.id) return;
    const words = state === '' ? '' : describe(part);
    this.#doing.set(part.sessionID, { partId: part.id, state, words });
    if (words !== before?.words) this.#didChange.fire({ sessionId: part.sessionID });
  }
}

/** What of a part decides its words; `''`: it is done, undefined: it tells nothing of what is done. */
function stateOf(part: Part): string | undefined {
  if (part.type === 'tool') {
    const { status } = part.state;
    return status === 'pending' || status === 'running' ? status : '';
  }
  if (part.type === 'reasoning') return part.time.end === undefined ? part.type : '';
  if (part.type !== 'text' || part.synthetic === true || part.time === undefined) return undefined;
  return part.time.end === undefined ? part.type : '';
}

function describe(part: Part): string {
  if (part.type !== 'tool') return part.type === 'reasoning' ? l10n.t('thinking') : l10n.t('writing');
  const { kind, given } = toolOf(part.tool);
  return describeCall({ tool: part.tool, kind, given: withoutUndefined(given(part.state.input)) });
}
