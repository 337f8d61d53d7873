import { type FieldKind, fieldKinds, fieldNames } from './digest/fieldWords.ts';
import { readMarkdown } from './digest/markdown.ts';
import { plainStart, sayLong, sayShort } from './digest/say.ts';
import { readableText } from './digest/readableText.ts';
import { cutText } from './digest/sentences.ts';
import { estimateTokens } from './digest/tokenEstimate.ts';
import type { Extraction } from './extraction.ts';
import { linesOf } from './fileChanges.ts';
import type { Gathered } from './gathered.ts';
import { type HandoffSizes, leastSizes, longSizes, shortLimit, shortSteps } from './handoffSizes.ts';
import { isUnnamed } from '../sessions/unnamed.ts';
import { goalField, handoffHeading } from './request.ts';
import { type DigestedTurn, digestTurns, type SessionDigest } from './sessionDigest.ts';
import { toolNamed } from '../tools/toolOf.ts';
import { shorten } from './shorten.ts';
import { summarizeTodos } from './todoDigest.ts';

export interface HandoffOptions {
  /** What the user wants next; it goes before what a model made of it. */
  readonly goal?: string;
  /** Stands in the place of a goal that nobody has said. */
  readonly blankGoal?: string | undefined;
  /** What stands for the open todos as data, where they are too many to be listed. */
  readonly todosAsData?: string;
  /** `short` is about 100 to 200 tokens; `long` also quotes the user, the last conclusion and the state of git. */
  readonly form: 'short' | 'long';
}

/** Tokens of the main answer that the long form quotes. */
const quoteLength = 500;
/** Tokens of each thing that a model says. */
const summaryLength = 150;
/** Todos that are listed; where there are more, they are given as data. */
const todoLimit = 30;

/**
 * The text that a fresh session starts from. `extraction` is what a model made of the source, undefined while there is
 * none: then the answers themselves say it. Sections with nothing in them are left out.
 */
export function buildHandoff(
  gathered: Gathered,
  extraction: Extraction | undefined,
  options: HandoffOptions,
): string {
  const digest = digestTurns(gathered.turns);
  const print = (sizes: HandoffSizes): string => layOut(gathered, digest, extraction, options, sizes);
  if (options.form === 'long') return print(longSizes);
  let sizes = leastSizes;
  let text = print(sizes);
  for (const step of shortSteps) {
    const wished = { ...sizes, ...step(sizes) };
    const longer = print(wished);
    if (estimateTokens(longer) > shortLimit) continue;
    [sizes, text] = [wished, longer];
  }
  return text;
}

function layOut(
  gathered: Gathered,
  digest: SessionDigest,
  extraction: Extraction | undefined,
  options: HandoffOptions,
  sizes: HandoffSizes,
): string {
  const sections = [
    headingLine(gathered),
    goalLine(oneLine(options.goal ?? '') || oneLine(extraction?.goal ?? '') || (options.blankGoal ?? '')),
    extraction === undefined ? '' : plainStart(plain(extraction.summary, summaryLength)),
    extraction === undefined ? fieldSection(digest, sizes) : extractedFields(extraction, digest, sizes),
    extraction === undefined || options.form === 'long' ? turnSection(gathered, digest, sizes) : '',
    fileSection(gathered, sizes),
    todoSection(gathered),
    firstSection(gathered, options.todosAsData ?? ''),
    ...(options.form === 'long' ? [gitSection(gathered), ...quoteSections(gathered, digest)] : []),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n\n---\n${previousLine(gathered)}`;
}

function headingLine({ title }: Gathered): string {
  const name = shorten(oneLine(title).replace(/^Handoff(?: \d+)?: /, ''), 80).replaceAll('`', "'");
  return isUnnamed(name) ? handoffHeading : `${handoffHeading}: ${name}`;
}

function goalLine(goal: string): string {
  return goal === '' ? '' : `${goalField}${goal}`;
}

function fieldSection({ fields }: SessionDigest, sizes: HandoffSizes): string {
  return fieldLines((kind) => fields[kind], sizes);
}

/** What a model was not asked for, the answers themselves say. */
function extractedFields(extraction: Extraction, { fields }: SessionDigest, sizes: HandoffSizes): string {
  const decisions = extraction.decisions
    .filter(({ decision }) => decision !== '')
    .map(({ decision, reason }) => (reason === '' ? decision : `${decision} (${reason})`));
  const blocked = /^(?:none\.?)?$/i.test(extraction.blocked) ? '' : plain(extraction.blocked, summaryLength);
  const said = {
    ...fields,
    decided: decisions.map((text) => plain(text, summaryLength)),
    failed: extraction.triedAndFailed.map((text) => plain(text, summaryLength)),
    next: extraction.nextSteps.map((step) => plain(step.replace(/^\d+[.)]\s*/, ''), summaryLength)),
  };
  return [field('Blocked', blocked), fieldLines((kind) => said[kind], sizes)]
    .filter((line) => line !== '')
    .join('\n');
}

/** What a model wrote, in one line. */
function plain(text: string, tokens: number): string {
  return sayShort(readMarkdown(text), tokens);
}

function fieldLines(read: (kind: FieldKind) => readonly string[], { items, item }: HandoffSizes): string {
  return fieldKinds
    .map((kind) => {
      const all = read(kind);
      const shown = all.slice(0, items[kind]).map((text) => cutText(text, item));
      if (shown.length === 0) return '';
      const more = all.length - shown.length;
      const list = listItems(shown, kind === 'next');
      return field(
        fieldNames[kind],
        more > 0 ? `${list.replace(/(?<=[^.])[.。]$/u, '')} (${more} more)` : list,
      );
    })
    .filter((line) => line !== '')
    .join('\n');
}

