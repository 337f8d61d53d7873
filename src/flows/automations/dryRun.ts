import { type AutomationFault, isOfWorkspace } from '../../core/automations/automation.ts';
import {
  describeEvent,
  describeOrigin,
  describeStep,
  promptOf,
} from '../../core/automations/automationWords.ts';
import type { Happening } from '../../core/automations/happenings.ts';
import { type AutomationFacts, judge } from '../../core/automations/judge.ts';
import { stateOf } from '../../core/automations/runRecord.ts';
import { formatCost, formatDuration } from '../../core/figures.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { ownRequests } from '../../core/sessions/attention.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { costOfLineage } from '../../core/sessions/usage.ts';
import { toolOf } from '../../core/tools/toolOf.ts';
import { isFinished } from '../../core/turns/turn.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import type { AutomationList, ListedAutomation } from './automationList.ts';
import { findChain } from './findChain.ts';
import { readHappening } from './readHappening.ts';

export interface DryRunPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'listMessages' | 'getMessage'>;
  readonly sessions: Pick<Sessions, 'get' | 'origin' | 'title' | 'derivedFrom' | 'permissions' | 'questions'>;
  readonly list: Pick<AutomationList, 'isApproved' | 'isStopped'>;
  /** What the entry names that is not there. */
  readonly findUnknown: (entry: ListedAutomation['entry']) => Promise<readonly AutomationFault[]>;
  readonly now: () => number;
}

/** Says what an automation would do for a session as it stands, and why not: nothing is run, and nothing sent. */
export async function dryRun(
  ports: DryRunPorts,
  listed: ListedAutomation,
  sessionId: string,
): Promise<string> {
  const { entry } = listed;
  const session = await ports.openCode.getSession(sessionId);
  const heading = [
    l10n.t('# Dry run of “{0}”', entry.name),
    l10n.t('Nothing was run and nothing was sent.'),
    l10n.t(
      'It stands in {0} and is run {1}. Here it is tried with “{2}” ({3}).',
      describeOrigin(entry),
      entry.automation === undefined ? '' : describeEvent(entry.automation.on),
      ports.sessions.title(session),
      session.id,
    ),
  ];
  if (entry.automation === undefined) {
    const faults = entry.faults.map(({ path, message }) => `- ${[...path, message].join(' · ')}`);
    return [...heading, l10n.t('It is never run, because it has faults:'), faults.join('\n')].join('\n\n');
  }
  const sections = [
    await describeConditions(ports, listed, session),
    await describeBarriers(ports, listed, session),
    await describeSteps(ports, listed),
  ];
  return [...heading, ...sections].join('\n\n');
}

async function describeConditions(
  ports: DryRunPorts,
  { entry: { automation, name } }: ListedAutomation,
  session: Session,
): Promise<string> {
  if (automation === undefined) return '';
  const { messages } = await ports.openCode.listMessages(session.id, { limit: 100 });
  const happening = lastHappening(ports, session, messages, automation.on);
  const read = happening && (await readHappening(ports, session, happening, {}));
  const title = l10n.t('## Conditions');
  if (happening === undefined || read === undefined) {
    return `${title}\n\n${l10n.t('Nothing that it follows has happened in this session, as far as it can be seen.')}`;
  }
  const facts: AutomationFacts = {
    directory: session.directory,
    title: ports.sessions.title(session),
    agent: read.agent,
    lineage: ports.sessions.origin(session).kind,
    tool: 'call' in happening ? happening.call.tool : undefined,
    files: read.files,
  };
  const lines = judge(automation, facts).map(({ condition, holds, wanted, found }) =>
    l10n.t('- {0} **{1}**: wanted {2}; found {3}', holds ? '✓' : '✗', condition, wanted, found),
  );
  const chain = await findChain(ports.openCode, session, read.promptId);
  if (chain.includes(name)) lines.push(l10n.t('- ✗ It would be started by what came of itself.'));
  else if (chain.length > 0) lines.push(l10n.t('- It follows: {0}', chain.join(' → ')));
  return [title, lines.join('\n')].join('\n\n');
}

