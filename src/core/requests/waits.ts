import type { Wait } from '../../protocol/page/header.ts';
import type { Disposable } from '../event.ts';
import type { Attention } from '../sessions/attention.ts';

/** So many are kept of a session. */
const keptWaits = 200;

interface OpenWait extends Wait {
  to?: number;
}

/**
 * When sessions stood still for a person, as far as this window saw it: the server keeps no word of that. What a subagent
 * waited for, the sessions above it waited for, too.
 */
export class Waits implements Disposable {
  readonly #attention: Pick<Attention, 'of' | 'onDidChange'>;
  readonly #now: () => number;
  readonly #subscription: Disposable;
  /** By session and request, oldest first. */
  readonly #bySession = new Map<string, Map<string, OpenWait>>();

  constructor(attention: Pick<Attention, 'of' | 'onDidChange'>, now: () => number) {
    this.#attention = attention;
    this.#now = now;
    this.#subscription = attention.onDidChange(({ sessionIds }) => {
      for (const id of sessionIds) this.#update(id);
    });
  }

  of(sessionId: string): readonly Wait[] {
    return [...(this.#bySession.get(sessionId)?.values() ?? [])];
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #update(sessionId: string): void {
    const waits = this.#bySession.get(sessionId) ?? new Map<string, OpenWait>();
    this.#bySession.set(sessionId, waits);
    const open = this.#attention.of(sessionId);
    const openIds = new Set(open.map(({ request }) => request.id));
    for (const [id, wait] of waits) if (!openIds.has(id)) wait.to ??= this.#now();
    for (const { request } of open) {
      if (waits.has(request.id)) continue;
      const callId = request.tool?.callID;
      waits.set(request.id, { from: this.#now(), ...(callId !== undefined && { callId }) });
    }
    const [oldest] = waits.keys();
    if (waits.size > keptWaits && oldest !== undefined) waits.delete(oldest);
  }
}
