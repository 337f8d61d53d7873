import * as z from 'zod';
import type { SentEvent } from '../../../protocol/events.ts';
import { toPermission, toQuestion } from '../records/toRequest.ts';
import { type WireEvent, WireForm, WirePermission } from '../records/wire.ts';

const Replied = z.object({
  sessionID: z.string(),
  requestID: z.string(),
  reply: z.string().optional().catch(undefined),
});
const Form = z.object({ form: WireForm });
const text = z.string().optional().catch(undefined);
const FormEnd = z.object({ sessionID: z.string(), id: text, formID: text, requestID: text });

/** Permissions and questions as they are asked, and answered by whomever. */
export class LiveRequests {
  readonly #tell: (event: SentEvent) => void;
  /** Those that wait, by their session. */
  readonly #waiting = new Map<string, Map<string, 'permission' | 'question'>>();

  constructor(tell: (event: SentEvent) => void) {
    this.#tell = tell;
  }

  /** Whether the event is of one. */
  take(type: string, { data }: WireEvent): boolean {
    switch (type) {
      case 'permission.asked': {
        const properties = toPermission(WirePermission.parse(data));
        this.#note(properties.sessionID, properties.id, 'permission');
        this.#tell({ type, properties });
        return true;
      }
      case 'permission.replied': {
        const properties = Replied.parse(data);
        this.#waiting.get(properties.sessionID)?.delete(properties.requestID);
        this.#tell({ type, properties });
        return true;
      }
      case 'form.created': {
        const properties = toQuestion(Form.parse(data).form);
        this.#note(properties.sessionID, properties.id, 'question');
        this.#tell({ type: 'question.asked', properties });
        return true;
      }
      case 'form.replied':
      case 'form.cancelled':
      case 'form.canceled':
        this.#endForm(type === 'form.replied', FormEnd.parse(data));
        return true;
      default:
        return false;
    }
  }

  /** What ends with a run is told by no event (2.0.26). */
  end(sessionID: string): void {
    for (const [requestID, kind] of this.#waiting.get(sessionID) ?? []) {
      const properties = { sessionID, requestID };
      if (kind === 'permission') this.#tell({ type: 'permission.replied', properties });
      else this.#tell({ type: 'question.replied', properties });
    }
    this.#waiting.delete(sessionID);
  }

  #endForm(isReply: boolean, { sessionID, formID, requestID, id }: z.infer<typeof FormEnd>): void {
    const form = formID ?? requestID ?? id;
    if (form === undefined) return;
    this.#waiting.get(sessionID)?.delete(form);
    const properties = { sessionID, requestID: form };
    this.#tell({ type: isReply ? 'question.replied' : 'question.rejected', properties });
  }

  #note(sessionId: string, id: string, kind: 'permission' | 'question'): void {
    const waiting = this.#waiting.get(sessionId) ?? new Map<string, 'permission' | 'question'>();
    this.#waiting.set(sessionId, waiting.set(id, kind));
  }
}
