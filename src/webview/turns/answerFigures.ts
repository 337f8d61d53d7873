import { filesOfCalls } from '../../core/entries/toldPatch.ts';
import { withoutEarlierAttempts } from '../../core/turns/earlierAttempts.ts';
import { type Waited, waitedBetween } from '../../core/turns/waitedBetween.ts';
import type { PartEntry, ToolEntry } from '../../protocol/page/entries.ts';
import type { OutlineTurn } from '../../protocol/page/toPage.ts';
import type { ChangesFigure, Wait } from '../../protocol/page/header.ts';
import type { Entries, Message } from './entries.ts';

/** What a whole answer took: all messages of the model between two of the person. */
export interface TurnFigures {
  readonly duration: number;
  readonly cost: number;
  /** Of all its requests together. */
  readonly tokens: NonNullable<Message['head']['tokens']>;
  /** The prompt that it answers. */
  readonly promptId: string | undefined;
  /** What it changed in the files. */
  readonly changed: ChangesFigure | undefined;
  /** How many calls failed, and which one did first. */
  readonly failed: FailedCalls | undefined;
  /** For how long it stood still for a person; what is known of that is no part of `duration`. */
  readonly waited: Waited;
}

interface FailedCalls {
  readonly count: number;
  readonly messageId: string;
  readonly partId: string;
}

/** Whether the agent and model are named above message `index`: where an answer begins or they change. */
export function beginsAnswer(messages: readonly Message[], index: number): boolean {
  const head = messages[index]?.head;
  const before = messages[index - 1]?.head;
  if (head?.role !== 'assistant') return false;
  if (before?.role !== 'assistant') return true;
  return head.agent !== before.agent || modelName(head.model) !== modelName(before.model);
}

function modelName(model: Message['head']['model']): string {
  return [model?.providerID, model?.modelID, model?.variant].join('/');
}

/**
 * The figures of the answer that ends with message `index`, if it is complete and all here. While the session works
 * (`isWorking`) its last message is only a step, also when it is complete: the next one comes a moment later.
 */
export function turnFigures(
  entries: Entries,
  index: number,
  isWorking: boolean,
  waits: readonly Wait[] = [],
): TurnFigures | undefined {
  const messages = entries.all;
  const last = messages[index]?.head;
  const next = messages[index + 1]?.head;
  const isLast =
    next === undefined ? !isWorking : next.role !== 'assistant' && !entries.isMissingBefore(index + 1);
  if (last?.role !== 'assistant' || !isLast || last.completed === undefined) return undefined;
  const tokens = { input: 0, output: 0, reasoning: 0, cached: 0 };
  let cost = 0;
  let start = last.created;
  let first = index;
  let [promptId, changed]: [string | undefined, ChangesFigure | undefined] = [undefined, undefined];
  for (let at = index; at >= 0; at -= 1) {
    const head = messages[at]?.head;
    if (head === undefined) break;
    start = head.created;
    first = at;
    if (head.role === 'user') {
      [promptId, changed] = [head.id, head.changes];
      if (isOwnCommand(messages[at])) return undefined;
      break;
    }
    for (const kind of ['input', 'output', 'reasoning', 'cached'] as const) {
      tokens[kind] += head.tokens?.[kind] ?? 0;
    }
    cost += head.cost ?? 0;
    if (entries.isMissingBefore(at)) return undefined;
  }
  const turn = messages.slice(first, index + 1);
  const end = last.completed;
  const waited = waitedBetween(waitsOf(turn, waits), start, end);
  const failed = failedCalls(turn);
  changed ??= toldChanges(turn.flatMap(({ parts }) => parts));
  return { duration: end - start - waited.milliseconds, tokens, cost, promptId, changed, failed, waited };
}

/** What calls tell that they changed; undefined: nothing, or the server's snapshots tell what did. */
function toldChanges(parts: readonly PartEntry[]): ChangesFigure | undefined {
  const files = new Set(filesOfCalls(parts)).size;
  if (files === 0 || parts.some(({ type }) => type === 'patch')) return undefined;
  const diffs = parts.flatMap((part) =>
    part.type === 'tool' && part.status === 'completed' ? (part.diff ?? []) : [],
  );
  const sum = (of: 'additions' | 'deletions'): number => diffs.reduce((all, diff) => all + diff[of], 0);
  return { files, additions: sum('additions'), deletions: sum('deletions'), isTold: true };
}

/** Whether a prompt is but the server's note that the person ran a command. */
export function isOwnCommand(prompt: Message | undefined): boolean {
  return prompt?.parts.some((part) => part.type === 'text' && part.isOwnCommand === true) ?? false;
}

/** When a turn stood still for a person: of a question its call tells that, whoever saw it. */
export function waitsOf(turn: readonly Message[], waits: readonly Wait[]): readonly Wait[] {
  const questions = turn.flatMap(({ parts }) => parts.flatMap(toWait));
  const told = new Set(questions.map(({ callId }) => callId));
  return [...waits.filter(({ callId }) => callId === undefined || !told.has(callId)), ...questions];
}

/**
 * Whether an answer was stopped while it waited to try again, by what that leaves: it is completed, no end of it is named,
 * and its last step has none.
 */
export function isStoppedInRetry({ head, parts }: Message): boolean {
  if (head.role !== 'assistant' || head.completed === undefined || head.finish !== undefined) return false;
  if (head.error !== undefined) return false;
  const step = parts.findLast(({ type }) => type === 'step-start' || type === 'step-finish');
  return parts.length === 0 || step?.type === 'step-start';
}

/** A question waits for its answer from its beginning to its end. */
function toWait(part: PartEntry): readonly Wait[] {
  if (part.type !== 'tool' || part.kind !== 'askPerson' || part.start === undefined) return [];
  const { start: from, end: to, callId } = part;
  return [{ from, ...(to !== undefined && { to }), ...(callId !== undefined && { callId }) }];
}

function failedCalls(turn: readonly Message[]): FailedCalls | undefined {
  const failed = turn.flatMap(({ head, parts }) =>
    parts.flatMap((part) =>
      part.type === 'tool' && isFailed(part) ? [{ messageId: head.id, partId: part.id }] : [],
    ),
  );
  return failed[0] && { count: failed.length, ...failed[0] };
}

/** Whether a call went wrong; one that a person refused did not. */
export function isFailed({ status, isRefused }: ToolEntry): boolean {
  return status === 'error' && isRefused !== true;
}

/** The ids of the last answer and of the prompts that came after it. */
export function lastTurn(messages: readonly Message[]): readonly string[] {
  const start = messages.findLastIndex(({ head }) => head.role === 'assistant');
  return messages.slice(Math.max(0, start)).map(({ head }) => head.id);
}

/** What the person said, in order; `typed`: in these words, by message id, where they were others. */
export function promptsOf(
  messages: readonly Message[],
  typed?: ReadonlyMap<string, string>,
): readonly OutlineTurn[] {
  return messages
    .filter(({ head }) => head.role === 'user')
    .map((message) => ({
      messageId: message.head.id,
      text: typed?.get(message.head.id) ?? messageText(message),
    }))
    .filter(({ text }) => text !== '');
}

/** The words of a message, without those that OpenCode or the extension put there. */
export function messageText(message: Message): string {
  return withoutEarlierAttempts(message.parts)
    .map(ownText)
    .filter((text) => text !== '')
    .join('\n\n')
    .trim();
}

/** The words that the person or the model wrote in a part; `''` where there are none. */
export function ownText(part: PartEntry): string {
  return part.type === 'text' && part.synthetic !== true && part.ignored !== true ? part.text : '';
}
