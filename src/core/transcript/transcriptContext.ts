import type { MessageHead } from '../../protocol/page/entries.ts';
import type { ProviderList } from '../../protocol/records.ts';
import type { Transcript } from './transcript.ts';
import { type ContextUse, countContext, usableContext } from '../sessions/usage.ts';

/** How full the context is. */
export interface ContextNow extends Pick<ContextUse, 'limit' | 'isLeast'> {
  /** In tokens; undefined: nobody has answered since the session was compacted. */
  readonly used?: number;
  /** What was used before the session was compacted, until the second prompt after that. */
  readonly before?: number;
}

/**
 * How full the context is after the latest counted answer, and what it was before a compaction that is news. Undefined
 * before any answer, and where those before the compaction are not there.
 */
export function findContextUse(
  transcript: Transcript,
  providers: ProviderList | undefined,
): ContextNow | undefined {
  let now: ContextUse | undefined;
  let prompts = 0;
  let isCompacted = false;
  for (const messageId of transcript.messageIds.toReversed()) {
    const head = transcript.head(messageId);
    if (head === undefined) continue;
    if (head.role === 'user' && !isCompacted) prompts += 1;
    if (now !== undefined && prompts > 1 && !isCompacted) return now;
    // One that is still being written, or failed, has taken nothing out of the context.
    if (head.summary === true && !isWhole(head)) continue;
    const use = useAfter(head, providers);
    if (head.summary === true) {
      isCompacted = true;
      now ??= use;
    } else if (use !== undefined) {
      if (isCompacted) return { limit: use.limit, ...now, before: use.used };
      now ??= use;
    }
  }
  return now;
}

function isWhole({ completed, error }: MessageHead): boolean {
  return completed !== undefined && error === undefined;
}

function useAfter(head: MessageHead, providers: ProviderList | undefined): ContextUse | undefined {
  const { role, model, tokens, summary } = head;
  if (role !== 'assistant' || tokens === undefined) return undefined;
  const { input, output, reasoning, cached } = tokens;
  const all = input + output + reasoning + cached;
  const counted = countContext({ all, output, isSummary: summary === true, isWhole: isWhole(head) });
  return counted && { ...counted, limit: model && usableContext(model, providers) };
}

/** Whether the newest answer is the summary of a compaction that is still being written. */
export function isCompacting(transcript: Transcript): boolean {
  const last = transcript.messageIds.at(-1);
  const head = last === undefined ? undefined : transcript.head(last);
  return head?.summary === true && head.completed === undefined;
}
