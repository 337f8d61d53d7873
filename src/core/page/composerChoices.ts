import type { AgentChoice, ComposerChoices, ModelChoice } from '../../protocol/page/composer.ts';
import type { Agent, Model, ModelReference, ProviderList, Session } from '../../protocol/records.ts';
import type { SavedChain } from '../continuation/drafts/savedChains.ts';
import { Problem } from '../errors.ts';
import { l10n } from '../l10n.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { describeHosted, findFreeHosted, type HostedWord } from '../state/hostedModel.ts';
import { connectRemedy, lacksModel } from '../state/modelLack.ts';
import type { Offer } from '../state/offers.ts';
import { choosableAgents } from '../turns/promptTarget.ts';
import { toOfferedRemedy } from '../turns/runRemedies.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

/** So many models stand apart as used last. */
const recentLimit = 5;

export interface ChoiceSources {
  readonly sessions: Pick<Sessions, 'all'>;
  readonly savedChains?: () => readonly SavedChain[];
  /** Whether the person knows where prompts go to free models that OpenCode hosts. */
  readonly hosted?: Pick<HostedWord, 'isTold'>;
}

const nothingKnown: Offer = { agents: [], providers: { providers: [], default: {} }, commands: [] };

/**
 * What the composer of a session offers where the server did not say: what was known before, if anything, and why it is no
 * more.
 */
export function buildKnownChoices(
  known: Offer | undefined,
  error: unknown,
  session: Session,
  sources: ChoiceSources,
): ComposerChoices {
  const { noModel: _, ...choices } = buildComposerChoices(known ?? nothingKnown, session, sources);
  const reason = error instanceof Problem ? error.message : l10n.t('The log says why.');
  return {
    ...choices,
    failure: l10n.t('OpenCode did not say which agents and models there are. {0}', reason),
  };
}

/**
 * What the composer of a session offers: agents a person may address, models with their variants, commands, saved chains.
 * What was used last comes first.
 */
export function buildComposerChoices(
  { agents, providers, commands, commandsFailure }: Offer,
  session: Session,
  { sessions: store, savedChains, hosted = { isTold: true } }: ChoiceSources,
): ComposerChoices {
  const sessions = store.all();
  const agentUse = lastUse(sessions, ({ agent }) => agent);
  const modelUse = lastUse(sessions, ({ model }) => model && `${model.providerID}/${model.id}`);
  const offered = [...choosableAgents(agents), ...ownSubagent(agents, session)].map(toAgentChoice);
  return {
    ...(lacksModel(providers) ? { noModel: noModel() } : {}),
    ...(commandsFailure && { failure: commandsFailure.message }),
    connect: toOfferedRemedy(connectRemedy()),
    agents: recentFirst(offered, ({ name }) => agentUse(name)),
    models: markRecent(toModelChoices(providers, sessions, hosted), ({ providerID, modelID }) =>
      modelUse(`${providerID}/${modelID}`),
    ),
    commands: commands.map(({ name, description = '' }) => ({ name, description })),
    chains: (savedChains?.() ?? []).map(({ name, legs, fault }) => ({
      name,
      description: fault ?? legs.map(({ agent }) => agent).join(' → '),
    })),
  };
}

function noModel(): NonNullable<ComposerChoices['noModel']> {
  return {
    message: l10n.t('OpenCode has no model to answer with yet.'),
    action: toOfferedRemedy(connectRemedy()),
  };
}

/** A subagent's own session goes on with that subagent. */
function ownSubagent(agents: readonly Agent[], { agent: own }: Session): readonly Agent[] {
  return agents.filter(({ name, mode }) => name === own && mode === 'subagent');
}

function toAgentChoice({ name, description = '', model }: Agent): AgentChoice {
  return withoutUndefined({ name, description, model });
}

function toModelChoices(
  list: ProviderList,
  sessions: readonly Session[],
  { isTold }: Pick<HostedWord, 'isTold'>,
): ModelChoice[] {
  const use = lastUse(
    sessions,
    ({ model }) => model?.variant && `${model.providerID}/${model.id}/${model.variant}`,
  );
  const noteOf = (model: ModelReference): { readonly note?: string } => {
    const name = isTold ? undefined : findFreeHosted(model, list);
    return name === undefined ? {} : { note: describeHosted(name) };
  };
  return list.providers.flatMap((provider) =>
    Object.entries(provider.models)
      .filter(([, { status }]) => status !== 'deprecated')
      .map(([modelID, model]) => ({
        providerID: provider.id,
        modelID,
        name: model.name,
        provider: provider.name,
        variants: recentFirst(Object.keys(model.variants ?? {}), (variant) =>
          use(`${provider.id}/${modelID}/${variant}`),
        ),
        contextLimit: model.limit.context,
        ...noteOf({ providerID: provider.id, modelID }),
        ...factsOf(model),
      })),
  );
}

/** What helps to choose a model. A price of nothing may be one that is paid elsewhere, e.g. by a subscription. */
function factsOf({ capabilities = {}, cost }: Model): Partial<ModelChoice> {
  return withoutUndefined({
    reasons: capabilities.reasoning,
    seesImages: capabilities.input?.image,
    callsTools: capabilities.toolcall,
    price: cost && cost.input + cost.output > 0 ? { input: cost.input, output: cost.output } : undefined,
  });
}

/** The models that were used last come first, and say so. */
function markRecent(models: readonly ModelChoice[], usedAt: (model: ModelChoice) => number): ModelChoice[] {
  return recentFirst(models, usedAt).map((model, at) =>
    at < recentLimit && usedAt(model) > 0 ? { ...model, isRecent: true } : model,
  );
}

/** By what a session names: when the last one that does was updated, in milliseconds since 1970; 0: none does. */
function lastUse(
  sessions: readonly Session[],
  named: (session: Session) => string | undefined,
): (name: string) => number {
  const used = new Map<string, number>();
  for (const session of sessions) {
    const name = named(session);
    if (name !== undefined) used.set(name, Math.max(used.get(name) ?? 0, session.time.updated));
  }
  return (name) => used.get(name) ?? 0;
}

function recentFirst<T>(offered: readonly T[], usedAt: (one: T) => number): T[] {
  return offered.toSorted((a, b) => usedAt(b) - usedAt(a));
}
