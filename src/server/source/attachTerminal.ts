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
  /** The person's own folder. */
  readonly home: string;
}

/**
 * `opencode attach`, with the password in its environment: a command line is read by everyone on the machine. It begins at
 * home and is told the session's folder: where it begins has a say in which programs run (Windows looks there first,
 * managers of versions read their files there), and they would be handed the password.
 * @throws Problem where Windows cannot hand the folder's name to the program.
 */
export function attachCommand(
  { program, endpoint, session, home }: AttachTarget,
  platform: NodeJS.Platform = process.platform,
): AttachCommand {
  const words = ['attach', endpoint.url, '--session', session.id, '--dir', session.directory];
  const { file, arguments: programArguments, verbatim } = commandLine(program, words, platform);
  return {
    file,
    arguments: verbatim ? programArguments.join(' ') : programArguments,
    cwd: home,
    environment: {
      OPENCODE_SERVER_USERNAME: endpoint.password === '' ? null : endpoint.username,
      OPENCODE_SERVER_PASSWORD: endpoint.password === '' ? null : endpoint.password,
    },
  };
}
