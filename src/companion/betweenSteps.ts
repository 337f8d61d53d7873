import type { Executor } from './executor/executor.ts';

/**
 * Hands what is told to a session that works to its agent with the answer of a call, which stands before the next step and
 * stays in the transcript. Answers with the texts to add there, which nobody else tells any more.
 */
export async function takeTold(
  { relays }: Pick<Executor, 'relays'>,
  sessionId: string,
): Promise<readonly string[]> {
  // Most calls end while nothing waits, and cost nothing then.
  if (!relays.pending(sessionId).some(({ silent }) => silent === true)) return [];
  const taken = await relays.takeSilent(sessionId);
  // What another session or an automation says says so itself.
  return taken.map(({ text, from, automation }) =>
    from === undefined && automation === undefined ? `[The user says while you work:]\n${text}` : text,
  );
}
