import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConnectionState } from '../../src/core/state/connectionState.ts';
import type { Log } from '../../src/core/log.ts';
import type { ServerSink } from '../../src/core/ports/serverSink.ts';
import { startTimer } from '../../src/editor/timer.ts';
import { LastEnds } from '../../src/core/sessions/lastEnds.ts';
import { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import { SettledTurns } from '../../src/core/turns/settledTurn.ts';
import type { ServerEvent } from '../../src/protocol/events.ts';
import { Connection, type ConnectionPorts } from '../../src/server/connection.ts';
import { openCodeBinary, type OpenCodeHome } from './openCodeServer.ts';
import { waitFor } from './waitFor.ts';
import { Memory } from '../unit/views/memory.ts';

export const keeperScript = join(import.meta.dirname, '../../src/server/keeper/keeper.ts');

/** What one window of the editor knows of the server, without the editor. */
export interface ConnectedWindow {
  readonly connection: Connection;
  readonly sessions: SessionStore;
  readonly turns: SettledTurns;
  readonly ends: LastEnds;
  readonly states: readonly ConnectionState[];
  readonly events: readonly ServerEvent[];
  readonly logged: readonly string[];
  /** Resolves with the state of that kind: the present one, or the next one. */
  untilState(kind: ConnectionState['kind']): Promise<ConnectionState>;
  /** Resolves with an event that fits, whether it came already or is still to come. */
  untilEvent(what: string, fits: (event: ServerEvent) => boolean): Promise<ServerEvent>;
  close(): void;
}

/** A connection with real stores behind it, as `extension.ts` would make it for a window on the home's workspace. */
export function openWindow(
  home: Pick<OpenCodeHome, 'home' | 'workspace' | 'environment'>,
  ports: Partial<ConnectionPorts> = {},
): ConnectedWindow {
  const sessions = new SessionStore();
  const turns = new SettledTurns();
  const ends = new LastEnds({
    turns,
    sessions,
    readMessages: async (id, limit) => (await connection.openCode.listMessages(id, { limit })).messages,
    startTimer,
    log: { debug: () => undefined },
  });
  const states: ConnectionState[] = [];
  const events: ServerEvent[] = [];
  const logged: string[] = [];
  const recorder: ServerSink = { reset: () => undefined, apply: (event) => events.push(event) };
  const connection = new Connection({
    settings: () => ({ path: openCodeBinary }),
    directories: () => [home.workspace],
    credentials: async () => undefined,
    keeper: { script: keeperScript, stateFolder: join(home.home, 'state'), grace: 400 },
    environment: home.environment,
    trusted: () => true,
    kept: new Memory(),
    log: recordingLog(logged),
    ...ports,
    sinks: [sessions, turns, ends, recorder, ...(ports.sinks ?? [])],
  });
  connection.onDidChangeState((state) => {
    states.push(state);
    if (state.kind === 'live') void ends.catchUp();
  });
  return {
    connection,
    sessions,
    turns,
    ends,
    states,
    events,
    logged,
    untilState: async (kind) => {
      // A state may pass between two looks: it is heard.
      let heard = connection.state.kind === kind ? connection.state : undefined;
      const subscription = connection.onDidChangeState((state) => {
        if (state.kind === kind) heard ??= state;
      });
      try {
        return await waitFor(() => heard, { what: `the state ${kind}` });
      } finally {
        subscription.dispose();
      }
    },
    untilEvent: (what, fits) => waitFor(() => events.find(fits), { what }),
    close: () => {
      connection.dispose();
      ends.dispose();
    },
  };
}

/** A window in a process of its own, so that it can crash. */
export async function openWindowProcess(home: OpenCodeHome): Promise<ChildProcess> {
  const script = fileURLToPath(import.meta.resolve('./windowProcess.ts'));
  const child = spawn(process.execPath, [script, home.home, home.workspace], {
    env: home.environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  try {
    await waitFor(() => output.includes('live'), {
      what: 'the other window to be connected',
      timeout: 60_000,
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return child;
}

/** The address of the server that a window is connected to. */
export function liveUrl({ connection: { state } }: ConnectedWindow): string {
  if (state.kind === 'live') return state.url;
  throw new Error(`not live but ${state.kind}`);
}

function recordingLog(lines: string[]): Log {
  const write = (message: string, ...details: unknown[]) =>
    void lines.push([message, ...details.map((detail) => describe(detail))].join(' '));
  return { debug: write, info: write, warn: write, error: write };
}

function describe(detail: unknown): string {
  return detail instanceof Error
    ? `${detail.stack ?? ''} ${String(detail.cause)}`
    : (JSON.stringify(detail) ?? '');
}
