import type { ProviderList, Session } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';
import type { Sessions } from './sessionStore.ts';

/** How full a model's context is after an answer, in tokens. */
export interface CountedContext {
  readonly used: number;
  /** More is in it than that: a compaction left what it left, and the next answer counts it. */
  readonly isLeast?: true;
}

export interface ContextUse extends CountedContext {
  /** How much of it a conversation can fill before OpenCode compacts by itself; undefined: the model is not known. */
  readonly limit: number | undefined;
}

export interface ModelName {
  readonly providerID: string;
  readonly modelID: string;
}

/** An answer, as far as it says how full the context is. */
export interface AnswerTokens {
  /** All that was read for it and all that it wrote; 0: it has not been counted. */
  readonly all: number;
  readonly output: number;
  readonly isSummary: boolean;
  /** It came to its end, and well. */
  readonly isWhole: boolean;
}

/**
 * How full the context is by an answer; undefined: it does not say. One that is a summary read all that it takes the place of:
 * of that, what it wrote is left, and perhaps the turns before it.
 */
export function countContext({ all, output, isSummary, isWhole }: AnswerTokens): CountedContext | undefined {
  if (all === 0) return undefined;
  if (!isSummary) return { used: all };
  return isWhole && output > 0 ? { used: output, isLeast: true } : undefined;
}

/** The same beside what there is room for. */
export function contextUse(
  { used, isLeast, ...model }: CountedContext & ModelName,
  providers: ProviderList | undefined,
): ContextUse {
  return { used, limit: usableContext(model, providers), ...(isLeast && { isLeast }) };
}

/** What OpenCode keeps free of a model's context for the answer, at most, in tokens (1.18). */
const answerReserve = 32_000;
/** The same where the model says how much it reads; `compaction.reserved` in a configuration, which we do not know, differs. */
const inputReserve = 20_000;

/**
 * The part of a model's context that a conversation can fill before OpenCode compacts by itself, in tokens, as 1.18.33
 * reckons it. A context of 0 on the server means that nobody knows.
 */
export function usableContext(
  { providerID, modelID }: ModelName,
  providers: ProviderList | undefined,
): number | undefined {
  const limit = providers?.providers.find(({ id }) => id === providerID)?.models[modelID]?.limit;
  if (limit === undefined || limit.context === 0) return undefined;
  const answer = Math.min(limit.output, answerReserve) || answerReserve;
  const usable = limit.input ? limit.input - Math.min(inputReserve, answer) : limit.context - answer;
  return usable > 0 ? usable : limit.context;
}

/** Percent of the usable context from which on it is getting full: it is wiser to make room than to go on in it. */
export const fullContext = 80;

/** Percent of the usable context used, whole; undefined where the limit is not known. */
export function percentUsed({ used, limit }: ContextUse): number | undefined {
  return limit === undefined ? undefined : Math.min(100, Math.floor((used / limit) * 100));
}

/** The same in as few signs as a row has room for. */
export function formatPercent(context: ContextUse): string | undefined {
  const percent = percentUsed(context);
  if (percent === undefined) return undefined;
  return context.isLeast ? l10n.t('≥{0}%', percent) : l10n.t('{0}%', percent);
}

/** The cost of all sessions in USD that came from the same one as this, and of that one: subagents, forks and hand-offs. */
export function costOfLineage(
  session: Session,
  sessions: Pick<Sessions, 'derivedFrom' | 'get' | 'origin'>,
): number {
  const climbed = new Set([session.id]);
  let top = session;
  for (;;) {
    const { from } = sessions.origin(top);
    const above = from === undefined || climbed.has(from) ? undefined : sessions.get(from);
    if (above === undefined) break;
    climbed.add(above.id);
    top = above;
  }
  const counted = new Set<string>();
  let cost = 0;
  const waiting = [top];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (counted.has(next.id)) continue;
    counted.add(next.id);
    cost += next.cost ?? 0;
    waiting.push(...sessions.derivedFrom(next.id));
  }
  return cost;
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
