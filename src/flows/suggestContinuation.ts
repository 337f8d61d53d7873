import type { Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { SettledTurns } from '../core/turns/settledTurn.ts';
import { countAnswer } from '../core/sessions/contextUses.ts';
import { contextUse, percentUsed } from '../core/sessions/usage.ts';
import type { AssistantMessage, Session } from '../protocol/records.ts';

export interface SuggestionPorts {
  readonly turns: Pick<SettledTurns, 'onDidSettle'>;
  readonly sessions: Pick<Sessions, 'get' | 'title'>;
  readonly openCode: Pick<OpenCode, 'listProviders'>;
  /** Percent of the usable context; 0: never suggest. */
  readonly threshold: () => number;
  readonly notify: Notify;
  readonly log: Log;
}

/** Offers the ways to continue a session once its context fills up; once for each time it crosses the threshold. */
export class ContinuationSuggestions implements Disposable {
  readonly #ports: SuggestionPorts;
  readonly #subscription: Disposable;
  readonly #above = new Set<string>();

  constructor(ports: SuggestionPorts) {
    this.#ports = ports;
    this.#subscription = ports.turns.onDidSettle(({ sessionId, outcome }) => {
      if (outcome.kind === 'deleted') this.#above.delete(sessionId);
      if (outcome.kind !== 'settled') return;
      this.#judge(sessionId, outcome.answer).catch((error: unknown) =>
        ports.log.debug('The headroom of a session is not known.', sessionId, error),
      );
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #judge(sessionId: string, answer: AssistantMessage): Promise<void> {
    const { sessions, openCode, threshold, notify } = this.#ports;
    const session = sessions.get(sessionId);
    if (session === undefined || session.parentID !== undefined) return;
    // A compaction leaves room again, also one whose summary was not counted.
    if (answer.summary === true) this.#above.delete(sessionId);
    const counted = countAnswer(answer);
    if (counted === undefined || threshold() <= 0) return;
    const percent = percentUsed(contextUse(counted, await openCode.listProviders(session.directory)));
    if (percent === undefined || percent < threshold()) {
      this.#above.delete(sessionId);
      return;
    }
    if (this.#above.has(sessionId)) return;
    this.#above.add(sessionId);
    notify(describe(session, sessions.title(session), percent));
  }
}

function describe({ id }: Session, title: string, percent: number) {
  return {
    message: l10n.t('“{0}” has used {1}% of its usable context.', title, percent),
    actions: [{ title: l10n.t('Continue…'), command: 'opencodeSessions.session.continue', arguments: [id] }],
  };
}
