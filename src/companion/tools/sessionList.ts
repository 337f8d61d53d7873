import * as z from 'zod';
import { timeAgo } from '../../core/relativeTime.ts';
import { sameLetters } from '../../core/sameLetters.ts';
import { Attention } from '../../core/sessions/attention.ts';
import { readScratch } from '../../core/sessions/scratch.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import { judgeMessages } from '../../core/turns/judgeMessages.ts';
import { isCopied } from '../../core/turns/messageId.ts';
import type { Session } from '../../protocol/records.ts';
import type { Executor } from '../executor/executor.ts';
import { kindName } from '../../core/sessions/sessionRow.ts';
import { agentTool } from './agentTool.ts';

const states = ['working', 'waiting', 'idle', 'failed'] as const;
type State = (typeof states)[number];

/** Sessions that are listed at most; of how many at most it is read how they ended; and of how many of them at once. */
const listed = 30;
const judged = 120;
const atOnce = 10;
/** So many of the newest messages tell how a session ended. */
const endWindow = 10;

const parameters = z.object({
  state: z
    .enum(states)
    .optional()
    .describe('Only those that work, wait for the user, rest, or did not come to their end.'),
  query: z.string().optional().describe('Only those with this in their title, id or agent.'),
  archived: z.boolean().optional().describe('Whether archived ones are listed, too.'),
  subagents: z.boolean().optional().describe('Whether sessions of subagents are listed, too.'),
});
type Given = z.output<typeof parameters>;

const description = `Lists the sessions of this project, the last used first: id, title, state (working, waiting for the user, idle, failed), agent, when something was done there last, and which session it came from.`;

/** Lets an agent see the sessions of its project. */
export const sessionListTool = agentTool({
  name: 'session_list',
  description,
  parameters,
  run: async (executor, given, { sessionId }) => {
    const candidates = await findCandidates(executor, given);
    const { found, more, isCut } = await chooseByState(executor, candidates, given.state);
    const now = executor.flow.ids.now();
    const lines = found.map((row) => describe(executor, row, { now, sessionId }));
    return {
      title: `${found.length}${more > 0 ? ` of ${found.length + more}` : ''} sessions`,
      output: [headline(found.length), ...lines, ...describeRest(more, isCut)].join('\n'),
    };
  },
});

async function findCandidates(
  { flow: { openCode, proof, sessions }, directory }: Executor,
  { query = '', archived = false, subagents = false }: Given,
): Promise<readonly Session[]> {
  const { here, elsewhere } = await openCode.listProject(directory);
  const wanted = sameLetters(query.trim());
  return [...here, ...elsewhere]
    .filter(
      (session) =>
        (archived || !isArchived(session)) &&
        (subagents || session.parentID === undefined) &&
        readScratch(proof, session) === undefined &&
        [sessions.title(session), session.id, session.agent ?? ''].some((text) =>
          sameLetters(text).includes(wanted),
        ),
    )
    .toSorted((a, b) => b.time.updated - a.time.updated);
}

interface Row {
  readonly session: Session;
  /** Undefined in another folder of the project: nobody listens there. */
  readonly state: State | undefined;
}

interface Chosen {
  readonly found: readonly Row[];
  /** How many more there are that fit, as far as they were looked at. */
  readonly more: number;
  /** Whether there are others of which it was not read how they ended. */
  readonly isCut: boolean;
}

async function chooseByState(
  executor: Executor,
  candidates: readonly Session[],
  wanted: State | undefined,
): Promise<Chosen> {
  const active = activeStates(executor, candidates);
  const judge = (sessions: readonly Session[]) => judgeRows(executor, sessions, active);
  if (wanted === undefined) {
    const found = await judge(candidates.slice(0, listed));
    return { found, more: candidates.length - found.length, isCut: false };
  }
  const isActive = wanted === 'working' || wanted === 'waiting';
  const likely = candidates.filter(({ id, directory }) =>
    isActive ? active.get(id) === wanted : directory === executor.directory && !active.has(id),
  );
  const rows = await judge(isActive ? likely : likely.slice(0, judged));
  const fitting = rows.filter(({ state }) => state === wanted);
  const found = fitting.slice(0, listed);
  return { found, more: fitting.length - found.length, isCut: rows.length < likely.length };
}

/** Those that work or wait, by the server's word. */
export function activeStates(
  { sessions }: Pick<Executor, 'sessions'>,
  candidates: readonly Session[],
): ReadonlyMap<string, State> {
  const attention = new Attention(sessions);
  try {
    return new Map(
      candidates.flatMap(({ id }): [string, State][] => {
        if (attention.of(id).length > 0) return [[id, 'waiting']];
        return sessions.status(id).type === 'idle' ? [] : [[id, 'working']];
      }),
    );
  } finally {
    attention.dispose();
  }
}

async function judgeRows(
  executor: Executor,
  sessions: readonly Session[],
  active: ReadonlyMap<string, State>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < sessions.length; at += atOnce) {
    const some = sessions.slice(at, at + atOnce);
    rows.push(
      ...(await Promise.all(
        some.map(async (session) => ({
          session,
          state: active.get(session.id) ?? (await judge(executor, session)),
        })),
      )),
    );
  }
  return rows;
}

/** How a session that rests ended last. */
async function judge(
  { flow: { openCode }, directory }: Executor,
  session: Session,
): Promise<State | undefined> {
  if (session.directory !== directory) return undefined;
  const { messages } = await openCode.listMessages(session.id, { limit: endWindow });
  const outcome = judgeMessages(messages, session.revert);
  switch (outcome?.kind) {
    case 'interrupted':
      // What a fork has of a run of its source, it did not run itself.
      return isCopied(outcome.answer) ? 'idle' : 'failed';
    case 'failed':
    case 'incomplete':
    case 'unanswered':
      return 'failed';
    default:
      return 'idle';
  }
}

function describe(
  { sessions }: Executor,
  { session, state }: Row,
  { now, sessionId }: { readonly now: number; readonly sessionId: string },
): string {
  const { kind, from } = sessions.origin(session);
  return [
    `- ${session.id} "${sessions.title(session)}"${session.id === sessionId ? ' (this session)' : ''}`,
    stateWords(session, state),
    ...(session.agent === undefined ? [] : [session.agent]),
    timeAgo(session.time.updated, now),
    ...(from === undefined ? [] : [`${kindName(kind)} of ${from}`]),
    ...(isArchived(session) ? ['archived'] : []),
  ].join(' · ');
}

function stateWords({ directory }: Session, state: State | undefined): string {
  if (state === undefined) return `state not known from here (in ${directory})`;
  return state === 'waiting' ? 'waiting for the user' : state;
}

function headline(count: number): string {
  if (count === 0) return 'There is no such session in this project.';
  return count === 1 ? '1 session:' : `${count} sessions, the last used first:`;
}

function describeRest(more: number, isCut: boolean): string[] {
  return [
    ...(more > 0 ? [`${more} more are not listed. Narrow them down by "query" or "state".`] : []),
    ...(isCut ? ['Older sessions were not looked at. Narrow them down by "query".'] : []),
  ];
}
