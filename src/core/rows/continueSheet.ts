import { keptWordForWord } from '../continuation/headroom.ts';
import { countTokens } from '../figures.ts';
import { l10n } from '../l10n.ts';
import type { Choice } from '../ports/dialogs.ts';
import { type ContextUse, fullContext, percentUsed } from '../sessions/usage.ts';

/** The ways in which a session can go on, in the order in which they are offered. */
const ways = ['relay', 'fork', 'forkMany', 'handOff', 'compact'] as const;

export type Way = (typeof ways)[number];

export interface SheetFacts {
  readonly context: ContextUse | undefined;
  /** How many todos are left to be done, where that is known. */
  readonly openTodos: number | undefined;
}

/** What a session can go on with: each way with what it keeps and how much that is; first the one that suits it best. */
export function continueSheet(facts: SheetFacts): readonly Choice<Way>[] {
  const { way: suggested, why } = suggestWay(facts);
  return [suggested, ...ways.filter((way) => way !== suggested)].map((way) => {
    const { description, ...words } = describeWay(way, facts.context);
    const told = way === suggested ? [description, why] : [description];
    return {
      ...words,
      // The editor takes the room for a long heading from the words of the row.
      group: way === suggested ? l10n.t('Suggested') : l10n.t('Other ways to go on'),
      ...sized(told.filter((text) => text !== undefined).join(' · ') || undefined),
      value: way,
    };
  });
}

/** A full context is handed off, or compacted while there is a list to go on with; else another agent may go on in it. */
function suggestWay({ context, openTodos = 0 }: SheetFacts): {
  readonly way: Way;
  readonly why?: string;
} {
  const percent = context && percentUsed(context);
  if (percent === undefined || percent < fullContext) return { way: 'relay' };
  if (openTodos === 0) return { way: 'handOff', why: l10n.t('{0}% of the context is used', percent) };
  const todos = openTodos === 1 ? l10n.t('1 todo is left') : l10n.t('{0} todos are left', openTodos);
  return { way: 'compact', why: l10n.t('{0}% of the context is used, {1}', percent, todos) };
}

function describeWay(way: Way, context: ContextUse | undefined): Omit<Choice<Way>, 'value'> {
  const whole = context && countTokens(context.used);
  switch (way) {
    case 'relay':
      return {
        label: l10n.t('Relay to Another Agent…'),
        detail: l10n.t('Another agent goes on here and keeps all of the conversation.'),
        icon: 'arrow-swap',
        ...sized(whole),
      };
    case 'fork':
      return {
        label: l10n.t('Fork'),
        detail: l10n.t('A copy goes on with all of the conversation; this session stays as it is.'),
        icon: 'repo-forked',
        ...sized(whole),
      };
    case 'forkMany':
      return {
        label: l10n.t('Fork into Approaches…'),
        detail: l10n.t(
          'Several copies try different things side by side, each with all of the conversation.',
        ),
        icon: 'type-hierarchy-sub',
        ...sized(whole && l10n.t('{0} each', whole)),
      };
    case 'handOff':
      return {
        label: l10n.t('Hand Off…'),
        detail: l10n.t('A fresh session begins with what matters of this one, which stays as it is.'),
        icon: 'export',
        description: l10n.t('a few hundred tokens'),
      };
    case 'compact':
      return {
        label: l10n.t('Compact…'),
        detail: l10n.t('This session goes on; a summary takes the place of what came first.'),
        icon: 'fold',
        ...sized(describeKept(context)),
      };
  }
}

/** What a compaction leaves. */
function describeKept(context: ContextUse | undefined): string | undefined {
  if (context?.limit === undefined) return undefined;
  const { used, limit } = context;
  return l10n.t('a summary and up to {0}', countTokens(keptWordForWord({ used, limit })));
}

function sized(description: string | undefined): { readonly description?: string } {
  return description === undefined ? {} : { description };
}
