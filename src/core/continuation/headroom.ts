import { l10n } from '../l10n.ts';
import { formatTokens } from '../figures.ts';
import { percentUsed, type ContextUse } from '../sessions/usage.ts';

/** How much of a conversation a compaction leaves word for word, in tokens (1.18): a quarter, within bounds. */
const tail = { share: 0.25, least: 2000, most: 15_000 };

/** What a compaction will work on, in a sentence. */
export function describeCompaction(use: ContextUse | undefined): string {
  if (use === undefined) return l10n.t('How full the context is will be known after the next answer.');
  const used = formatTokens(use.used);
  if (use.limit === undefined) return l10n.t('Context: {0} tokens. The last turns stay word for word.', used);
  return l10n.t(
    'Context: {0} of {1} usable tokens ({2}%). The last turns, up to {3} tokens, stay word for word.',
    used,
    formatTokens(use.limit),
    percentUsed(use) ?? 0,
    formatTokens(keptWordForWord({ ...use, limit: use.limit })),
  );
}

/** How many tokens of the last turns a compaction leaves as they are, at most. */
export function keptWordForWord({ used, limit }: { readonly used: number; readonly limit: number }): number {
  return Math.min(tail.most, Math.max(tail.least, Math.round(limit * tail.share)), used);
}
