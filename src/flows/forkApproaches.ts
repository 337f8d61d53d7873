import type { ForkPoint } from '../core/turns/fork.ts';
import type { Log } from '../core/log.ts';
import { type IdSource, makeMessageId } from '../core/turns/messageId.ts';
import type { OpenCode } from '../core/openCode.ts';
import { type Lineage, withLineage } from '../protocol/lineage.ts';
import type { ModelReference, Session } from '../protocol/records.ts';
import { type Delivery, type DeliveryPorts, deliverPrompt } from './prompting/promptDelivery.ts';

export interface ForkPorts extends DeliveryPorts {
  readonly openCode: DeliveryPorts['openCode'] &
    Pick<OpenCode, 'forkSession' | 'updateSession' | 'deleteSession'>;
  readonly ids: IdSource;
  readonly log: Log;
}

export interface ForkRequest {
  readonly title: string;
  /** Exactly what is sent first; absent: nothing. */
  readonly prompt?: { readonly agent: string; readonly model: ModelReference; readonly text: string };
}

/** What became of one approach; a failed one left no fork behind. */
export type ForkedApproach =
  | { readonly request: ForkRequest; readonly session: Session; readonly delivery: Delivery | undefined }
  | { readonly request: ForkRequest; readonly error: unknown };

/** Forks a session once for each approach and starts them side by side, grouped in the tree. */
export async function forkApproaches(
  ports: ForkPorts,
  source: Session,
  point: ForkPoint,
  requests: readonly ForkRequest[],
): Promise<readonly ForkedApproach[]> {
  // One alone belongs to no group.
  const group = requests.length > 1 ? makeMessageId(ports.ids) : undefined;
  return Promise.all(
    requests.map(async (request): Promise<ForkedApproach> => {
      try {
        return { request, ...(await forkWithPrompt(ports, source, point, request, group)) };
      } catch (error) {
        return { request, error };
      }
    }),
  );
}

/**
 * Forks a session, writes our lineage over what the fork inherited, carries its permission rules, and sends the
 * first prompt. A fork that could not be made whole is deleted again.
 */
export async function forkWithPrompt(
  ports: ForkPorts,
  source: Session,
  point: ForkPoint,
  request: ForkRequest,
  group?: string,
): Promise<{ session: Session; delivery: Delivery | undefined }> {
  const { openCode, ids, log } = ports;
  const fork = await openCode.forkSession(source.id, point.before);
  try {
    const lineage: Lineage = {
      kind: 'fork',
      from: source.id,
      time: ids.now(),
      ...(point.at === undefined ? {} : { at: point.at }),
      ...(group === undefined ? {} : { group }),
    };
    const session = await openCode.updateSession(fork.id, {
      title: request.title,
      metadata: withLineage(fork.metadata, lineage),
      ...(source.permission === undefined ? {} : { permission: source.permission }),
    });
    const delivery = request.prompt && (await deliverPrompt(ports, session, toPrompt(ids, request.prompt)));
    return { session, delivery };
  } catch (error) {
    await openCode.deleteSession(fork.id).catch((failure: unknown) => {
      log.warn('Unfinished fork could not be deleted.', fork.id, failure);
    });
    throw error;
  }
}

function toPrompt(ids: IdSource, { agent, model, text }: NonNullable<ForkRequest['prompt']>) {
  return { messageId: makeMessageId(ids), agent, model, parts: [{ type: 'text' as const, text }] };
}
