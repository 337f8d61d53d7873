import type { AssistantMessage, MessageWithParts } from '../../protocol/records.ts';
import { isAbort, isFinished, isWhole } from '../turns/turn.ts';
import { readCallEffect } from './callEffect.ts';
import { isConclusion, isTypedPrompt, ownText } from './conversation.ts';
import { type FileChange, listChanges } from './fileChanges.ts';

/** What was asked in one go, and what came of it. */
export interface Turn {
  /** In the words of the person, oldest first; several where more was said before the answer was there. */
  readonly requests: readonly string[];
  readonly agent: string | undefined;
  /** What the last answer said, whole; undefined where none came to its end. */
  readonly conclusion: string | undefined;
  /** `cut`: the answer reached the output limit; `none`: it is not there, or not yet. */
  readonly end: 'whole' | 'cut' | 'stopped' | 'failed' | 'none';
  readonly changes: readonly FileChange[];
  /** Whether it changed files or ran something that does more than look. */
  readonly acted: boolean;
}

/** The turns of a session in the order of time, as `messages` are. What a compaction or a tool wrote as "user" begins none. */
export function toTurns(messages: readonly MessageWithParts[], directory: string): readonly Turn[] {
  const groups: MessageWithParts[][] = [];
  let hasEnded = true;
  for (const message of messages) {
    const { info } = message;
    if (info.role === 'assistant' && info.summary === true) continue;
    const asks = info.role === 'user' && isTypedPrompt(message);
    if (asks && hasEnded) groups.push([]);
    groups.at(-1)?.push(message);
    if (asks) hasEnded = false;
    if (info.role === 'assistant' && isFinished(info)) hasEnded = true;
  }
  return groups.map((group) => toTurn(group, directory));
}

function toTurn(messages: readonly MessageWithParts[], directory: string): Turn {
  const answers = messages.flatMap(({ info }) => (info.role === 'assistant' ? [info] : []));
  const conclusion = messages.findLast(isConclusion);
  const changes = listChanges(messages, directory);
  const calls = messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool'));
  return {
    requests: messages.filter(isTypedPrompt).map(requestText),
    agent: answers.at(-1)?.agent || undefined,
    conclusion: conclusion === undefined ? undefined : ownText(conclusion),
    end: endOf(answers.at(-1)),
    changes,
    acted: changes.length > 0 || calls.some((call) => readCallEffect(call).acted),
  };
}

/** The messages, of which that one of a running turn is taken for its end, with all that the turn said up to there. */
export function sayingSoFar(
  messages: readonly MessageWithParts[],
  messageId: string,
): readonly MessageWithParts[] {
  return messages.map((message) => {
    const { info } = message;
    if (info.id !== messageId || info.role !== 'assistant') return message;
    const before = messages.filter(
      (other) =>
        other.info.role === 'assistant' && other.info.parentID === info.parentID && other.info.id < info.id,
    );
    const said = before.flatMap(({ parts }) => parts.filter(({ type }) => type === 'text'));
    const time = { ...info.time, completed: info.time.completed ?? info.time.created };
    return { info: { ...info, time, finish: 'stop' }, parts: [...said, ...message.parts] };
  });
}

/** What was typed, else what was sent along. */
function requestText(message: MessageWithParts): string {
  const text = ownText(message);
  if (text !== '') return text;
  return message.parts
    .flatMap((part) => {
      if (part.type === 'subtask') return part.description;
      return part.type === 'file' ? `[${part.filename ?? part.mime}]` : [];
    })
    .join(' ');
}

function endOf(last: AssistantMessage | undefined): Turn['end'] {
  if (last === undefined) return 'none';
  if (last.error !== undefined) return isAbort(last.error) ? 'stopped' : 'failed';
  if (!isFinished(last)) return 'none';
  return isWhole(last) ? 'whole' : 'cut';
}
