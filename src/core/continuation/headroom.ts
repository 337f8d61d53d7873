import type { ProviderList } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';
import { formatTokens } from '../sessions/sessionRow.ts';
import type { ContextUse } from '../sessions/usage.ts';

/** What OpenCode keeps free of a model's context for the answer, at most, in tokens (1.18). */
const answerReserve = 32_000;
/** How much of a conversation a compaction leaves word for word, in tokens (1.18): a quarter, within bounds. */
const tail = { share: 0.25, least: 2000, most: 15_000 };

/** The part of a model's context that a conversation can fill before OpenCode compacts by itself, in tokens. */
export function usableContext(
  model: { readonly providerID: string; readonly modelID: string },
  { providers }: ProviderList,
): number | undefined {
  const limit = providers.find(({ id }) => id === model.providerID)?.models[model.modelID]?.limit;
  if (limit === undefined || limit.context === 0) return undefined;
  if (limit.input !== undefined) return limit.input;
  return Math.max(0, limit.context - Math.min(limit.output, answerReserve)) || limit.context;
}

/** How full the usable context is, in percent; undefined where the limit is not known. */
export function percentOfUsable(used: number, usable: number | undefined): number | undefined {
  return usable === undefined || usable === 0 ? undefined : Math.floor((used / usable) * 100);
}

/** What a compaction will work on, in a sentence. */
export function describeCompaction(use: ContextUse | undefined, usable: number | undefined): string {
  if (use === undefined) return l10n.t('How full the context is will be known after the next answer.');
  const used = formatTokens(use.used);
  if (usable === undefined) return l10n.t('Context: {0} tokens. The last turns stay word for word.', used);
  const verbatim = Math.min(tail.most, Math.max(tail.least, Math.round(usable * tail.share)), use.used);
  return l10n.t(
    'Context: {0} of {1} usable tokens ({2}%). The last turns, up to {3} tokens, stay word for word.',
    used,
    formatTokens(usable),
    percentOfUsable(use.used, usable) ?? 0,
    formatTokens(verbatim),
  );
}
