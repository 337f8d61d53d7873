import type { Todo } from '../../protocol/records.ts';
import { shorten } from '../continuation/shorten.ts';
import { formatFigure } from '../changes/changesFigure.ts';
import { formatCost, formatDuration } from '../figures.ts';
import { isolate } from '../isolate.ts';
import { l10n } from '../l10n.ts';
import { plainLine } from '../plainText.ts';
import { timeAgo } from '../relativeTime.ts';
import { isArchived } from '../sessions/sessionKind.ts';
import { describeOrigin, longState, type SessionFacts } from '../sessions/sessionRow.ts';
import { countTodos } from '../todos/todoSummary.ts';
import { formatPercent } from '../sessions/usage.ts';
import type { Glance } from './glances.ts';

export interface StoryFacts {
  readonly facts: SessionFacts;
  readonly glance: Glance | undefined;
  readonly todos: readonly Todo[] | undefined;
}

/** A link of a story that runs one of our commands on its session. */
export interface StoryLink {
  readonly title: string;
  readonly command: string;
}

/** About two lines of a hover. */
const promptLength = 160;
const answerLength = 200;

/**
 * What somebody wants to know of a session at whose row they look, as Markdown: its name and where it comes from, how it
 * stands, what was asked for and answered last, what is left, and what can be done. All words but ours are escaped.
 */
export function tellStory({ facts, glance, todos }: StoryFacts, links: readonly StoryLink[]): string {
  const { session, title } = facts;
  const prompt = glance?.prompt ?? (facts.firstPrompt === '' ? undefined : facts.firstPrompt);
  const answer = glance?.answer === undefined ? '' : firstSentence(glance.answer);
  const paragraphs = [
    [`**${escapeMarkdown(isolate(title))}**`, ...placeOf(facts).map(escapeMarkdown)].join(' · '),
    escapeMarkdown(tellState(facts, glance)),
    prompt === undefined ? '' : `> ${escapeMarkdown(shorten(plainLine(prompt), promptLength))}`,
    escapeMarkdown(answer),
    escapeMarkdown(tellWork(facts, todos)),
    links.map(({ title, command }) => toLink(title, command, session.id)).join(' · '),
  ];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

/** `text` with no sign left that Markdown reads as its own; in one line. */
export function escapeMarkdown(text: string): string {
  return plainLine(text).replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}

/** A link that runs a command on a session; the id comes from a server. */
function toLink(title: string, command: string, sessionId: string): string {
  const argument = encodeURIComponent(JSON.stringify([sessionId])).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `[${escapeMarkdown(title)}](command:${command}?${argument})`;
}

function placeOf(facts: SessionFacts): readonly string[] {
  const { session, origin, folder } = facts;
  return [
    origin.kind === 'root' ? '' : describeOrigin(facts),
    isArchived(session) ? l10n.t('archived') : '',
    folder === undefined ? '' : l10n.t('in {0}', folder),
  ].filter((words) => words !== '');
}

function tellState(facts: SessionFacts, glance: Glance | undefined): string {
  const percent = facts.context && formatPercent(facts.context);
  return [
    capitalised(tellRun(facts, glance)),
    tookOf(facts, glance),
    percent === undefined ? '' : l10n.t('{0} of context', percent),
  ]
    .filter((words) => words !== '')
    .join(' · ');
}

/** What it does, or when and how it ended. */
function tellRun({ session, state, result, now }: SessionFacts, glance: Glance | undefined): string {
  const { began, ended, isStopped = false } = glance ?? {};
  const ago = timeAgo(ended ?? session.time.updated, now);
  switch (state.kind) {
    case 'busy':
      return began === undefined
        ? longState(state, now)
        : l10n.t('working for {0}', formatDuration(Math.max(0, now - began)));
    case 'idle':
      if (ended === undefined) return l10n.t('idle, last active {0}', ago);
      return isStopped ? l10n.t('stopped {0}', ago) : l10n.t('finished {0}', ago);
    case 'unread':
      if (ended === undefined || state.end?.kind === 'rejected' || result === '')
        return longState(state, now, result);
      return isStopped
        ? l10n.t('stopped {0}, not looked at here yet', ago)
        : l10n.t('finished {0}, not looked at here yet', ago);
    case 'error':
    case 'cutOff':
    case 'unseen':
      return l10n.t('{0} ({1})', longState(state, now), ago);
    case 'permission':
    case 'question':
    case 'retry':
    case 'elsewhere':
    case 'unknown':
      return longState(state, now);
  }
}

/** How long a run took that ended well. */
function tookOf({ state }: SessionFacts, { began, ended }: Partial<Glance> = {}): string {
  const isOver = state.kind === 'idle' || state.kind === 'unread';
  return isOver && began !== undefined && ended !== undefined && ended > began
    ? formatDuration(ended - began)
    : '';
}

function tellWork({ changes, cost }: SessionFacts, todos: readonly Todo[] | undefined): string {
  const { done, total } = countTodos(todos ?? []);
  return [
    total === 0 ? '' : l10n.t('{0}/{1} todos', done, total),
    changes === undefined || changes.files === 0 ? '' : formatFigure(changes),
    cost > 0 ? formatCost(cost) : '',
  ]
    .filter((words) => words !== '')
    .join(' · ');
}

function capitalised(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** Characters of an answer at whose beginning its first sentence is looked for. */
const beginning = 4000;

/** The first sentence of prose of an answer, without the signs of its Markdown. */
export function firstSentence(markdown: string): string {
  let isCode = false;
  for (const line of markdown.slice(0, beginning).split('\n')) {
    const isFence = /^\s*(?:`{3}|~{3})/.test(line);
    if (isFence) isCode = !isCode;
    const words = isFence || isCode ? '' : withoutMarks(line);
    if (words !== '') return shorten(sentenceOf(words), answerLength);
  }
  return '';
}

/** Empty for what is no prose: rules, and the rows of a table. */
function withoutMarks(line: string): string {
  const text = plainLine(line);
  if (text.startsWith('|') || !/[\p{L}\p{N}]/u.test(text)) return '';
  return text
    .replace(/^(?:#{1,6} |> ?|[*+-] |\d{1,9}[.)] )/, '')
    .replaceAll(/\[([^[\]]{1,200})\] ?\([^()\s]{0,500}\)/g, '$1')
    .replaceAll(/\*\*|__|`/g, '')
    .trim();
}

function sentenceOf(text: string): string {
  const end = /[.!?。！？](?=\s|$)/.exec(text);
  return end === null ? text : text.slice(0, end.index + end[0].length);
}
