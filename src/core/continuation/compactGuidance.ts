import type { Todo } from '../../protocol/records.ts';
import { type Fields, noFields } from './digest/answer.ts';
import { fieldKinds, fieldNames } from './digest/fieldWords.ts';
import { cutText } from './digest/sentences.ts';
import { openTodos } from './todoDigest.ts';

/** Items of each field, and tokens of each item. */
const itemLimit = 5;
const itemLength = 60;

/** What the summary of a compaction is told: who goes on, what must survive, and what the user adds. */
export function buildCompactGuidance(given: {
  readonly agent: string;
  readonly todos: readonly Todo[];
  readonly files: readonly string[];
  /** What the answers say of the state of the work. */
  readonly fields?: Fields;
  /** In the user's words; empty if nothing was said. */
  readonly guidance: string;
}): string {
  const fields = given.fields ?? noFields;
  // What is next stands in the todos, or is what goes on anyway.
  const said = fieldKinds.flatMap((kind) =>
    kind === 'next'
      ? []
      : fields[kind].slice(0, itemLimit).map((item) => `${fieldNames[kind]}: ${cutText(item, itemLength)}`),
  );
  return [
    `[Compacting session - ${given.agent} agent will respond after completion]`,
    keepTodos(given.todos),
    keep('Keep this in the summary:', said),
    keep('Keep these files in the summary:', given.files.slice(0, 20)),
    given.guidance.trim(),
  ]
    .filter((entry) => entry !== '')
    .join('\n\n');
}

export function keepTodos(todos: readonly Todo[]): string {
  const lines = openTodos(todos).map(({ content, status }) =>
    `[${status}] ${content.replaceAll(/\s+/g, ' ').trim()}`.trimEnd(),
  );
  return keep('Keep these open todos in the summary, word for word:', lines);
}

/** What a summary is to keep, a line each; empty where there is nothing. */
export function keep(heading: string, items: readonly string[]): string {
  return items.length === 0 ? '' : [heading, ...items.map((item) => `- ${item}`)].join('\n');
}
