import type { ServerEvent, ServerEventOf } from '../../protocol/events.ts';
import type { Part } from '../../protocol/records.ts';

/**
 * The texts that are being streamed, of every session, by part.
 *
 * A server may store a text only when it is complete: whoever asks for the messages in the middle of
 * an answer gets an empty one. So the deltas of all sessions are gathered here while they stream, and a
 * transcript that is opened later shows the answer from its beginning.
 */
export class LiveTexts {
  readonly #sessions = new Map<string, Map<string, string>>();

  get(sessionId: string, partId: string): string | undefined {
    return this.#sessions.get(sessionId)?.get(partId);
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'message.part.updated':
        this.#applyPart(event.properties.part);
        break;
      case 'message.part.delta':
        this.#append(event.properties);
        break;
      case 'session.deleted':
        this.#sessions.delete(event.properties.info.id);
        break;
      case 'session.status':
        if (event.properties.status.type === 'idle') this.#sessions.delete(event.properties.sessionID);
        break;
      default:
        break;
    }
  }

  /** Takes a text that is open and was not heard of. */
  begin({ sessionID, id, text }: { sessionID: string; id: string; text: string }): void {
    this.#textsOf(sessionID).set(id, text);
  }

  clear(): void {
    this.#sessions.clear();
  }

  #applyPart(part: Part): void {
    if (part.type !== 'text' && part.type !== 'reasoning') return;
    if (part.time !== undefined && part.time.end === undefined) this.begin(part);
    else this.#sessions.get(part.sessionID)?.delete(part.id);
  }

  #append({ sessionID, partID, field, delta }: ServerEventOf<'message.part.delta'>['properties']): void {
    if (field !== 'text') return;
    const texts = this.#textsOf(sessionID);
    texts.set(partID, (texts.get(partID) ?? '') + delta);
  }

  #textsOf(sessionId: string): Map<string, string> {
    const known = this.#sessions.get(sessionId);
    if (known !== undefined) return known;
    const texts = new Map<string, string>();
    this.#sessions.set(sessionId, texts);
    return texts;
  }
}