function listItems(items: readonly string[], numbered: boolean): string {
  if (items.length < 2) return items[0] ?? '';
  return items
    .map((item, index) => `${numbered ? `${index + 1}. ` : ''}${item.replace(/(?<=[^.])[.;。；]$/u, '')}`)
    .join(numbered ? '; ' : ' · ');
}

/** A line for each turn: what was asked, and what came of it. The one that says most is the longest. */
function turnSection({ isPartial, title }: Gathered, digest: SessionDigest, sizes: HandoffSizes): string {
  const chosen = chooseTurns(digest, sizes);
  if (chosen.length === 0) return isPartial ? '' : `Continues "${shorten(title, 80)}".`;
  const count = digest.turns.length + digest.earlier;
  const which = chosen.length === count && !isPartial ? '' : ` (${chosen.length} of ${count} turns)`;
  return [`**So far${which}:**`, ...chosen.map((turn) => turnLine(turn, digest, sizes))].join('\n');
}

/** The main turn and the newest that did something; of the others the first, which set the goal, and the newest. */
function chooseTurns({ turns, main }: SessionDigest, sizes: HandoffSizes): readonly DigestedTurn[] {
  const newest = turns.toReversed();
  const doing = [...newest.filter((turn) => turn === main), ...newest.filter(({ acted }) => acted)];
  const asking = [...turns.slice(0, 1), ...newest].filter((turn) => !doing.includes(turn));
  const chosen = new Set([
    ...[...new Set(doing)].slice(0, sizes.turns),
    ...[...new Set(asking)].slice(0, sizes.asides),
  ]);
  return turns.filter((turn) => chosen.has(turn));
}

function turnLine(turn: DigestedTurn, { main }: SessionDigest, sizes: HandoffSizes): string {
  const asked = sayShort(turn.asked, sizes.request).replace(/(?<=[^.])[.。:：]$/u, '');
  const length = turn === main ? sizes.main : turn.acted ? sizes.other : sizes.aside;
  const said = length === 0 ? '' : sayShort(turn.answer.prose, length);
  const outcome = [
    said,
    said !== '' && turn.end === 'whole' ? '' : endWords(turn),
    turn === main ? '' : changeWords(turn),
  ].filter((words) => words !== '');
  return `- ${plainStart(asked)}${outcome.length === 0 ? '' : ` → ${outcome.join(' · ')}`}`;
}

function endWords({ end, acted }: DigestedTurn): string {
  switch (end) {
    case 'whole':
      return acted ? '' : 'answered';
    case 'cut':
      return 'the answer was cut off by the output limit';
    case 'stopped':
      return 'stopped by the user';
    case 'failed':
      return 'failed';
    case 'none':
      return 'not answered';
  }
}

function changeWords({ changes }: DigestedTurn): string {
  if (changes.length === 0) return '';
  return changes.length === 1 ? '1 file' : `${changes.length} files`;
}

function fileSection({ changes, missingFiles }: Gathered, { files, counts }: HandoffSizes): string {
  const gone = new Set(missingFiles);
  const shown = changes.slice(0, files).map((change) => {
    if (gone.has(change.file)) return `${change.file} (deleted)`;
    return !counts || linesOf(change) === 0
      ? change.file
      : `${change.file} +${change.added} −${change.removed}`;
  });
  const more = changes.length - shown.length;
  return field('Files', [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', '));
}

function todoSection({ todos }: Gathered): string {
  const { done, total, cancelled, inProgress, pending } = summarizeTodos(todos);
  if (total === 0) return '';
  const names = [
    ...inProgress.map((name) => `- In progress: ${name}`),
    ...pending.map((name) => `- Pending: ${name}`),
  ];
  return [
    `**Todos:** ${done}/${total} done${cancelled === 0 ? '' : ` (${cancelled} cancelled)`}`,
    ...(names.length > todoLimit ? [] : names),
  ].join('\n');
}

/** The first act: nothing else brings the todos into the new session. As data only where there are too many to list. */
function firstSection({ todos }: Gathered, todosAsData: string): string {
  const { inProgress, pending } = summarizeTodos(todos);
  const count = inProgress.length + pending.length;
  if (count === 0) return '';
  if (count > todoLimit) return todosAsData;
  return field('First', `call \`${toolNamed('writeTodos')}\` with the open todos above, word for word.`);
}

function gitSection({ git }: Gathered): string {
  return git === undefined
    ? ''
    : field('Git', [git.branch, git.diffStat].filter((word) => word !== '').join(' · '));
}

function quoteSections({ requests }: Gathered, { main }: SessionDigest): readonly string[] {
  const answered = main === undefined ? '' : sayLong(main.answer.prose, quoteLength);
  return [
    quote('Asked by the user', requests.join('\n\n')),
    quote(`Answered by ${main?.agent ?? 'the agent'}`, answered),
  ];
}

function quote(heading: string, text: string): string {
  if (text === '') return '';
  const lines = text.split('\n').map((line) => (line === '' ? '>' : `> ${line}`));
  return `**${heading}:**\n\n${lines.join('\n')}`;
}

function previousLine({ sessionId, readSession }: Gathered): string {
  return `Previous: \`${sessionId}\`${readSession ? ' · Use `read_session` for more.' : ''}`;
}

function field(name: string, value: string): string {
  return value === '' ? '' : `**${name}:** ${value}`;
}

function oneLine(text: string): string {
  return readableText(text).replaceAll(/\s+/g, ' ').trim();
}
