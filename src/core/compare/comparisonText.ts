import { formatLines } from '../changes/changesFigure.ts';
import type { Turn } from '../continuation/turns.ts';
import { insetMarkdown } from '../export/insetMarkdown.ts';
import { inlineCode, inlineText } from '../export/inlineMarkdown.ts';
import { formatTime } from '../figures.ts';
import { l10n } from '../l10n.ts';
import { type ComparedFile, type FileRelation, relationOf } from './comparedFiles.ts';
import type { ComparedSession, Comparison } from './comparison.ts';
import {
  describeChanged,
  describeCost,
  describeEnd,
  describeFailures,
  describeTime,
  describeTodos,
  describeTokens,
} from './figureWords.ts';
import { printTable } from './textTable.ts';

/** A line of the document at which something can be done. */
export type ComparisonPlace =
  | { readonly line: number; readonly of: 'all' }
  /** One of the sessions, by its place. */
  | { readonly line: number; readonly of: number };

export interface ComparisonText {
  readonly text: string;
  readonly places: readonly ComparisonPlace[];
}

/** Files that are listed at most: more is read in the editor of changes. */
const listedFiles = 200;

/** A comparison as Markdown that is read as it stands: its figures and files as tables, then what each was asked and answered. */
export function buildComparisonText(comparison: Comparison): ComparisonText {
  const { sessions } = comparison;
  const blocks: string[] = [];
  const places: ComparisonPlace[] = [];
  const push = (block: string, of?: ComparisonPlace['of']): void => {
    if (of !== undefined) places.push({ line: lineAfter(blocks), of });
    if (block !== '') blocks.push(block);
  };
  push(`# ${titleOf(comparison)}`, 'all');
  for (const paragraph of introduce(comparison)) push(paragraph);
  push(`## ${l10n.t('Figures')}`);
  push(figuresTable(comparison));
  const notes = [
    ...comparison.notes,
    ...sessions.flatMap((one) => one.notes.map((note) => `${inlineText(one.name)}: ${note}`)),
  ];
  push(notes.map((note) => `- ${note}`).join('\n'));
  push(`## ${l10n.t('Files')}`);
  push(filesText(comparison));
  for (const [index, session] of sessions.entries()) {
    push(`## ${inlineText(session.name)}`, index);
    for (const block of sayTurns(session, 3)) push(block);
  }
  return { text: `${blocks.join('\n\n')}\n`, places };
}

/** What one session was asked and answered, as a side of a diff. */
export function buildAnswersText(session: ComparedSession): string {
  return `${[`# ${inlineText(session.name)}`, ...sayTurns(session, 2)].join('\n\n')}\n`;
}

/** What the tab says. */
export function comparisonName({ sessions }: Pick<Comparison, 'sessions'>): string {
  return l10n.t('Comparison of {0}', sessions.map(({ name }) => name).join(', '));
}

function lineAfter(blocks: readonly string[]): number {
  return blocks.reduce((lines, block) => lines + block.split('\n').length + 1, 0);
}

function titleOf({ source, sessions }: Comparison): string {
  return source === undefined
    ? l10n.t('{0} sessions compared', sessions.length)
    : l10n.t('{0} ways to go on from “{1}”', sessions.length, inlineText(source));
}

function introduce({ fork, pair, sessions, time }: Comparison): readonly string[] {
  const [left, right] = [sessions[pair.left], sessions[pair.right]];
  return [
    fork === undefined
      ? l10n.t('They have no message in common, so all of each counts (read {0}).', formatTime(time, time))
      : l10n.t('Counted from here on: “{0}” (read {1})', inlineText(fork), formatTime(time, time)),
    left === undefined || right === undefined
      ? ''
      : l10n.t(
          'Side by side first: “{0}” and “{1}”. {2}',
          inlineText(left.name),
          inlineText(right.name),
          inlineText(pair.reason),
        ),
  ];
}

/** A column for each session, so that what is compared stands side by side. */
function figuresTable({ sessions, time }: Comparison): string {
  const row = (title: string, say: (session: ComparedSession) => string): readonly string[] => [
    title,
    ...sessions.map(say),
  ];
  return printTable([
    row('', ({ name }) => inlineText(name)),
    row(l10n.t('State'), (session) => inlineText(describeEnd(session, time))),
    row(l10n.t('Changed'), ({ changes }) => describeChanged(changes)),
    row(l10n.t('Tokens'), describeTokens),
    row(l10n.t('Cost'), describeCost),
    row(l10n.t('Time'), describeTime),
    row(l10n.t('Failures'), describeFailures),
    row(l10n.t('Todos'), describeTodos),
    row(l10n.t('Prompts'), (session) => String(countPrompts(session))),
  ]);
}

function filesText({ sessions, files }: Comparison): string {
  if (files.length === 0)
    return l10n.t('None of them changed a file, as far as OpenCode kept a record of it.');
  const rows = files
    .slice(0, listedFiles)
    .map((file) => [
      inlineCode(file.path),
      ...file.ends.map((end) => (end === undefined ? '—' : `${formatLines(end)}${end.told ? '*' : ''}`)),
      inlineText(describeRelation(sessions, file)),
    ]);
  const more = files.length - rows.length;
  return [
    printTable([
      [l10n.t('File'), ...sessions.map(({ name }) => inlineText(name)), l10n.t('Compared')],
      ...rows,
    ]),
    ...(files.some(({ ends }) => ends.some((end) => end?.told))
      ? [l10n.t('\\* as the agent told: OpenCode kept no snapshot of it.')]
      : []),
    ...(more > 0 ? [l10n.t('{0} more files are not listed here.', more)] : []),
  ].join('\n\n');
}

function describeRelation(sessions: readonly ComparedSession[], file: ComparedFile): string {
  const { kind, touched }: FileRelation = relationOf(file);
  const names = touched.map((index) => sessions[index]?.name ?? '').join(', ');
  const isAll = touched.length === sessions.length;
  switch (kind) {
    case 'only':
      return l10n.t('only {0}', names);
    case 'same':
      return isAll ? l10n.t('the same') : l10n.t('the same in {0}', names);
    case 'different':
      return isAll ? l10n.t('differently') : l10n.t('differently in {0}', names);
    case 'unknown':
      return l10n.t('texts not known');
  }
}

function countPrompts({ figures }: ComparedSession): number {
  return figures.turns.reduce((sum, { requests }) => sum + requests.length, 0);
}

function sayTurns({ figures: { turns } }: ComparedSession, level: number): readonly string[] {
  if (turns.length === 0) return [`*${l10n.t('Nothing was asked here since.')}*`];
  return turns.flatMap(({ requests, conclusion, end }) => [
    ...requests.map((request) => quote(insetMarkdown(request, level))),
    ...(conclusion === undefined ? [] : [insetMarkdown(conclusion, level)]),
    ...describeAnswerEnd(end, conclusion !== undefined),
  ]);
}

/** What keeps the answer of a turn from being all that was to be said. */
function describeAnswerEnd(end: Turn['end'], isSaid: boolean): readonly string[] {
  switch (end) {
    case 'whole':
      return isSaid ? [] : [`*${l10n.t('Nothing was answered.')}*`];
    case 'cut':
      return [`*${l10n.t('The answer was cut at the output limit of the model.')}*`];
    case 'stopped':
      return [`*${l10n.t('It was stopped.')}*`];
    case 'failed':
      return [`*${l10n.t('It failed.')}*`];
    case 'none':
      return [`*${l10n.t('No answer came to its end.')}*`];
  }
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}
