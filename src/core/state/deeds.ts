import type { ServerEvent } from '../../protocol/events.ts';
import { parseOwnLineage } from '../../protocol/lineage.ts';
import { parsePendingRelays } from '../../protocol/pending.ts';
import type { Session } from '../../protocol/records.ts';
import { isOfAgent, parseRelayed } from '../../protocol/relayed.ts';
import type { DirectorySnapshot, Look, ServerSink } from '../ports/serverSink.ts';

/** What a person did with a verb; `answer`: to a request. */
export type Deed = 'answer' | 'fork' | 'handoff' | 'relay';

/**
 * Tells of each deed once, when the server first shows that it was done: a session that came of it is there, or a relay.
 * Begun commands that a person left again are none, nor are sessions that other clients made.
 */
export class Deeds implements ServerSink {
  readonly #done = new Set<Deed>();
  readonly #tell: (deed: Deed) => void;

  constructor(tell: (deed: Deed) => void) {
    this.#tell = tell;
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    for (const session of snapshot.flatMap(({ sessions }) => sessions)) this.#see(session);
  }

  compare({ snapshot }: Look): void {
    this.reset(snapshot);
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'permission.replied':
      case 'question.replied':
        this.#take('answer');
        break;
      case 'session.created':
      case 'session.updated':
        this.#see(event.properties.info);
        break;
      case 'message.part.updated': {
        const { part } = event.properties;
        if (
          part.type === 'text' &&
          !this.#done.has('relay') &&
          parseRelayed(part) !== undefined &&
          !isOfAgent(part)
        ) {
          this.#take('relay');
        }
        break;
      }
      default:
    }
  }

  #see(session: Session): void {
    const kind = parseOwnLineage(session)?.kind;
    if (kind !== undefined) this.#take(kind);
    if ((parsePendingRelays(session)?.legs.length ?? 0) > 0) this.#take('relay');
  }

  #take(deed: Deed): void {
    if (this.#done.has(deed)) return;
    this.#done.add(deed);
    this.#tell(deed);
  }
}
