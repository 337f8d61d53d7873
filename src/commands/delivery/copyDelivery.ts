import { l10n } from '../../core/l10n.ts';
import { describeDelivery } from '../../core/prompts/listedDelivery.ts';
import { chooseDelivery, type ChooseDeliveryDeps } from '../choosing/deliveryArgument.ts';
import type { Command } from '../command.ts';

export interface CopyDeliveryDeps extends ChooseDeliveryDeps {
  readonly copy: (text: string) => Promise<void>;
}

/** Puts all that is known of a prompt on the clipboard, as lines. */
export function copyDelivery(deps: CopyDeliveryDeps): Command {
  return async (argument) => {
    const delivery = await chooseDelivery(deps, argument, {
      title: l10n.t('Copy Which Delivery?'),
      none: l10n.t('Nothing was sent yet.'),
    });
    if (delivery === undefined) return undefined;
    await deps.copy(describeDelivery(delivery, deps.titleOf).join('\n'));
    return delivery.messageId;
  };
}
