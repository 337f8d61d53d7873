import type { ProviderList } from '../../protocol/records.ts';
import type { Transcript } from './transcript.ts';
import { usableContext, type ContextUse } from '../sessions/usage.ts';

/** How full the context is after the latest counted answer; undefined right after a compaction and before any answer. */
export function findContextUse(
  transcript: Transcript,
  providers: ProviderList | undefined,
): ContextUse | undefined {
  for (const messageId of transcript.messageIds.toReversed()) {
    const head = transcript.head(messageId);
    if (head?.role !== 'assistant') continue;
    if (head.summary === true) return undefined;
    const { tokens, model } = head;
    const used = tokens === undefined ? 0 : tokens.input + tokens.output + tokens.reasoning + tokens.cached;
    if (used === 0) continue;
    return { used, limit: model && usableContext(model, providers) };
  }
  return undefined;
}

/** Whether the newest answer is the summary of a compaction that is still being written. */
export function isCompacting(transcript: Transcript): boolean {
  const last = transcript.messageIds.at(-1);
  const head = last === undefined ? undefined : transcript.head(last);
  return head?.summary === true && head.completed === undefined;
}
