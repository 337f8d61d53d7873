import type { Extraction } from './extraction.ts';
import type { Gathered } from './gathered.ts';
import { toolNamed } from '../tools/toolOf.ts';
import { shorten } from './shorten.ts';
import { buildTodoInstruction } from './todoInstruction.ts';
import { summarizeTodos } from './todoDigest.ts';

export interface HandoffOptions {
  /** What the user wants next; it goes before what a model made of it. */
  readonly goal?: string;
  /** `short` is about 100 to 200 tokens; `long` also quotes the user, the last conclusion and the state of git. */
  readonly form: 'short' | 'long';
}

const limits = {
  short: { files: 8, conclusion: 280, names: 6, steps: 5 },
  long: { files: 30, conclusion: 2000, names: 40, steps: 12 },
};

/**
 * The text that a fresh session starts from. `extraction` is what a model made of the source, undefined
 * while there is none: then the last conclusion stands for the summary. Sections with nothing in them are left out.
 */
export function buildHandoff(
  gathered: Gathered,
  extraction: Extraction | undefined,
  options: HandoffOptions,
): string {
  const sections = [
    '## Session Handoff',
    summarySection(gathered, extraction, options),
    goalSection(extraction, options),
    todoSection(gathered, options),
    fileSection(gathered, options),
    decisionSection(extraction),
    failureSection(extraction),
    ...(options.form === 'long' ? longSections(gathered) : []),
    nextSection(extraction, options),
    firstSection(gathered, options),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n\n---\n${previousLine(gathered)}`;
}

function summarySection(
  { conclusion, title }: Gathered,
  extraction: Extraction | undefined,
  { form }: HandoffOptions,
): string {
  const summary = extraction?.summary ?? '';
  if (summary !== '') return summary;
  if (conclusion === undefined) return `Continues "${shorten(title, 80)}".`;
  return form === 'long' && conclusion.length <= limits.long.conclusion
    ? conclusion
    : shorten(conclusion, limits[form].conclusion);
}

function goalSection(extraction: Extraction | undefined, options: HandoffOptions): string {
  const goal = options.goal?.trim() || extraction?.goal || '';
  const blocked = extraction?.blocked ?? '';
  return [field('Goal', goal), field('Blocked', /^none\.?$/i.test(blocked) ? '' : blocked)]
    .filter((entry) => entry !== '')
    .join(' · ');
}

function todoSection({ todos }: Gathered, { form }: HandoffOptions): string {
  const { done, total, cancelled, inProgress, pending } = summarizeTodos(todos);
  if (total === 0) return '';
  return [
    `**Todos:** ${done}/${total} done${cancelled === 0 ? '' : ` (${cancelled} cancelled)`}`,
    ...(inProgress.length === 0 ? [] : [`- In progress: ${listNames(inProgress, form)}`]),
    ...(pending.length === 0 ? [] : [`- Pending: ${listNames(pending, form)}`]),
  ].join('\n');
}

function fileSection({ files, missingFiles }: Gathered, { form }: HandoffOptions): string {
  const gone = new Set(missingFiles);
  const shown = files
    .slice(0, limits[form].files)
    .map((file) => (gone.has(file) ? `${file} (deleted)` : file));
  const more = files.length - shown.length;
  return field('Files', [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', '));
}

function decisionSection(extraction: Extraction | undefined): string {
  const decisions = (extraction?.decisions ?? [])
    .filter(({ decision }) => decision !== '')
    .map(({ decision, reason }) => (reason === '' ? decision : `${decision} (${reason})`));
  return field('Decisions', decisions.join('; '));
}

function failureSection(extraction: Extraction | undefined): string {
  return field('Tried and failed', (extraction?.triedAndFailed ?? []).join('; '));
}

function nextSection(extraction: Extraction | undefined, { form }: HandoffOptions): string {
  const steps = (extraction?.nextSteps ?? []).slice(0, limits[form].steps);
  return field(
    'Next',
    steps.map((step, index) => `${index + 1}. ${step.replace(/^\d+[.)]\s*/, '')}`).join(' '),
  );
}

/** The first act: nothing else brings the todos into the new session. As data only where the list above does not hold them all. */
function firstSection({ todos }: Gathered, { form }: HandoffOptions): string {
  const { inProgress, pending } = summarizeTodos(todos);
  const names = [...inProgress, ...pending];
  if (names.length === 0) return '';
  const isListed = Math.max(inProgress.length, pending.length) <= limits[form].names;
  const isPlain = names.every((name) => !name.includes(', '));
  if (!isListed || !isPlain) return buildTodoInstruction(todos);
  return field(
    'First',
    `call \`${toolNamed('writeTodos')}\` with the todos in progress and pending above, word for word, then go on.`,
  );
}

function longSections({ requests, git }: Gathered): string[] {
  const quoted = requests.map((request) => `> ${request}`).join('\n>\n');
  const state = git === undefined ? '' : `${git.branch}${git.diffStat === '' ? '' : ` · ${git.diffStat}`}`;
  return [quoted === '' ? '' : `**Asked by the user:**\n\n${quoted}`, field('Git', state)];
}

function previousLine({ sessionId, readSession }: Gathered): string {
  return `Previous: \`${sessionId}\`${readSession ? ' · Use `read_session` if you need more context.' : ''}`;
}

function listNames(names: readonly string[], form: HandoffOptions['form']): string {
  const shown = names.slice(0, limits[form].names);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}`;
}

function field(name: string, value: string): string {
  return value === '' ? '' : `**${name}:** ${value}`;
}
