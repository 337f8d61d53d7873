import { NotFoundProblem } from '../../../src/core/errors.ts';
import type { DeliveryEntry } from '../../../src/core/prompts/delivery.ts';
import type { Proof } from '../../../src/core/ports/proof.ts';
import type { MessagePage, PageEnd } from '../../../src/core/ports/openCode.ts';
import type { RelayLeg } from '../../../src/protocol/pending.ts';
import {
  AssistantMessage,
  type MessageWithParts,
  Part,
  Session,
  type Todo,
} from '../../../src/protocol/records.ts';

/** Records for tests: each names only what matters, the rest is plausible. Ids order as they are written. */

let clock = 1_795_000_000_000;

export function aSession(given: Partial<Session> & { id: string }): Session {
  return Session.parse({
    title: 'Parser',
    directory: '/work/parser',
    agent: 'build',
    model: { id: 'echo', providerID: 'local' },
    time: { created: clock, updated: clock },
    ...given,
  });
}

/** The proof of one user: what another one made does not hold for it. */
export function aProof(user = 'somebody'): Proof {
  const make = (words: readonly unknown[]): string => JSON.stringify([user, ...words]);
  return { make, holds: (words, proof) => proof === make(words) };
}

/** A pending relay that waits. */
export function aLeg(messageId: string, given: Partial<RelayLeg> = {}): RelayLeg {
  return {
    messageId,
    agent: 'plan',
    model: { providerID: 'local', modelID: 'echo' },
    text: `Prompt ${messageId}`,
    chain: 'msg_chain',
    hop: 1,
    behind: false,
    time: 1,
    state: { kind: 'waiting' },
    ...given,
  };
}

export function aUserMessage(
  id: string,
  given: { text?: string; agent?: string; parts?: Record<string, unknown>[]; sessionID?: string } = {},
): MessageWithParts {
  const sessionID = given.sessionID ?? 'ses_1';
  return {
    info: {
      id,
      sessionID,
      role: 'user',
      time: { created: (clock += 1000) },
      agent: given.agent ?? 'build',
      model: { providerID: 'local', modelID: 'echo' },
    },
    parts: buildParts(id, sessionID, given.parts ?? [{ type: 'text', text: given.text ?? `Request ${id}` }]),
  };
}

export function anAnswer(
  id: string,
  parentID: string,
  given: {
    text?: string;
    agent?: string;
    finish?: string;
    running?: boolean;
    error?: string;
    summary?: boolean;
    structured?: unknown;
    parts?: Record<string, unknown>[];
    sessionID?: string;
  } = {},
): MessageWithParts {
  const sessionID = given.sessionID ?? 'ses_1';
  const created = (clock += 1000);
  const ended = given.running === true ? {} : { completed: created + 500 };
  return {
    info: AssistantMessage.parse({
      id,
      sessionID,
      role: 'assistant',
      parentID,
      agent: given.agent ?? 'build',
      providerID: 'local',
      modelID: 'echo',
      time: { created, ...ended },
      ...(given.running === true ? {} : { finish: given.finish ?? 'stop' }),
      ...(given.error === undefined ? {} : { error: { name: given.error, data: { message: given.error } } }),
      ...(given.summary === undefined ? {} : { summary: given.summary }),
      ...(given.structured === undefined ? {} : { structured: given.structured }),
    }),
    parts: buildParts(id, sessionID, given.parts ?? [{ type: 'text', text: given.text ?? `Answer ${id}` }]),
  };
}

/** A part: a call that succeeded; `given` is put into its state. */
export function aToolCall(
  tool: string,
  input: Record<string, unknown>,
  given: Record<string, unknown> = {},
): Record<string, unknown> {
  const state = {
    status: 'completed',
    input,
    output: '',
    title: '',
    metadata: {},
    time: { start: 0, end: 400 },
  };
  return { type: 'tool', callID: `call_${tool}`, tool, state: { ...state, ...given } };
}

export function aTodo(content: string, status: Todo['status'] = 'pending'): Todo {
  return { content, status, priority: 'medium' };
}

function buildParts(messageID: string, sessionID: string, parts: Record<string, unknown>[]): Part[] {
  return parts.map((part, index) =>
    Part.parse({ id: `prt_${messageID}_${index}`, sessionID, messageID, ...part }),
  );
}

/** A server's history of any sessions, paged as the server pages (1.18): from the newest on, by place. */
export function aHistory(messagesOf: (sessionId: string) => readonly MessageWithParts[]) {
  return {
    getMessage: async (sessionId: string, messageId: string): Promise<MessageWithParts> => {
      const found = messagesOf(sessionId).find(({ info }) => info.id === messageId);
      if (found === undefined) throw new NotFoundProblem('There is no such message.');
      return found;
    },
    listMessages: async (
      sessionId: string,
      { limit, before }: { limit: number; before?: PageEnd },
    ): Promise<MessagePage> => {
      const end = typeof before === 'string' ? (JSON.parse(before) as Exclude<PageEnd, string>) : before;
      const earlier = messagesOf(sessionId).filter(({ info }) => {
        const { created } = info.time;
        if (end === undefined) return true;
        if ('time' in end) return created < end.time;
        if ('last' in end)
          return created < end.last.created || (created === end.last.created && info.id <= end.last.id);
        return created < end.created || (created === end.created && info.id < end.id);
      });
      const messages = earlier.slice(-limit);
      const [first] = messages;
      if (first === undefined || messages.length === earlier.length) return { messages };
      return { messages, before: JSON.stringify({ id: first.info.id, created: first.info.time.created }) };
    },
  };
}

/** A prompt that is on its way to its session. */
export const aDelivery: DeliveryEntry = {
  messageId: 'msg_1',
  sessionId: 'ses_1',
  directory: '/work',
  cause: 'relay',
  agent: 'plan',
  text: 'Review it',
  time: 1000,
  state: { kind: 'sending' },
};
