import type { Todo } from '../../../protocol/records.ts';
import { buildCompactGuidance } from '../compactGuidance.ts';
import { sayLong } from '../digest/say.ts';
import type { Extraction } from '../extraction.ts';
import { buildForkPrompt } from '../forkPrompt.ts';
import type { Gathered } from '../gathered.ts';
import { buildHandoff, type HandoffOptions } from '../handoff.ts';
import { fillTemplate, type PlaceholderValues } from './promptTemplate.ts';
import { buildRelayContext } from '../relayContext.ts';
import { digestTurns } from '../sessionDigest.ts';
import { summarizeTodos } from '../todoDigest.ts';
import { buildTodoInstruction } from '../todoInstruction.ts';

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
    ? buildHandoff(gathered, extraction, options)
    : fillTemplate(template, templateValues(gathered, extraction, { ...options, prompt: '' }));
}

/** The line that is offered to the next agent of a relay. */
export function relayBody(gathered: Gathered, agent: string, template: string | undefined): string {
  return template === undefined
    ? buildRelayContext(gathered)
    : fillTemplate(template, templateValues(gathered, undefined, { goal: '', agent, prompt: '' }));
}

/** The first prompt of a fork. */
export function forkBody(
  gathered: Gathered,
  { agent, prompt }: { readonly agent: string; readonly prompt: string },
  template: string | undefined,
): string {
  return template === undefined
    ? buildForkPrompt(prompt, gathered.todos)
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
    todoInstruction: buildTodoInstruction(gathered.todos),
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

function listTodos(todos: readonly Todo[]): string {
  const { done, total, inProgress, pending } = summarizeTodos(todos);
  if (total === 0) return '';
  return [
    `${done}/${total} done`,
    ...(inProgress.length === 0 ? [] : [`- In progress: ${inProgress.join(', ')}`]),
    ...(pending.length === 0 ? [] : [`- Pending: ${pending.join(', ')}`]),
  ].join('\n');
}
