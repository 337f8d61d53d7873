import type { ToolEntry, ToolKind } from '../../protocol/page/entries.ts';
import { toolDuration, toolSummary } from '../entries/toolSummary.ts';
import { inlineCode, inlineText } from './inlineMarkdown.ts';

/** The kinds that are about a sentence. */
const spoken: ReadonlySet<ToolKind> = new Set(['askPerson', 'startSubagent', 'proposePlan']);

/** A tool call in the words of the page, in one line of Markdown: what was done, and what came of it. */
export function describeCall(call: ToolEntry, directory: string): string {
  const { verb, subject = '', detail } = toolSummary(call, directory);
  const named = spoken.has(call.kind) ? inlineText(subject) : inlineCode(subject);
  const done = [inlineText(verb), named].filter((words) => words !== '').join(' ');
  const answers = (call.answers ?? []).map(({ answers: given }) => given.join(', '));
  const error = call.isRefused === true ? '' : (call.error?.text ?? '');
  const came = [detail ?? '', toolDuration(call) ?? '', ...answers, error].map(inlineText);
  return [done, ...came].filter((words) => words !== '').join(' · ');
}
