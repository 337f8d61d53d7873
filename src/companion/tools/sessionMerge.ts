import * as z from 'zod';
import { findingsText } from '../../core/prompts/sentByAgent.ts';
import { nameSession } from '../../core/sessions/unnamed.ts';
import { makeMessageId } from '../../core/turns/messageId.ts';
import { resolveTarget } from '../../flows/preparing/target.ts';
import { parseLineage } from '../../protocol/lineage.ts';
import type { Session } from '../../protocol/records.ts';
import type { Executor } from '../executor/executor.ts';
import { heldForAgent } from '../executor/heldWords.ts';
import { agentTool, type Caller, refuse } from './agentTool.ts';
import { getProjectSession } from './projectSession.ts';

/** Milliseconds in which an idle session has what it is told, as a rule. */
const soon = 5000;

const parameters = z.object({
  text: z
    .string()
    .refine((text) => text.trim() !== '', 'is empty: say what you found out')
    .describe(
      'What you found out, for somebody who knows nothing of this fork: results, decisions, what is open.',
    ),
  files: z.array(z.string()).optional().describe('The files that it is about.'),
});

const description = `Brings what you found out in this fork back to the session that it came from: as a block at its end, which its agent reads with the next turn. Only for forks. The user is asked first and sees the whole text. It begins no turn there, and nothing is answered to you.`;

/** Lets an agent bring what it found out in a fork back to the session that it was forked from. */
export const sessionMergeTool = agentTool({
  name: 'session_merge',
  description,
  parameters,
  run: async (executor, { text, files }, caller) => {
    const { flow, findings } = executor;
    const { fork, source } = await findBoth(executor, caller);
    const target = await resolveTarget(flow, source, {});
    const whole = findingsText({ text, files }, fork, source);
    const metadata = { from: fork.id, to: source.id, title: nameSession(source, undefined), text: whole };
    await caller.ask({ permission: 'message', pattern: source.id, metadata });
    await caller.untilTurn();
    const there = findings.add({
      messageId: makeMessageId(flow.ids),
      forkId: fork.id,
      session: { id: source.id, directory: source.directory },
      ...target,
      text: whole,
      finder: caller.agent,
    });
    if (flow.hold.isHeld()) {
      return {
        title: `To ${nameSession(source, undefined)}`,
        output: `Your text is kept. ${heldForAgent} It is put at the end of session ${source.id} then; you need not wait for it, nor send it again.`,
        metadata: { sessionId: source.id, mode: 'merge' },
      };
    }
    const rests = executor.sessions.status(source.id).type === 'idle';
    const isThere = rests && (await Promise.race([there.then(() => true), flow.wait(soon)])) === true;
    return {
      title: `To ${nameSession(source, undefined)}`,
      output: isThere
        ? `Your text stands at the end of session ${source.id}, whose agent reads it with its next turn.`
        : `Session ${source.id} works at this moment. Your text is kept and put at its end as soon as it rests; you need not wait for it, nor send it again.`,
      metadata: { sessionId: source.id, mode: 'merge' },
    };
  },
});

async function findBoth(
  executor: Executor,
  { sessionId }: Caller,
): Promise<{ readonly fork: Session; readonly source: Session }> {
  const fork = await executor.flow.openCode.getSession(sessionId);
  const lineage = parseLineage(fork);
  if (fork.parentID === undefined && lineage?.kind === 'fork') {
    return { fork, source: await getProjectSession(executor, lineage.from) };
  }
  throw refuse(
    fork.parentID === undefined
      ? 'Nothing was done: this session is no fork, so that there is none to bring findings back to. Say them in your answer.'
      : 'Nothing was done: this is the session of a subagent. Say what you found out in your answer; whoever called you reads it.',
  );
}
