import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type * as z from 'zod/mini';

/** Calls back with each JSON line of a socket that fits the schema; what does not fit is passed over. */
export function readJsonLines<Schema extends z.ZodMiniType>(
  socket: Socket,
  schema: Schema,
  onMessage: (message: z.infer<Schema>) => void,
): void {
  createInterface({ input: socket }).on('line', (line) => {
    const message = schema.safeParse(parseLine(line));
    if (message.success) onMessage(message.data);
  });
}

export function writeJsonLine(socket: Socket, message: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
