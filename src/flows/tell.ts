import type { Cancellation } from '../core/cancellation.ts';
import { Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import { type IdSource, makeMessageId } from '../core/turns/messageId.ts';
import type { SessionLock } from '../core/turns/sessionLock.ts';
import type { PromptPart } from '../core/openCode.ts';
import type { ModelReference, Session } from '../protocol/records.ts';
import { type DeliveryPorts, findMessage, whenIdle } from './prompting/promptDelivery.ts';

export interface TellPorts extends DeliveryPorts {
  readonly lock: SessionLock;
  readonly ids: IdSource;
}

export interface TellRequest {
  readonly session: Pick<Session, 'id' | 'directory'>;
  readonly agent: string;
  readonly model: ModelReference;
  readonly parts: readonly PromptPart[];
}

/**
 * Puts context into a session without a turn: at once when it is idle, else when it has settled, because in a run
 * it would start a turn (1.18). Answers with the id of the message. Throws `CancelledError` when cancelled while waiting.
 */
export async function tell(
  ports: TellPorts,
  request: TellRequest,
  cancellation?: Cancellation,
): Promise<string> {
  return whenIdle(ports, request.session, () => store(ports, request), cancellation);
}

async function store(ports: TellPorts, { session, agent, model, parts }: TellRequest): Promise<string> {
  const messageId = makeMessageId(ports.ids);
  const followed = ports.turns.follow(session.id, messageId);
  try {
    await ports.openCode.promptSession(session.id, { messageId, agent, model, parts, noReply: true });
    await Promise.race([followed.stored, followed.refused, ports.wait(storeLimit)]);
  } finally {
    followed.dispose();
  }
  if ((await findMessage(ports.openCode, session.id, messageId)) !== undefined) return messageId;
  throw new Problem(l10n.t('OpenCode did not keep what was told. Nothing was sent; try again.'));
}

/** How long the server may take until it stores what it accepted. */
const storeLimit = 10_000;
