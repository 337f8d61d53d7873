import { runErrorWords } from '../../core/errorWords.ts';
import { isAbort } from '../../core/turns/turn.ts';
import { parseBroughtBack } from '../../protocol/broughtBack.ts';
import { isOfAgent, parseRelayed } from '../../protocol/relayed.ts';
import type { AssistantMessage, MessageWithParts, Part, PartOf } from '../../protocol/records.ts';

/** Characters of what a message says, at its beginning and at its end, where it is longer than both. */
const textEnds = { start: 3000, end: 1500 };
/** Calls of a message that are listed, and characters of what each says. */
const calls = { count: 30, subject: 160, outcome: 240 };

/**
 * A message as another agent reads it: who said what, which tools were called and what came of it. What was only meant for
 * a model, or only for a person, is left out; what is cut says how much. Empty where nothing is left.
 */
export function messageText(message: MessageWithParts): string {
  const { info, parts } = message;
  const said = parts.flatMap((part) => (isSaid(part) ? part.text.trim() : [])).filter((text) => text !== '');
  const lines = [
    cutText(said.join('\n\n')),
    ...parts.flatMap(describeOther),
    ...listCalls(parts.filter((part) => part.type === 'tool')),
    ...(info.role === 'assistant' ? describeError(info) : []),
  ].filter((line) => line !== '');
  return lines.length === 0 ? '' : `[${speakerOf(message)} · ${info.id}]\n${lines.join('\n')}`;
}

function isSaid(part: Part): part is PartOf<'text'> {
  return part.type === 'text' && part.synthetic !== true && part.ignored !== true;
}

function speakerOf({ info, parts }: MessageWithParts): string {
  if (info.role === 'assistant') {
    return info.summary === true ? 'summary of the session up to here' : info.agent || 'assistant';
  }
  const texts = parts.filter((part) => part.type === 'text');
  const [fork] = texts.flatMap((part) => parseBroughtBack(part) ?? []);
  if (fork !== undefined) return `from session ${fork.from}, not from the user`;
  const sent = texts.find(isOfAgent);
  if (sent === undefined) return 'user';
  const { from, session, automation } = parseRelayed(sent) ?? {};
  if (automation !== undefined) return `from the automation ${automation.name}, not from the user`;
  const by = from === undefined ? 'an agent' : `agent ${from}`;
  return `from ${by}${session === undefined ? '' : ` of session ${session}`}, not from the user`;
}

function describeOther(part: Part): string[] {
  switch (part.type) {
    case 'file':
      return [`(file: ${part.filename ?? part.source?.path ?? part.mime})`];
    case 'subtask':
      return [`(for the subagent ${part.agent}: ${oneLine(part.description, calls.subject)})`];
    case 'compaction':
      return ['(here the session was compacted)'];
    default:
      return [];
  }
}

function listCalls(parts: readonly PartOf<'tool'>[]): string[] {
  const more = parts.length - calls.count;
  return [
    ...parts.slice(0, calls.count).map(describeCall),
    ...(more > 0 ? [`- (${more} more tool calls left out)`] : []),
  ];
}

function describeCall({ tool, state }: PartOf<'tool'>): string {
  const title = 'title' in state && state.title ? ` "${oneLine(state.title, calls.subject)}"` : '';
  switch (state.status) {
    case 'completed': {
      const outcome = oneLine(state.output, calls.outcome);
      return `- ${tool}${title}: done${outcome === '' ? '' : ` → ${outcome}`}`;
    }
    case 'error':
      return `- ${tool}${title}: failed → ${oneLine(state.error, calls.outcome)}`;
    case 'pending':
    case 'running':
      return `- ${tool}${title}: not finished`;
  }
}

function describeError({ error }: AssistantMessage): string[] {
  if (error === undefined) return [];
  return isAbort(error)
    ? ['(stopped by the user)']
    : [`(failed: ${oneLine(runErrorWords(error), calls.outcome)})`];
}

function cutText(text: string): string {
  const { start, end } = textEnds;
  const left = text.length - start - end;
  if (left <= 0) return text;
  const [first, last] = [text.slice(0, start), text.slice(-end)].map((piece) => piece.toWellFormed());
  return `${first}\n[… ${left} characters left out …]\n${last}`;
}

function oneLine(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const left = line.length - length;
  return left <= 0 ? line : `${line.slice(0, length).toWellFormed()} [… ${left} characters left out]`;
}
