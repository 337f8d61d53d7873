import type { Agent, ModelReference, ProviderList, Session, UserMessage } from '../../protocol/records.ts';
import { NoModelProblem, NotFoundProblem } from '../errors.ts';
import { l10n } from '../l10n.ts';
import { connectRemedy, lacksModel } from '../state/modelLack.ts';

/** Who answers a prompt, and with which model. Both are always named (see `Prompt`). */
export interface PromptTarget {
  readonly agent: string;
  readonly model: ModelReference;
}

/** What somebody asked for; what is absent is to be found. */
export interface TargetWish {
  readonly agent?: string | undefined;
  readonly model?: ModelReference | undefined;
}

export interface TargetSources {
  readonly session: Pick<Session, 'agent' | 'model'> | undefined;
  /** The latest prompt in the session: a fork's record names neither agent nor model. */
  readonly latestPrompt: Pick<UserMessage, 'agent' | 'model'> | undefined;
  readonly agents: readonly Agent[];
  readonly providers: ProviderList;
  /** The model used last in the folder, for a session that never had one. */
  readonly recentModel: ModelReference | undefined;
}

/**
 * Agent and model for a prompt: what was wished, else what the session uses, else the defaults. Throws a
 * `Problem` for an agent or a model that the server does not have: it would take the prompt and answer
 * nothing. An agent that is gone is never replaced by another, which might be allowed more.
 */
export function findPromptTarget(wish: TargetWish, sources: TargetSources): PromptTarget {
  const agent = findAgent(wish, sources);
  const model = firstOf([
    wish.model,
    wish.agent === undefined ? undefined : agentModel(agent),
    sessionModel(sources.session),
    sources.latestPrompt?.model,
    agentModel(agent),
    sources.recentModel,
    defaultModel(sources.providers),
  ]);
  if (model === undefined) throw noModel();
  assertModel(model, sources.providers);
  return { agent: agent.name, model };
}

/**
 * Agents that a person may choose for a prompt: neither hidden ones nor those that only other agents call. The
 * server itself refuses nobody by mode.
 */
export function choosableAgents(agents: readonly Agent[]): readonly Agent[] {
  return agents.filter(({ mode, hidden }) => mode !== 'subagent' && hidden !== true);
}

function findAgent(wish: TargetWish, { session, latestPrompt, agents }: TargetSources): Agent {
  const choosable = choosableAgents(agents);
  const used = session?.agent ?? (latestPrompt?.agent === '' ? undefined : latestPrompt?.agent);
  const name = wish.agent ?? used ?? choosable[0]?.name;
  // A subagent's own session goes on with that subagent; nobody chooses one for another session.
  const among = wish.agent === undefined || wish.agent === used ? agents : choosable;
  const agent = among.find((candidate) => candidate.name === name);
  if (agent !== undefined) return agent;
  throw new NotFoundProblem(
    l10n.t(
      'There is no agent “{0}” to prompt here. Choose one of: {1}.',
      name ?? '',
      choosable.map((candidate) => candidate.name).join(', '),
    ),
  );
}

function firstOf(models: readonly (ModelReference | undefined)[]): ModelReference | undefined {
  return models.find((model) => model !== undefined);
}

function sessionModel(session: TargetSources['session']): ModelReference | undefined {
  const model = session?.model;
  if (model === undefined) return undefined;
  return toReference(model.providerID, model.id, model.variant);
}

function agentModel({ model, variant }: Agent): ModelReference | undefined {
  return model && toReference(model.providerID, model.modelID, variant);
}

function defaultModel({ providers, default: defaults }: ProviderList): ModelReference | undefined {
  for (const { id } of providers) {
    const modelID = defaults[id];
    if (modelID !== undefined) return { providerID: id, modelID };
  }
  return undefined;
}

function assertModel({ providerID, modelID }: ModelReference, list: ProviderList): void {
  const provider = list.providers.find(({ id }) => id === providerID);
  if (provider?.models[modelID] !== undefined) return;
  if (lacksModel(list)) throw noModel();
  const name = `${providerID}/${modelID}`;
  throw new NotFoundProblem(
    provider === undefined
      ? l10n.t('OpenCode has no model “{0}”. Choose another model, or connect its provider.', name)
      : l10n.t('OpenCode has no model “{0}”. Choose another model.', name),
    provider === undefined ? { remedy: connectRemedy({ providerId: providerID }) } : {},
  );
}

function noModel(): NoModelProblem {
  return new NoModelProblem(
    l10n.t('OpenCode has no model to answer with yet. Connect a provider of models.'),
    { remedy: connectRemedy() },
  );
}

function toReference(providerID: string, modelID: string, variant: string | undefined): ModelReference {
  return variant === undefined ? { providerID, modelID } : { providerID, modelID, variant };
}
