import type { Command } from './command.ts';

/** Lets a command wait for the server: it may be what woke the extension. */
export function whenLive(connection: { connect(): Promise<void> }): (command: Command) => Command {
  return (command) => async (argument, selection) => {
    await connection.connect();
    return command(argument, selection);
  };
}
