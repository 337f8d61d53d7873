import { access } from 'node:fs/promises';
import { commandLine } from '../keeper/commandLine.ts';
import type { Endpoint } from '../http/endpoint.ts';

/** How OpenCode's own terminal UI is run on a session. */
export interface AttachCommand {
  readonly file: string;
  /** One text where the program reads its command line by itself (Windows). */
  readonly arguments: readonly string[] | string;
  readonly cwd: string;
  /** Null takes a variable away. */
  readonly environment: Readonly<Record<string, string | null>>;
}

export interface AttachTarget {
  /** The absolute path of the `opencode` program. */
  readonly program: string;
  readonly endpoint: Endpoint;
  readonly session: { readonly id: string; readonly directory: string };
  /** Where the program runs when the session's directory is on another machine. */
  readonly home: string;
}

/** `opencode attach`, with the password in its environment: a command line is read by everyone on the machine. */
export async function attachCommand(
  { program, endpoint, session, home }: AttachTarget,
  platform: NodeJS.Platform = process.platform,
): Promise<AttachCommand> {
  const isHere = await access(session.directory).then(
    () => true,
    () => false,
  );
  const words = ['attach', endpoint.url, '--session', session.id, '--dir', isHere ? '.' : session.directory];
  const { file, arguments: programArguments, verbatim } = commandLine(program, words, platform);
  return {
    file,
    arguments: verbatim ? programArguments.join(' ') : programArguments,
    cwd: isHere ? session.directory : home,
    environment: {
      OPENCODE_SERVER_USERNAME: endpoint.password === '' ? null : endpoint.username,
      OPENCODE_SERVER_PASSWORD: endpoint.password === '' ? null : endpoint.password,
    },
  };
}
