import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { stateSentence, stateWords } from '../../core/prompts/listedDelivery.ts';
import { chooseDelivery, type ChooseDeliveryDeps } from '../choosing/deliveryArgument.ts';
import type { Command } from '../command.ts';

export interface LookAgainDeps extends ChooseDeliveryDeps {
  readonly ledger: ChooseDeliveryDeps['ledger'] & {
    /** Asks the server what became of it. */
    look(messageId: string): Promise<void>;
  };
  readonly notify: Notify;
}

/** Asks the server what became of a prompt, and says it. Nothing is sent. */
export function lookAgain(deps: LookAgainDeps): Command {
  return async (argument) => {
    const delivery = await chooseDelivery(deps, argument, {
      title: l10n.t('Look for Which Prompt?'),
      suits: ({ pending }) => pending === undefined,
      none: l10n.t('There is nothing to look for: this was not sent yet.'),
    });
    if (delivery === undefined) return undefined;
    await deps.ledger.look(delivery.messageId);
    const found = deps.ledger.get(delivery.messageId) ?? delivery;
    const words = [stateWords(found), stateSentence(found.state)].filter((text) => text !== undefined);
    deps.notify({
      message: l10n.t(
        '“{0}”: {1}',
        found.text === '' ? l10n.t('(files alone)') : found.text,
        words.join('. '),
      ),
      actions: [],
    });
    return delivery.messageId;
  };
}
