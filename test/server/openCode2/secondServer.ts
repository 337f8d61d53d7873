import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { OpenCode } from '../../../src/core/ports/openCode.ts';
import type { ServerEvent } from '../../../src/protocol/events.ts';
import { realDirectories } from '../../../src/server/dialect/directories.ts';
import type { Dialect } from '../../../src/server/dialect/dialect.ts';
import type { Endpoint } from '../../../src/server/http/endpoint.ts';
import { createDialect2 } from '../../../src/server/openCode2/dialect2.ts';
import { endProcess, makeOpenCodeHome, type OpenCodeHome } from '../../workbench/openCodeServer.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { dialectPorts } from '../../unit/server/dialectPorts.ts';

const program = join(import.meta.dirname, '../../openCode2/opencode');

/** The stand-in for a server of 2.x, in a home of its own. */
export interface SecondServer extends OpenCodeHome {
  readonly endpoint: Endpoint;
  stop(): Promise<void>;
}

export async function startSecondServer(options: {
  readonly modelUrl: string;
  readonly environment?: NodeJS.ProcessEnv;
}): Promise<SecondServer> {
  const home = await makeOpenCodeHome(options);
  const password = randomBytes(18).toString('base64url');
  const env = { ...home.environment, ...options.environment, OPENCODE_PASSWORD: password };
  const child = spawn(program, ['serve', '--port', '0'], { cwd: home.workspace, env });
  child.stderr.pipe(process.stderr);
  const listening = Promise.withResolvers<string>();
  createInterface(child.stdout).on('line', (line) => {
    const [, url] = /listening on (http:\/\/\S+)/.exec(line) ?? [];
    if (url !== undefined) listening.resolve(url);
  });
  child.once('exit', (code) => listening.reject(new Error(`It ended with ${code}.`)));
  const url = await listening.promise;
  return {
    ...home,
    endpoint: { url, username: 'opencode', password },
    stop: async () => {
      await endProcess(child);
      await home.remove();
    },
  };
}

/** What one window asks of a server and hears from it. */
export interface SecondWindow {
  readonly openCode: OpenCode;
  readonly events: readonly ServerEvent[];
  readonly logged: readonly string[];
  /** Resolves with an event that fits, whether it came already or is still to come. */
  until(what: string, fits: (event: ServerEvent) => boolean): Promise<ServerEvent>;
  close(): void;
}

export async function openSecondWindow({ endpoint, workspace }: SecondServer): Promise<SecondWindow> {
  const logged: string[] = [];
  const note = (...words: unknown[]): void => void logged.push(JSON.stringify(words.map(printed)));
  const log = { debug: note, info: note, warn: note, error: note };
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds).unref();
    });
  const dialect: Dialect = createDialect2({ ...dialectPorts(), wait, log });
  const closing = new AbortController();
  const events: ServerEvent[] = [];
  const directories = await realDirectories([workspace]);
  const openCode = await dialect.openClient({ endpoint, signal: closing.signal });
  await dialect.openEvents({
    endpoint,
    signal: closing.signal,
    directories: () => directories,
    onEvent: (event) => events.push(event),
  });
  return {
    openCode,
    events,
    logged,
    until: (what, fits) => waitFor(() => events.find(fits), { what }),
    close: () => closing.abort(),
  };
}

function printed(word: unknown): unknown {
  return word instanceof Error ? `${word.message} ${String(word.cause)}` : word;
}
