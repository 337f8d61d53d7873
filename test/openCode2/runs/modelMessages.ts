import type { Agent } from '../places/config.ts';
import type { AttachedFile, CompactionMessage, Message, ToolCall } from '../state/records.ts';
import type { StoredSession } from '../state/store.ts';
import type { ChatMessage } from './modelClient.ts';

/** What the model sees of a session: from the last compaction on. */
export function contextOf(stored: StoredSession): readonly Message[] {
  const all = stored.messages;
  const last = all.findLastIndex(
    (message) => message.type === 'compaction' && message.status === 'completed',
  );
  if (last < 0) return all;
  // One that began by itself stands between a prompt and its answer.
  const answered = all.slice(0, last).findLastIndex(({ type }) => type === 'assistant');
  const compaction = all[last] as CompactionMessage;
  const open =
    compaction.reason === 'auto' ? all.slice(answered + 1, last).filter(({ type }) => type === 'user') : [];
  return [compaction, ...open, ...all.slice(last + 1)];
}

export function systemOf(agent: Agent, directory: string): string {
  const role = agent.system ?? 'You are OpenCode, an agent that works on code.';
  return `${role}\n\nWorking directory: ${directory}`;
}

export function toChatMessages(messages: readonly Message[]): ChatMessage[] {
  return messages.flatMap(toChat);
}

function toChat(message: Message): ChatMessage[] {
  switch (message.type) {
    case 'user':
      return [{ role: 'user', content: userContent(message.text, message.files) }];
    case 'synthetic':
      return [{ role: 'user', content: message.text }];
    case 'system':
      return [{ role: 'system', content: message.text }];
    case 'shell':
      return [{ role: 'user', content: `The person ran \`${message.command}\`:\n${message.output.output}` }];
    case 'compaction':
      if (message.status !== 'completed') return [];
      return [
        { role: 'user', content: `A summary of what came before:\n${message.summary}\n\n${message.recent}` },
      ];
    case 'assistant':
      return toAnswer(message.content);
    default:
      return [];
  }
}

function userContent(text: string, files: readonly AttachedFile[]): unknown {
  if (files.length === 0) return text;
  return [{ type: 'text', text }, ...files.map(toChatPart)];
}

function toChatPart({ data, mime, name }: AttachedFile): unknown {
  if (mime.startsWith('image/'))
    return { type: 'image_url', image_url: { url: `data:${mime};base64,${data}` } };
  return { type: 'text', text: `The file ${name ?? ''}:\n${Buffer.from(data, 'base64').toString('utf8')}` };
}

function toAnswer(content: Extract<Message, { type: 'assistant' }>['content']): ChatMessage[] {
  const text = content.map((one) => (one.type === 'text' ? one.text : '')).join('');
  const calls = content.filter((one) => one.type === 'tool');
  if (text === '' && calls.length === 0) return [];
  return [
    { role: 'assistant', content: text, ...(calls.length === 0 ? {} : { tool_calls: calls.map(toCall) }) },
    ...calls.map((call) => ({ role: 'tool' as const, tool_call_id: call.id, content: toolText(call) })),
  ];
}

function toCall({ id, name, state }: ToolCall): unknown {
  const input = state.status === 'streaming' ? {} : state.input;
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input) } };
}

function toolText({ state }: ToolCall): string {
  if (state.status === 'error') return `Error: ${state.error.message}`;
  if (state.status !== 'completed') return 'Error: the call never ended.';
  return state.content.map((one) => (one.type === 'text' ? one.text : one.uri)).join('\n');
}
