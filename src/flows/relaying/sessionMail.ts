import { toModelReference } from '../../core/continuation/gathered.ts';
import type { Disposable } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { nameSession } from '../../core/sessions/unnamed.ts';
import { idBeside, type IdSource, makeMessageId } from '../../core/turns/messageId.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { RelayNotice, Relays } from './relay.ts';

export interface SessionMailPorts {
  readonly relays: Pick<Relays, 'onDidNotice' | 'add'>;
  readonly openCode: Pick<OpenCode, 'getSession'>;
  readonly ids: IdSource;
  readonly log: Log;
}

/** Tells the agents that wrote to other sessions what became of it, each in its own session and without a turn there. */
export class SessionMail implements Disposable {
  readonly #ports: SessionMailPorts;
  readonly #subscription: Disposable;

  constructor(ports: SessionMailPorts) {
    this.#ports = ports;
    this.#subscription = ports.relays.onDidNotice((notice) => this.#heard(notice));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #heard(notice: RelayNotice): void {
    const words = describe(notice);
    if (words === undefined) return;
    for (const leg of 'legs' in notice ? notice.legs : [notice.leg]) {
      if (leg.from?.notice === undefined) continue;
      const sender = { ...leg.from, notice: leg.from.notice };
      this.#tell(notice.sessionId, leg, sender, words).catch((error: unknown) => {
        this.#ports.log.warn('The sender of a message could not be told.', notice.sessionId, error);
      });
    }
  }

  async #tell(
    target: string,
    { messageId }: RelayLeg,
    { session: sender, agent, notice }: Sender,
    fate: Fate,
  ): Promise<void> {
    const { openCode, relays, ids } = this.#ports;
    const [to, from] = await Promise.all([openCode.getSession(target), openCode.getSession(sender)]);
    const model = toModelReference(from);
    if (model === undefined) return;
    const told = `[Your message ${messageId} to session "${nameSession(to, undefined)}" (\`${target}\`) ${fate.what}]`;
    const id = idOf(fate, notice, ids);
    await relays.add(sender, [{ agent, model, text: told, silent: true, messageId: id }]);
  }
}

interface Sender {
  readonly session: string;
  readonly agent: string;
  /** The id of the last word. */
  readonly notice: string;
}

interface Fate {
  readonly what: string;
  /** Nothing else becomes of it, or it waits for somebody who types: both are said once, whoever says it. */
  readonly kind: 'last' | 'typing' | 'held';
}

function idOf({ kind }: Fate, notice: string, ids: IdSource): string {
  if (kind === 'held') return makeMessageId(ids);
  return kind === 'last' ? notice : idBeside(notice);
}

function describe(notice: RelayNotice): Fate | undefined {
  switch (notice.kind) {
    case 'sent':
      return { what: 'was delivered.', kind: 'last' };
    case 'dropped':
      return { what: 'was not delivered: the user stopped the run there.', kind: 'last' };
    case 'cancelled':
      return { what: 'was not delivered: the user took it out.', kind: 'last' };
    case 'held':
      return { what: `waits for the user: ${notice.reason}`, kind: 'held' };
    case 'waits':
      return { what: `is held: ${notice.reason}`, kind: 'typing' };
    default:
      return undefined;
  }
}
