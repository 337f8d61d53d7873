import type { StoredSession } from '../state/store.ts';
import { textResult, type SubagentOrder, type ToolContext, type ToolResult } from '../tools/tool.ts';
import { admit } from './inbox.ts';
import type { Rooms } from './rooms.ts';
import type { InterruptReason } from './runEnds.ts';
import { createSession, selectAgent } from './sessions.ts';

interface Runs {
  wake(stored: StoredSession): void;
  whenIdle(sessionID: string): Promise<void>;
  interrupt(sessionID: string, reason?: InterruptReason): Promise<boolean>;
}

/** Sessions that work for a call of another session. */
export class Subagents {
  readonly #rooms: Rooms;
  readonly #runs: Runs;
  /** What lets the calls of a session go on without their subagents. */
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(rooms: Rooms, runs: Runs) {
    this.#rooms = rooms;
    this.#runs = runs;
  }

  background(sessionID: string): void {
    for (const letGo of this.#waiting.get(sessionID) ?? []) letGo();
  }

  async run(parent: StoredSession, order: SubagentOrder, context: ToolContext): Promise<ToolResult> {
    const child = await this.#childOf(parent, order);
    const sessionID = child.session.id;
    context.progress({ sessionID, status: 'running' });
    admit(this.#rooms, child, {
      type: 'user',
      payload: { text: order.prompt, files: [], agents: [], skills: [] },
    });
    this.#runs.wake(child);
    const stop = (): void => void this.#runs.interrupt(sessionID, 'user');
    context.signal.addEventListener('abort', stop, { once: true });
    const ended = this.#runs.whenIdle(sessionID);
    const isLeft = order.background || (await this.#isLeftAlone(parent.session.id, ended));
    if (isLeft) {
      context.signal.removeEventListener('abort', stop);
      void ended.then(() => this.#tellParent(parent, child));
      return textResult(`It works in the background as ${sessionID}.`, { sessionID, status: 'running' });
    }
    context.signal.removeEventListener('abort', stop);
    context.signal.throwIfAborted();
    const { outcome } = child.session;
    if (outcome !== 'succeeded') throw new Error(`The subagent was ${outcome ?? 'interrupted'}.`);
    return textResult(lastText(child), { sessionID, status: 'completed' });
  }

  async #childOf(
    parent: StoredSession,
    { sessionID, agent, description }: SubagentOrder,
  ): Promise<StoredSession> {
    const known = sessionID === undefined ? undefined : this.#rooms.store.find(sessionID);
    if (known !== undefined) return known;
    const { config } = await this.#rooms.locations.open(parent.session.location.directory);
    if (!config.agents.some(({ id }) => id === agent)) throw new Error(`Agent not found: ${agent}`);
    const { id, location, model } = parent.session;
    const child = createSession(this.#rooms, {
      parentID: id,
      directory: location.directory,
      title: `${description} (@${agent} subagent)`,
      agent,
      model,
    });
    if (child.session.agent !== agent) selectAgent(this.#rooms, child, agent);
    return child;
  }

  async #isLeftAlone(parentID: string, ended: Promise<void>): Promise<boolean> {
    const left = Promise.withResolvers<'left'>();
    const letGo = (): void => left.resolve('left');
    const all = this.#waiting.get(parentID) ?? new Set();
    this.#waiting.set(parentID, all.add(letGo));
    const first = await Promise.race([ended, left.promise]);
    all.delete(letGo);
    return first === 'left';
  }

  #tellParent(parent: StoredSession, child: StoredSession): void {
    if (this.#rooms.store.find(parent.session.id) === undefined) return;
    const text = `The subagent ${child.session.id} is done:\n${lastText(child)}`;
    admit(this.#rooms, parent, { type: 'synthetic', payload: { text, description: 'A subagent is done' } });
    this.#runs.wake(parent);
  }
}

function lastText(stored: StoredSession): string {
  const last = stored.messages.findLast((message) => message.type === 'assistant');
  if (last?.type !== 'assistant') return '';
  return last.content.map((content) => (content.type === 'text' ? content.text : '')).join('');
}
