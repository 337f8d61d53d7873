import * as z from 'zod';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import { causeWords, type ListedDelivery, stateIcon, stateWords } from '../../core/prompts/listedDelivery.ts';

/** A prompt in the account of what was sent; rows of its view have this shape as well. */
const DeliveryArgument = z.object({ deliveryId: z.string() });

export interface ChooseDeliveryDeps {
  readonly ledger: {
    all(): readonly ListedDelivery[];
    get(messageId: string): ListedDelivery | undefined;
    /** Reads what was written since. */
    read(): Promise<void>;
  };
  readonly titleOf: (sessionId: string) => string;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
}

export interface DeliveryChoosing {
  readonly title: string;
  /** Whether it is offered; absent: all are. */
  readonly suits?: (delivery: ListedDelivery) => boolean;
  /** What is said where there is none to offer. */
  readonly none: string;
}

/** The prompt that is named, else the one that the person picks. undefined: they picked none. */
export async function chooseDelivery(
  { ledger, titleOf, dialogs }: ChooseDeliveryDeps,
  argument: unknown,
  { title, suits = () => true, none }: DeliveryChoosing,
): Promise<ListedDelivery | undefined> {
  await ledger.read();
  const named = DeliveryArgument.safeParse(argument).data;
  if (named !== undefined) {
    const delivery = ledger.get(named.deliveryId);
    if (delivery === undefined) {
      throw new NotFoundProblem(l10n.t('This prompt is no longer in the account of what was sent.'));
    }
    if (!suits(delivery)) throw new Problem(none);
    return delivery;
  }
  const offered = ledger.all().filter(suits);
  if (offered.length === 0) throw new Problem(none);
  return dialogs.pickOne(
    title,
    offered.map((value): Choice<ListedDelivery> => ({
      label: value.text === '' ? l10n.t('(files alone)') : value.text,
      description: titleOf(value.sessionId),
      detail: `${stateWords(value)} · ${causeWords(value, titleOf)}`,
      icon: stateIcon(value).id,
      value,
    })),
  );
}
