import * as z from 'zod';
import { handOffBody } from '../../core/continuation/drafts/draftBody.ts';
import { goingTodos } from '../../core/continuation/drafts/goingTodos.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import type { Extraction } from '../../core/continuation/extraction.ts';
import { toRelative } from '../../core/continuation/filesTouched.ts';
import type { Gathered } from '../../core/continuation/gathered.ts';
import { handoffTitle } from '../../core/continuation/handoffTitle.ts';
import { digestTurns } from '../../core/continuation/sessionDigest.ts';
import { openTodos } from '../../core/continuation/todoDigest.ts';
import { asksForTodos } from '../../core/continuation/todoInstruction.ts';
import { handOff } from '../../flows/handOff.ts';
import { gatherSession } from '../../flows/preparing/gatherSession.ts';
import { readVerbTemplate } from '../../server/templateFile.ts';
import { findMissingFiles } from '../executor/missingFiles.ts';
import { agentTool } from './agentTool.ts';
import { beginHop } from './hops.ts';
import { askToPassOn, findTarget, getPassingSession, listAgents } from './nextAgent.ts';

const lines = z.array(z.string()).optional();

const parameters = z.object({
  summary: z
    .string()
    .refine((text) => text.trim() !== '', 'is empty: say in 1 to 3 sentences how the work stands')
    .describe('How the work stands, in 1 to 3 sentences.'),
  goal: z.string().optional().describe('What the next session is to reach, in one sentence.'),
  next: lines.describe('The next steps, first one first.'),
  decisions: lines.describe('Decisions that still hold, each with its reason.'),
  files: lines.describe('The files that matter. Those that this session changed are named anyway.'),
  blocked: z.string().optional().describe('What blocks the work. Leave it out if nothing does.'),
  agent: z.string().optional().describe('Who goes on. Without it the current agent does.'),
});
type Given = z.output<typeof parameters>;

const description = `Hands this work off to a fresh session, which knows nothing of this conversation but what you say here.

What was asked, the files that were changed and the open todos go along by themselves, and the new session can read this one. It returns at once, and nothing is answered to you here: say in a sentence that the work goes on there, and end your turn.`;

/** Lets an agent hand its session off, as a person does from the editor. */
export const sessionHandoffTool = agentTool({
  name: 'session_handoff',
  description,
  parameters,
  remark: async (executor) => {
    const names = (await listAgents(executor)).map(({ name }) => name);
    return `Agents: ${names.join(', ')}.`;
  },
  run: async (executor, given, caller) => {
    const { flow } = executor;
    const session = await getPassingSession(executor, caller);
    const target = await findTarget(executor, session, given.agent ?? caller.agent);
    const gathered = withFiles(
      await gatherSession(
        {
          openCode: flow.openCode,
          proof: flow.proof,
          git: async () => undefined,
          findMissing: findMissingFiles,
        },
        session.id,
        { within: caller.messageId },
      ),
      given.files ?? [],
    );
    const form = { form: 'short', agent: target.agent } as const;
    const template = await readVerbTemplate(session.directory, 'handOff');
    const body = handOffBody(gathered, toExtraction(given, gathered), form, template);
    const text = sentText({ going: goingTodos(gathered.todos) }, body);
    const title = handoffTitle(session.title, given.summary);
    const metadata = { title, text };
    await askToPassOn(executor, { session, target, caller, permission: 'handoff', metadata });
    const todos = asksForTodos(text) ? openTodos(gathered.todos) : [];
    await caller.untilTurn();
    const relayed = await beginHop(executor, caller);
    const made = await handOff(flow, { source: session, title, ...target, text, todos, relayed });
    return {
      title,
      output: `The work was handed off to a new session (${made.session.id}, "${title}"), in which ${target.agent} goes on. It goes on by itself; end your turn now.`,
      metadata: { sessionId: made.session.id, agent: target.agent, mode: 'handoff' },
    };
  },
});

/** What the agent did not say, its answers say. */
function toExtraction({ summary, goal, next, decisions, blocked }: Given, { turns }: Gathered): Extraction {
  const { fields } = digestTurns(turns);
  return {
    summary: summary.trim(),
    goal: goal?.trim() ?? '',
    decisions: withoutEmpty(decisions ?? fields.decided).map((decision) => ({ decision, reason: '' })),
    triedAndFailed: [...fields.failed],
    blocked: blocked?.trim() ?? '',
    nextSteps: withoutEmpty(next ?? fields.next),
  };
}

/** The files that the agent names go before those that are only known to be changed. */
function withFiles(gathered: Gathered, files: readonly string[]): Gathered {
  const { changes, directory } = gathered;
  const named = new Set(
    withoutEmpty(files).map((file) => toRelative(file.replaceAll(/\s+/g, ' '), directory)),
  );
  const first = [...named].map(
    (file) => changes.find((change) => change.file === file) ?? { file, added: 0, removed: 0 },
  );
  return { ...gathered, changes: [...first, ...changes.filter(({ file }) => !named.has(file))] };
}

function withoutEmpty(given: readonly string[]): string[] {
  return given.map((text) => text.trim()).filter((text) => text !== '');
}
