import { toModelReference } from '../../core/continuation/gathered.ts';
import type { Disposable } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import { parseLineage } from '../../protocol/lineage.ts';
import type { Session } from '../../protocol/records.ts';
import { findMessage } from '../prompting/findMessage.ts';
import { readAwaited } from './awaited.ts';
import type { Relays } from './relay.ts';

export interface ChildReportsPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'getMessage' | 'listMessages' | 'listStatuses'>;
  readonly sessions: Pick<Sessions, 'get'>;
  readonly turns: Pick<SettledTurns, 'onDidSettle'>;
  readonly relays: Pick<Relays, 'add' | 'pending'>;
  readonly log: Log;
}

/** Tells agents how the sessions fared that they began, once each, when their first turn has ended, well or badly. */
export class ChildReports implements Disposable {
  readonly #ports: ChildReportsPorts;
  readonly #subscription: Disposable;
  /** Reports that were asked for, here or elsewhere: a session goes on long after its first turn. */
  readonly #told = new Set<string>();

  constructor(ports: ChildReportsPorts) {
    this.#ports = ports;
    this.#subscription = ports.turns.onDidSettle(({ sessionId }) => {
      const session = ports.sessions.get(sessionId);
      if (session === undefined) return;
      this.#report(session).catch((error: unknown) => {
        ports.log.warn('Whoever began a session could not be told how it fared.', sessionId, error);
      });
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #report(child: Session): Promise<void> {
    const { openCode, relays } = this.#ports;
    const { from, report } = parseLineage(child) ?? {};
    if (from === undefined || report === undefined || this.#told.has(report)) return;
    const isPending = relays.pending(from).some(({ messageId }) => messageId === report);
    if (isPending || (await findMessage(openCode, from, report)) !== undefined) {
      this.#told.add(report);
      return;
    }
    const parent = await openCode.getSession(from);
    const model = toModelReference(parent);
    const { messages } = await openCode.listMessages(child.id, { limit: 20 });
    const prompt = messages.findLast(({ info }) => info.role === 'user');
    if (model === undefined || prompt === undefined) return;
    const awaited = { session: child.id, messageId: prompt.info.id };
    const result = await readAwaited(openCode, awaited);
    if (result === undefined) return;
    const told = `[Not from the user: of a session that you began.] ${result}`;
    const agent = parent.agent ?? prompt.info.agent;
    // Who wrote it: without that it is taken for words of the user.
    const by = { session: child.id, agent: prompt.info.agent };
    await relays.add(from, [{ agent, model, text: told, silent: true, messageId: report, from: by }]);
    this.#told.add(report);
  }
}
