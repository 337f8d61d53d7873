import * as z from 'zod';
import { NotFoundProblem } from '../../../core/errors.ts';
import { isLoopback } from '../../../core/loopback.ts';
import { companionQuestion, companionRpc } from '../../../protocol/companion.ts';
import { Todo } from '../../../protocol/records.ts';
import type { SentEvent, SignEvent } from '../../../protocol/events.ts';
import { readSign } from '../../dialect/readSign.ts';
import type { Endpoint } from '../../http/endpoint.ts';

/** How a method of a plugin is asked for (2.0.26: `POST /api/rpc/:plugin/:method`); each folder has a plugin of its own. */
export interface Rpc {
  readonly endpoint: Endpoint;
  ask<T>(
    method: 'POST',
    path: string,
    schema: z.ZodType<T>,
    asked: { readonly directory: string; readonly body: Readonly<Record<string, unknown>> },
  ): Promise<T>;
}

const Todos = z.object({ data: z.object({ todos: z.array(Todo) }) });
const ToldTodos = z.object({ sessionID: z.string(), todos: z.array(Todo) });
const ToldSign = z.object({ text: z.string() });

/**
 * Has the companion of a folder tell a text to all who listen. Without one nobody passes it on, and no window hears it:
 * that is no failure. Whoever asks who it is tells it by which address and password it reaches the server that it is in,
 * on the same machine alone: a plugin is not told so by the server.
 */
export async function giveSign(rpc: Rpc, directory: string, text: string): Promise<void> {
  const { url, password } = rpc.endpoint;
  const isHere = isLoopback(URL.parse(url)?.hostname ?? '');
  const server = text === companionQuestion && isHere ? { url, password } : {};
  await ifThere(
    rpc.ask('POST', pathOf(companionRpc.sign), z.unknown(), { directory, body: { text, ...server } }),
  );
}

/** The todos that the companion of a folder keeps of a session; none where there is no companion. */
export async function listTodos(rpc: Rpc, directory: string, sessionId: string): Promise<Todo[]> {
  const asked = { directory, body: { sessionID: sessionId } };
  return (await ifThere(rpc.ask('POST', pathOf(companionRpc.todos), Todos, asked)))?.data.todos ?? [];
}

/** What the companion of a folder tells: undefined for what says nothing to us. */
export function readToldByCompanion(
  type: string,
  data: Readonly<Record<string, unknown>>,
  directory: string,
): SentEvent | SignEvent | undefined {
  switch (type) {
    case eventOf(companionRpc.sign): {
      const { data: told } = ToldSign.safeParse(data);
      return told && readSign(told.text, directory);
    }
    case eventOf(companionRpc.todos): {
      const { data: properties } = ToldTodos.safeParse(data);
      return properties && { type: 'todo.updated', properties };
    }
    default:
      return undefined;
  }
}

/** The type of an event of that name that the companion tells. */
function eventOf(name: string): string {
  return `rpc.${companionRpc.plugin}.${name}`;
}

function pathOf(method: string): string {
  return `/api/rpc/${companionRpc.plugin}/${method}`;
}

async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}
