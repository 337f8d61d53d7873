import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gathered, type GitState, toGathered } from '../../../../src/core/continuation/gathered.ts';
import type { MessageWithParts, Todo } from '../../../../src/protocol/records.ts';
import { anAnswer, aSession, aTodo, aUserMessage } from '../builders.ts';

/**
 * Sessions as people have them, written by hand in `test/unit/golden/sessions/*.txt`: fields, then blocks that begin with
 * `=== ask`, `=== did <agent>` (a call on each line), `=== answer`, `=== cut` (an answer that reached the output limit),
 * `=== stopped` or `=== compacted`.
 */
export interface CorpusSession {
  readonly name: string;
  readonly goal: string;
  readonly gathered: Gathered;
}

export const corpusFolder = join(import.meta.dirname, '..', '..', 'golden', 'sessions');

const directory = '/work/shop';

export function readCorpus(): readonly CorpusSession[] {
  return readdirSync(corpusFolder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => readSession(file.replace(/\.txt$/, ''), readFileSync(join(corpusFolder, file), 'utf8')));
}

function readSession(name: string, text: string): CorpusSession {
  const [head = '', ...blocks] = text.split(/^=== /m);
  const fields = head.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
  const value = (key: string): string => fields.find(([, found]) => found === key)?.[2] ?? '';
  const todos = fields.flatMap(([, key, item = '']) => (key === 'todo' ? [readTodo(item)] : []));
  const [branch = '', diffStat = ''] = value('git').split(' · ');
  const git: GitState | undefined = branch === '' ? undefined : { branch, diffStat };
  const session = aSession({ id: 'ses_5b2c81d3affeK3mXq9TzLw0aYb', title: value('title'), directory });
  const given = { session, messages: readMessages(blocks), todos, git };
  return {
    name,
    goal: value('goal'),
    gathered: toGathered({ ...given, toolIds: ['read_session'], missingFiles: [] }),
  };
}

function readTodo(line: string): Todo {
  const [, mark, content = ''] = /^\[([ x-])\] (.*)$/.exec(line) ?? [];
  return aTodo(content, mark === 'x' ? 'completed' : mark === '-' ? 'in_progress' : 'pending');
}

function readMessages(blocks: readonly string[]): readonly MessageWithParts[] {
  let [count, agent] = [0, 'build'];
  return blocks.map((block) => {
    const [title = '', ...lines] = block.split('\n');
    const [kind, name] = title.split(' ');
    const text = lines.join('\n').trim();
    const id = `m${(count += 1)}`;
    if (kind === 'did') agent = name ?? agent;
    switch (kind) {
      case 'ask':
        return aUserMessage(id, { text, agent });
      case 'did':
        return anAnswer(id, 'm1', { agent, finish: 'tool-calls', parts: readCalls(text) });
      case 'stopped':
        return anAnswer(id, 'm1', { agent, error: 'MessageAbortedError', parts: [] });
      case 'compacted':
        return anAnswer(id, 'm1', { agent, text, summary: true });
      default:
        return anAnswer(id, 'm1', { agent, text, finish: kind === 'cut' ? 'length' : 'stop' });
    }
  });
}

/** Calls as OpenCode 1.18 stores them, and the patch that it notes behind them. */
function readCalls(text: string): Record<string, unknown>[] {
  const files: string[] = [];
  const calls = text.split('\n').map((line) => {
    const [tool = '', subject = '', ...rest] = line.split(' ');
    const filePath = `${directory}/${subject}`;
    if (tool === 'edit' || tool === 'write') files.push(filePath);
    switch (tool) {
      case 'edit': {
        const [additions, deletions] = rest.map((figure) => Math.abs(Number(figure)));
        return aCall(tool, { filePath }, { filediff: { file: filePath, additions, deletions } });
      }
      case 'write':
        return aCall(tool, { filePath, content: 'line\n'.repeat(Number(rest[0])) }, { exists: false });
      case 'task':
        return aCall(tool, { subagent_type: subject, description: rest.join(' ') }, {});
      case 'bash':
        return aCall(tool, { command: [subject, ...rest].join(' ') }, {});
      default:
        return aCall(tool, { filePath }, {});
    }
  });
  return files.length === 0 ? calls : [...calls, { type: 'patch', hash: 'h', files }];
}

function aCall(tool: string, input: Record<string, unknown>, metadata: Record<string, unknown>) {
  const state = { status: 'completed', input, metadata, output: '', title: '', time: { start: 1, end: 2 } };
  return { type: 'tool', tool, callID: `call_${tool}`, state };
}
