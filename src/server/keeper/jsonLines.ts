import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type * as z from 'zod/mini';

/** What came of waiting for a line: a message, or the other side closed, said something else, or nothing for too long. */
export type Line<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'closed' | 'foreign' | 'silent' };

/** No message of ours is nearly as long (characters); what goes on without an end is not kept in memory. */
const longest = 1_000_000;

/** A socket over which two programs send each other JSON texts, one a line. */
export class JsonLines {
  readonly #socket: Socket;
  readonly #lines: AsyncGenerator<string, void>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = readLines(socket);
  }

  write(message: unknown): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** The next line, which has to come within so many milliseconds and to fit the schema. */
  async next<Schema extends z.ZodMiniType>(schema: Schema, patience: number): Promise<Line<z.infer<Schema>>> {
    const patienceEnds = new AbortController();
    const line = await Promise.race([
      this.#lines.next(),
      delay(patience, 'silent' as const, { signal: patienceEnds.signal }).catch(() => 'silent' as const),
    ]);
    patienceEnds.abort();
    if (line === 'silent') return { kind: 'silent' };
    if (line.done === true) return { kind: 'closed' };
    const message = schema.safeParse(parseLine(line.value));
    return message.success ? { kind: 'message', message: message.data } : { kind: 'foreign' };
  }

  /** Calls back with each line from here on that fits the schema; what does not fit is passed over. */
  async listen<Schema extends z.ZodMiniType>(
    schema: Schema,
    onMessage: (message: z.infer<Schema>) => void,
  ): Promise<void> {
    for await (const line of this.#lines) {
      const message = schema.safeParse(parseLine(line));
      if (message.success) onMessage(message.data);
    }
  }
}

/** Ends, and never throws, when the socket does. */
async function* readLines(socket: Socket): AsyncGenerator<string, void> {
  socket.setEncoding('utf8');
  let rest = '';
  try {
    for await (const text of socket) {
      const lines = (rest + String(text)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > longest) return;
      yield* lines;
    }
  } catch {
    // A reset connection is an end like any other: whoever holds the socket hears of it.
  } finally {
    socket.destroy();
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
