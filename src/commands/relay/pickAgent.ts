import { describeAgent } from '../../core/continuation/drafts/draftCompletion.ts';
import type { SavedChain } from '../../core/continuation/drafts/savedChains.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Agent, Session } from '../../protocol/records.ts';

/** Who goes on, or in which order several do. */
export type RelayChoice =
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'chain' }
  | { readonly kind: 'saved'; readonly chain: SavedChain };

export interface PickAgentDeps {
  readonly sessions: Pick<Sessions, 'title'>;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  readonly savedChains: () => readonly SavedChain[];
  /** The agent that a person relayed to last. */
  readonly lastRelay: { get(): string | undefined };
}

/**
 * Lets a person pick who goes on. Others come first, the one that was used last before them, since passing the turn to
 * who has it already is seldom meant.
 */
export async function pickAgent(
  { sessions, dialogs, savedChains, lastRelay }: PickAgentDeps,
  session: Session,
  agents: readonly Agent[],
): Promise<RelayChoice | undefined> {
  const [first, ...others] = orderAgents(agents, session.agent, lastRelay.get());
  const asChoice = (agent: Agent): Choice<RelayChoice> => ({
    ...describeChoice(agent, agent.name === session.agent),
    value: { kind: 'agent', agent: agent.name },
  });
  const chains = savedChains().map((chain): Choice<RelayChoice> => ({
    ...describeChain(chain),
    value: { kind: 'saved', chain },
  }));
  const isLast = first !== undefined && first.name === lastRelay.get();
  return dialogs.pickOne<RelayChoice>(l10n.t('Relay “{0}” to Which Agent?', sessions.title(session)), [
    ...(first === undefined
      ? []
      : [{ ...asChoice(first), group: isLast ? l10n.t('Used last') : l10n.t('Agents') }]),
    ...[
      {
        label: l10n.t('Chain of Agents…'),
        detail: l10n.t('Several agents one after the other, each with its own prompt'),
        icon: 'arrow-swap',
        value: { kind: 'chain' } as const,
      },
      ...chains,
    ].map((choice) => ({ ...choice, group: l10n.t('Chains') })),
    ...others.map((agent) => ({ ...asChoice(agent), group: l10n.t('Other agents') })),
  ]);
}

/** An agent as it is offered. */
export function describeChoice(agent: Agent, isCurrent: boolean): Omit<Choice<unknown>, 'value'> {
  return {
    label: agent.name,
    description: [
      isCurrent ? l10n.t('current') : undefined,
      agent.model && `${agent.model.providerID}/${agent.model.modelID}`,
    ]
      .filter((word) => word !== undefined)
      .join(' · '),
    detail: describeAgent(agent),
    icon: isCurrent ? 'check' : 'person',
  };
}

/** A saved chain as it is offered; one that cannot be read says why. */
export function describeChain({ name, legs, fault }: SavedChain): Omit<Choice<unknown>, 'value'> {
  return fault === undefined
    ? { label: name, detail: legs.map(({ agent }) => agent).join(' → '), icon: 'run-all' }
    : { label: name, detail: fault, icon: 'warning' };
}

/** The one that was used last, the others in the order of the server, the current one. */
function orderAgents(
  agents: readonly Agent[],
  current: string | undefined,
  last: string | undefined,
): readonly Agent[] {
  const rank = ({ name }: Agent): number => {
    if (name === current) return 2;
    return name === last ? 0 : 1;
  };
  return agents.toSorted((a, b) => rank(a) - rank(b));
}
