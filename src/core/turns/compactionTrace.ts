import * as z from 'zod';

/**
 * What a compaction of ours leaves in a session while it goes on, kept by the window from before its first step to
 * after its last: a server that ends in between keeps a request that would eat the next prompt (1.18).
 */
export const CompactionTrace = z.object({
  sessionId: z.string(),
  directory: z.string(),
  /** The part that the summary is told by. */
  guidance: z.object({ messageId: z.string(), partId: z.string() }).optional(),
});
export type CompactionTrace = z.infer<typeof CompactionTrace>;

export interface CompactionTraces {
  all(): readonly CompactionTrace[];
  keep(trace: CompactionTrace): Promise<void>;
  forget(sessionId: string): Promise<void>;
}
