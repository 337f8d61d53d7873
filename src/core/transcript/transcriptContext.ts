import type { MessageHead } from '../../protocol/page/entries.ts';
import type { ProviderList } from '../../protocol/records.ts';
import type { Transcript } from './transcript.ts';
import { usableContext, type ContextUse } from '../sessions/usage.ts';

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
    if (head.summary === true) {
      if (head.completed === undefined || head.error !== undefined) continue;
      isCompacted = true;
      now ??= summaryUse(head, providers);
    } else {
      const used = countUsed(head);
      if (used === 0) continue;
      const limit = head.model && usableContext(head.model, providers);
      if (isCompacted) return { limit, ...now, before: used };
      now ??= { used, limit };
    }
  }
  return now;
}

/** What a summary wrote is what it leaves at least; what it read is gone. */
function summaryUse(
  { model, tokens }: MessageHead,
  providers: ProviderList | undefined,
): ContextUse | undefined {
  const used = tokens?.output ?? 0;
  return used === 0 ? undefined : { used, limit: model && usableContext(model, providers), isLeast: true };
}

function countUsed({ role, tokens }: MessageHead): number {
  if (role !== 'assistant' || tokens === undefined) return 0;
  return tokens.input + tokens.output + tokens.reasoning + tokens.cached;
}

/** Whether the newest answer is the summary of a compaction that is still being written. */
export function isCompacting(transcript: Transcript): boolean {
  const last = transcript.messageIds.at(-1);
  const head = last === undefined ? undefined : transcript.head(last);
  return head?.summary === true && head.completed === undefined;
}
