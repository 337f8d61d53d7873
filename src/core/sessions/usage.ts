import type { AssistantMessage, ProviderList, Session, Tokens } from '../../protocol/records.ts';
import type { Sessions } from './sessionStore.ts';

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

/** The cost of a session in USD with all the subagents below it. The server tells each session's own. */
export function costWithSubagents(session: Session, sessions: Pick<Sessions, 'derivedFrom'>): number {
  const counted = new Set([session.id]);
  let cost = session.cost ?? 0;
  const waiting = [session.id];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const below of sessions.derivedFrom(id)) {
      if (below.parentID !== id || counted.has(below.id)) continue;
      counted.add(below.id);
      waiting.push(below.id);
      cost += below.cost ?? 0;
    }
  }
  return cost;
}
