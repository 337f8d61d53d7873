import type { AssistantMessage, ProviderList, Session, Tokens } from '../../protocol/records.ts';

/** How full the model's context was at the end of the latest answer, in tokens. */
export interface ContextUse {
  readonly used: number;
  /** undefined: the model is not known. */
  readonly limit: number | undefined;
}

export interface ModelName {
  readonly providerID: string;
  readonly modelID: string;
}

/** The tokens that one answer left in the context: all that was read for it and all that it wrote. */
export function contextTokens(tokens: Tokens): number {
  return tokens.input + tokens.output + tokens.reasoning + tokens.cache.read + tokens.cache.write;
}

/** The context use after this answer; undefined while the answer has not been counted. */
export function contextUse(
  answer: Pick<AssistantMessage, 'tokens' | 'providerID' | 'modelID'>,
  providers: ProviderList | undefined,
): ContextUse | undefined {
  if (answer.tokens === undefined) return undefined;
  const used = contextTokens(answer.tokens);
  return used === 0 ? undefined : { used, limit: contextLimit(answer, providers) };
}

/** The size of a model's context in tokens. 0 on the server means that nobody knows. */
export function contextLimit(
  { providerID, modelID }: ModelName,
  providers: ProviderList | undefined,
): number | undefined {
  const provider = providers?.providers.find(({ id }) => id === providerID);
  return provider?.models[modelID]?.limit.context || undefined;
}

/** Percent of the context used, whole; undefined where the limit is not known. */
export function percentUsed({ used, limit }: ContextUse): number | undefined {
  return limit === undefined ? undefined : Math.min(100, Math.round((used / limit) * 100));
}

/** The cost of each session in USD with all the subagents below it. The server tells each session's own. */
export function costsWithSubagents(sessions: readonly Session[]): ReadonlyMap<string, number> {
  const parents = new Map(sessions.map(({ id, parentID }) => [id, parentID]));
  const costs = new Map<string, number>();
  for (const { id: start, cost = 0 } of sessions) {
    const path = new Set<string>();
    for (
      let id: string | undefined = start;
      id !== undefined && parents.has(id) && !path.has(id);
      id = parents.get(id)
    ) {
      path.add(id);
      costs.set(id, (costs.get(id) ?? 0) + cost);
    }
  }
  return costs;
}
