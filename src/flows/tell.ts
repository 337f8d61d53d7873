import type { Cancellation } from '../core/cancellation.ts';
import { l10n } from '../core/l10n.ts';
import type { Causation } from '../core/prompts/delivery.ts';
import type { Hold } from '../core/state/hold.ts';
import type { Held } from '../core/turns/sessionLock.ts';
import type { PromptPart } from '../core/ports/openCode.ts';
import type { ModelReference, Session } from '../protocol/records.ts';
import type { Attempts } from './prompting/attempts.ts';
import type { PromptDoor } from './prompting/promptDoor.ts';
import { whenIdle, type WhenIdlePorts } from './prompting/whenIdle.ts';

export interface TellPorts extends WhenIdlePorts {
  readonly door: Pick<PromptDoor, 'send'>;
  readonly attempts: Attempts;
  readonly hold: Pick<Hold, 'isHeld'>;
}

export interface TellRequest {
  readonly session: Pick<Session, 'id' | 'directory'>;
  readonly agent: string;
  readonly model: ModelReference;
  readonly parts: readonly PromptPart[];
  /** Where it was given one before, e.g. by a program that ended meanwhile; else it gets one here. */
  readonly messageId?: string;
  /** The agent that wants it, and where it comes from; absent: a person, from nowhere else. */
  readonly causation?: Pick<Causation, 'by' | 'source'>;
}

/**
 * Puts context into a session without a turn: at once when it is idle, else when it has settled, because in a run
 * it would start a turn. Answers with the id of the message. Throws `CancelledError` when cancelled while waiting,
 * and `UncertainProblem` where nobody knows whether it arrived: told once more, it is stored once.
 */
export async function tell(
  ports: TellPorts,
  { session, agent, model, parts, messageId: given, causation }: TellRequest,
  cancellation?: Cancellation,
): Promise<string> {
  // What a person tells although Stop All holds is meant; what they stop while it waits, too.
  const isPressed = causation?.by === undefined && ports.hold.isHeld();
  const why = { ...causation, cause: 'tell', isPressed } as const;
  return ports.attempts.run(['tell', session.id, agent, model, parts, given], async (attempt) => {
    const messageId = given ?? attempt.messageId('context');
    const prompt = { messageId, agent, model, parts };
    const send = (held: Held) => ports.door.send(session, { kind: 'told', prompt }, why, held);
    await whenIdle(ports, session, l10n.t('The session is being told something.'), send, cancellation);
    return messageId;
  });
}
