import * as z from 'zod';
import { describeOrigin } from '../../core/automations/automationWords.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { AutomationList, ListedAutomation } from '../../flows/automations/automationList.ts';

/** The id of an entry, or an object that names it; rows of the view have this shape as well. */
const Argument = z.union([
  z.string().transform((automation) => ({ automation })),
  z.object({ automation: z.string(), sessionId: z.string().optional() }),
]);

export interface ChooseAutomationDeps {
  readonly automations: Pick<AutomationList, 'all' | 'find' | 'refresh'>;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
}

export interface ChosenAutomation {
  readonly listed: ListedAutomation;
  readonly sessionId?: string | undefined;
}

/** The automation that is named, else the one that the person picks. undefined: they picked none. */
export async function chooseAutomation(
  { automations, dialogs }: ChooseAutomationDeps,
  argument: unknown,
  purpose: {
    readonly title: string;
    readonly suits?: (listed: ListedAutomation) => boolean;
    /** Said where none suits. */
    readonly none: string;
  },
): Promise<ChosenAutomation | undefined> {
  await automations.refresh();
  const named = Argument.safeParse(argument).data;
  if (named !== undefined) return { ...named, listed: automations.find(named.automation) };
  const choices = automations
    .all()
    .filter(purpose.suits ?? (() => true))
    .map((listed) => ({
      label: listed.entry.name,
      description: describeOrigin(listed.entry),
      value: listed,
    }));
  if (choices.length === 0) throw new Problem(purpose.none);
  const picked = await dialogs.pickOne(purpose.title, choices);
  return picked && { listed: picked };
}

export function noAutomations(): string {
  return l10n.t('There are no automations. “Open Settings of Automations” is where they are written.');
}