async function describeBarriers(
  ports: DryRunPorts,
  { entry, standing, why, runs }: ListedAutomation,
  session: Session,
): Promise<string> {
  const { automation } = entry;
  if (automation === undefined) return '';
  const isApproved = await ports.list.isApproved(entry);
  const lately = runs.filter(({ record }) => Math.abs(ports.now() - record.time) < 3_600_000);
  const cost = costOfLineage(session, ports.sessions);
  const { perHour, lineageCost } = automation.limit;
  const lines = [
    standing !== 'on' && l10n.t('- ✗ It is not run: {0}', why ?? standing),
    (await ports.list.isStopped()) && l10n.t('- ✗ All automations are paused.'),
    isOfWorkspace(entry) &&
      !isApproved &&
      l10n.t('- ✗ It comes with the workspace and is not approved as it stands.'),
    automation.confirm === 'always' && l10n.t('- You are asked before each run.'),
    automation.confirm === 'once' && !isApproved && l10n.t('- You are asked before the first run.'),
    l10n.t(
      '- In the last hour it ran {0} times (at least); {1} are allowed.',
      lately.filter((run) => stateOf(run) !== 'limited').length,
      perHour,
    ),
    lineageCost !== undefined &&
      l10n.t(
        '- {0} This lineage cost {1}; the limit is {2}.',
        cost < lineageCost ? '✓' : '✗',
        formatCost(cost),
        formatCost(lineageCost),
      ),
    l10n.t(
      '- It waits {0} after the last event, and for each step {1} at most.',
      formatDuration(automation.debounce),
      formatDuration(automation.timeLimit),
    ),
  ];
  return [l10n.t('## Before it is run'), lines.filter((line) => line !== false).join('\n')].join('\n\n');
}

async function describeSteps(ports: DryRunPorts, { entry }: ListedAutomation): Promise<string> {
  const unknown = await ports.findUnknown(entry);
  const lines = (entry.automation?.steps ?? []).map((step, index) => {
    const faults = unknown.filter(({ path }) => path[0] === 'do' && path[1] === index);
    const prompt = promptOf(step);
    return [
      `${index + 1}. ${describeStep(step)}`,
      ...faults.map(({ message }) => `   - ✗ ${message}`),
      ...(prompt === undefined ? [] : [`   > ${prompt.replaceAll('\n', '\n   > ')}`]),
    ].join('\n');
  });
  return [l10n.t('## Steps'), lines.join('\n')].join('\n\n');
}

/** What an event of that kind would have told last. */
function lastHappening(
  { sessions }: Pick<DryRunPorts, 'sessions'>,
  { id: sessionId }: Session,
  messages: readonly MessageWithParts[],
  on: Happening['on'],
): Happening | undefined {
  const answer = messages
    .flatMap(({ info }) => (info.role === 'assistant' ? info : []))
    .findLast((info) => isFinished(info) && info.summary !== true);
  const isDone = ({ tool, state }: { tool: string; state: { status: string } }): boolean =>
    state.status === 'completed' && (on === 'toolCompleted' || toolOf(tool).kind === 'writeTodos');
  switch (on) {
    case 'settled':
      return answer && { on, sessionId, answer };
    case 'failed':
    case 'created':
    case 'compacted':
      return { on, sessionId };
    case 'toolCompleted':
    case 'todoCompleted':
    case 'allTodosDone': {
      const call = messages
        .flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool' && isDone(part) ? part : [])))
        .at(-1);
      return call && { on, sessionId, call };
    }
    case 'needsYou': {
      const [waiting] = ownRequests(sessions, sessionId);
      return waiting && { on, sessionId, requestId: waiting.request.id };
    }
  }
}
