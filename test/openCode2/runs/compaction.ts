import type { Model } from '../places/config.ts';
import type { Place } from '../places/locations.ts';
import { makeId } from '../state/ids.ts';
import type { CompactionMessage, Message } from '../state/records.ts';
import type { StoredSession } from '../state/store.ts';
import { ProviderFailure, streamChat } from './modelClient.ts';
import { contextOf, toChatMessages } from './modelMessages.ts';
import type { Rooms } from './rooms.ts';

interface CompactionOrder {
  readonly rooms: Pick<Rooms, 'events'>;
  readonly stored: StoredSession;
  readonly place: Place;
  readonly model: Model;
  readonly reason: 'auto' | 'manual';
  readonly id?: string;
  readonly signal: AbortSignal;
}

const system = 'You are an anchored context summarization assistant for coding sessions.';

/** Writes a summary that stands for what came before it. What goes wrong is told by its own event, and ends no run. */
export async function compact(order: CompactionOrder): Promise<void> {
  const { stored, reason, signal, place } = order;
  const { events } = order.rooms;
  const seen = contextOf(stored);
  const recent = recentOf(seen);
  let message: CompactionMessage = {
    id: order.id ?? makeId('msg'),
    type: 'compaction',
    status: 'running',
    reason,
    summary: '',
    recent,
    time: { created: Date.now() },
  };
  stored.put(message);
  events.durable(stored, 'session.compaction.started', { reason, recent });
  const end = (changes: Partial<CompactionMessage>): void => {
    message = { ...message, ...changes, time: { ...message.time, completed: Date.now() } };
    stored.put(message);
  };
  try {
    if (!seen.some(({ type }) => type === 'assistant')) throw new Error('Nothing to compact yet');
    const hooked: { sessionID: string; system: string[]; result?: string } = {
      sessionID: stored.session.id,
      system: [system],
    };
    await place.plugins.run('session.compaction', hooked);
    const summary = hooked.result ?? (await summarize(order, hooked.system, seen));
    end({ status: 'completed', summary });
    events.durable(stored, 'session.compaction.ended', { text: summary, recent });
  } catch (error) {
    const failure =
      error instanceof ProviderFailure
        ? error.failure
        : {
            type: signal.aborted ? 'aborted' : 'unknown',
            message: error instanceof Error ? error.message : String(error),
          };
    end({ status: 'failed', error: failure });
    events.durable(stored, 'session.compaction.failed', { error: failure });
    signal.throwIfAborted();
  }
}

async function summarize(
  { rooms, stored, model, signal }: CompactionOrder,
  systems: readonly string[],
  seen: readonly Message[],
): Promise<string> {
  const messages = [
    { role: 'system' as const, content: systems.join('\n\n') },
    ...toChatMessages(seen),
    { role: 'user' as const, content: 'Write the summary of this conversation.' },
  ];
  let summary = '';
  const request = { model, sessionID: stored.session.id, messages, tools: [], signal };
  for await (const chunk of streamChat(request)) {
    if (chunk.type !== 'text') continue;
    summary += chunk.text;
    rooms.events.passing(stored, 'session.compaction.delta', { text: chunk.text });
  }
  return summary;
}

/** The last turn as text, each line marked: nobody shall read it as a prompt. */
function recentOf(seen: readonly Message[]): string {
  const at = seen.findLastIndex(({ type }) => type === 'user');
  return toChatMessages(seen.slice(Math.max(at, 0)).filter(({ type }) => type !== 'compaction'))
    .flatMap(({ role, content }) => (typeof content === 'string' ? `${role}: ${content}`.split('\n') : []))
    .map((line) => `> ${line}`)
    .join('\n');
}
