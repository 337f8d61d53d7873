import type { Todo } from '../../protocol/records.ts';
import { openTodos } from './todoDigest.ts';

/** What the summary of a compaction is told: who goes on, what must survive, and what the user adds. */
export function buildCompactGuidance(given: {
  readonly agent: string;
  readonly todos: readonly Todo[];
  readonly files: readonly string[];
  /** In the user's words; empty if nothing was said. */
  readonly guidance: string;
}): string {
  const todos = openTodos(given.todos).map(({ content, status }) => `- [${status}] ${content}`);
  return [
    `[Compacting session - ${given.agent} agent will respond after completion]`,
    section('Keep these open todos in the summary, word for word:', todos.join('\n')),
    section(
      'Keep these files in the summary:',
      given.files
        .slice(0, 20)
        .map((file) => `- ${file}`)
        .join('\n'),
    ),
    given.guidance.trim(),
  ]
    .filter((entry) => entry !== '')
    .join('\n\n');
}

function section(heading: string, body: string): string {
  return body === '' ? '' : `${heading}\n${body}`;
}
