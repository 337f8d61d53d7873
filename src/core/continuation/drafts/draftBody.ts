import type { Session, Todo } from '../../../protocol/records.ts';
import { buildCompactGuidance } from '../compactGuidance.ts';
import { sayLong } from '../digest/say.ts';
import type { Extraction } from '../extraction.ts';
import { buildForkPrompt } from '../forkPrompt.ts';
import type { Gathered } from '../gathered.ts';
import { buildHandoff, type HandoffOptions } from '../handoff.ts';
import { goingTodos } from './goingTodos.ts';
import { fillTemplate, type PlaceholderValues, usesPlaceholder } from './promptTemplate.ts';
import { buildRelayContext } from '../relayContext.ts';
import { digestTurns } from '../sessionDigest.ts';
import { summarizeTodos } from '../todoDigest.ts';

/** Tokens of what stands for the summary of a model where none was asked. */
const summaryLength = 300;

/** The prompt of a hand off. `template` takes the place of the layout that is built in. */
export function handOffBody(
  gathered: Gathered,
  extraction: Extraction | undefined,
  options: HandoffOptions & { readonly agent: string },
  template: string | undefined,
): string {
  return template === undefined
    ? buildHandoff(gathered, extraction, { ...options, todosAsData: todosLine(gathered) })
    : fillTemplate(template, templateValues(gathered, extraction, { ...options, prompt: '' }));
}

/** What the next agent of a relay is told: what was done last in a line, then what it is to do. */
export function relayBody(
  gathered: Gathered,
  { agent, prompt }: { readonly agent: string; readonly prompt: string },
  template: string | undefined,
): string {
  const before =
    template === undefined
      ? buildRelayContext(gathered)
      : fillTemplate(template, templateValues(gathered, undefined, { goal: '', agent, prompt }));
  // A template may say itself where that stands.
  const isIn = template !== undefined && usesPlaceholder(template, 'prompt');
  return [before, isIn ? '' : prompt].filter((words) => words !== '').join('\n\n');
}

/** What a leg of a chain is told by its own template: what the legs before it will have done, nobody knows yet. */
export function chainLegBody(
  { id, title, agent: current = '' }: Pick<Session, 'id' | 'title' | 'agent'>,
  { agent, before = current }: { readonly agent: string; readonly before: string | undefined },
  template: string,
): string {
  return fillTemplate(template, { title, session: id, agent, previousAgent: before });
}

/** The first prompt of a fork. */
export function forkBody(
  gathered: Gathered,
  { agent, prompt }: { readonly agent: string; readonly prompt: string },
  template: string | undefined,
): string {
  return template === undefined
    ? buildForkPrompt(prompt, todosLine(gathered))
    : fillTemplate(template, templateValues(gathered, undefined, { goal: prompt, agent, prompt }));
}

/** What the summary of a compaction is told. */
export function compactBody(gathered: Gathered, agent: string, template: string | undefined): string {
  const { todos, changes, turns } = gathered;
  const files = changes.map(({ file }) => file);
  const { fields } = digestTurns(turns);
  return template === undefined
    ? buildCompactGuidance({ agent, todos, files, fields, guidance: '' })
    : fillTemplate(template, templateValues(gathered, undefined, { agent, prompt: '' }));
}

/** What a template's placeholders stand for. */
function templateValues(
  gathered: Gathered,
  extraction: Extraction | undefined,
  given: { readonly goal?: string; readonly agent: string; readonly prompt: string },
): PlaceholderValues {
  const { conclusion = '', git, requests, changes, title, sessionId, turns } = gathered;
  const { fields, main } = digestTurns(turns);
  const decisions = extraction?.decisions.map(({ decision, reason }) =>
    reason === '' ? decision : `${decision} (${reason})`,
  );
  return {
    summary: extraction?.summary || sayLong(main?.answer.prose ?? [], summaryLength),
    goal: given.goal?.trim() || extraction?.goal || '',
    blocked: extraction?.blocked ?? '',
    todos: listTodos(gathered.todos),
    todoInstruction: todosLine(gathered),
    files: changes.map(({ file }) => file).join(', '),
    decisions: (decisions ?? fields.decided).join('; '),
    failed: (extraction?.triedAndFailed ?? fields.failed).join('; '),
    next: (extraction?.nextSteps ?? fields.next).map((step, index) => `${index + 1}. ${step}`).join('\n'),
    careful: fields.careful.join('; '),
    open: fields.open.join('; '),
    requests: requests.map((request) => `> ${request}`).join('\n>\n'),
    git: git === undefined ? '' : [git.branch, git.diffStat].filter((word) => word !== '').join(' · '),
    conclusion,
    title,
    session: sessionId,
    agent: given.agent,
    previousAgent: gathered.agent ?? '',
    prompt: given.prompt,
  };
}

/** What stands in a draft for the todos that go along with it. */
function todosLine({ todos }: Gathered): string {
  return goingTodos(todos)?.line ?? '';
}

function listTodos(todos: readonly Todo[]): string {
  const { done, total, inProgress, pending } = summarizeTodos(todos);
  if (total === 0) return '';
  return [
    `${done}/${total} done`,
    ...(inProgress.length === 0 ? [] : [`- In progress: ${inProgress.join(', ')}`]),
    ...(pending.length === 0 ? [] : [`- Pending: ${pending.join(', ')}`]),
  ].join('\n');
}
