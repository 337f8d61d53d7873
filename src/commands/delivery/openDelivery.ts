import { l10n } from '../../core/l10n.ts';
import type { ListedDelivery } from '../../core/prompts/listedDelivery.ts';
import { hasArrived } from '../../core/prompts/delivery.ts';
import { findSource, type FindSourceDeps } from '../../flows/preparing/findSource.ts';
import { chooseDelivery, type ChooseDeliveryDeps } from '../choosing/deliveryArgument.ts';
import type { Command } from '../command.ts';

export interface OpenDeliveryDeps extends ChooseDeliveryDeps, FindSourceDeps {
  /** `messageId` is a message to scroll to. */
  readonly openTranscript: (sessionId: string, how: 'preview', messageId?: string) => void;
}

/** Opens the transcript at the message of a prompt; of one that is not there, its session. */
export function openDelivery(deps: OpenDeliveryDeps): Command {
  return async (argument) => {
    const delivery = await chooseDelivery(deps, argument, {
      title: l10n.t('Go to Which Message?'),
      none: l10n.t('Nothing was sent yet.'),
    });
    if (delivery === undefined) return undefined;
    const { sessionId, messageId } = delivery;
    return open(deps, sessionId, hasArrived(delivery) ? messageId : undefined);
  };
}

/** Opens the session that a prompt goes back to, at its message where that is known. */
export function openDeliveryCause(deps: OpenDeliveryDeps): Command {
  return async (argument) => {
    const delivery = await chooseDelivery(deps, argument, {
      title: l10n.t('Go to Which Cause?'),
      suits: ({ source }: ListedDelivery) => source !== undefined,
      none: l10n.t('This goes back to no other message: you sent it yourself, or nothing is kept of it.'),
    });
    if (delivery?.source === undefined) return undefined;
    const { session, message } = delivery.source;
    return open(deps, session, message);
  };
}

async function open(deps: OpenDeliveryDeps, sessionId: string, messageId?: string): Promise<string> {
  const session = await findSource(deps, { sessionId });
  deps.openTranscript(session.id, 'preview', messageId);
  return session.id;
}
