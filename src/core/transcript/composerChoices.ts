import type { AgentChoice, ComposerChoices, ModelChoice } from '../../protocol/page.ts';
import type { Agent, ProviderList, Session } from '../../protocol/records.ts';
import type { Facts } from '../directoryFacts.ts';
import { choosableAgents } from '../turns/promptTarget.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

/** What the composer of a session offers: agents a person may address, models (those used last first), commands. */
export function buildComposerChoices(
  { agents, providers, commands }: Facts,
  session: Session,
  sessions: readonly Session[],
): ComposerChoices {
  return {
    agents: [...choosableAgents(agents), ...ownSubagent(agents, session)].map(toAgentChoice),
    models: recentFirst(toModelChoices(providers), sessions),
    commands: commands.map(({ name, description = '' }) => ({ name, description })),
  };
}

/** A subagent's own session goes on with that subagent. */
function ownSubagent(agents: readonly Agent[], { agent: own }: Session): readonly Agent[] {
  return agents.filter(({ name, mode }) => name === own && mode === 'subagent');
}

function toAgentChoice({ name, description = '', model }: Agent): AgentChoice {
  return withoutUndefined({ name, description, model });
}

function toModelChoices({ providers }: ProviderList): ModelChoice[] {
  return providers.flatMap((provider) =>
    Object.entries(provider.models)
      .filter(([, { status }]) => status !== 'deprecated')
      .map(([modelID, { name, variants = {}, limit }]) => ({
        providerID: provider.id,
        modelID,
        name,
        provider: provider.name,
        variants: Object.keys(variants),
        contextLimit: limit.context,
      })),
  );
}

function recentFirst(models: readonly ModelChoice[], sessions: readonly Session[]): ModelChoice[] {
  const used = new Map<string, number>();
  for (const { model, time } of sessions) {
    if (model === undefined) continue;
    const key = `${model.providerID}/${model.id}`;
    used.set(key, Math.max(used.get(key) ?? 0, time.updated));
  }
  const usedAt = ({ providerID, modelID }: ModelChoice) => used.get(`${providerID}/${modelID}`) ?? 0;
  return models.toSorted((a, b) => usedAt(b) - usedAt(a));
}
