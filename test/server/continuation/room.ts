import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Log } from '../../../src/core/log.ts';
import { type IdSource, makeMessageId } from '../../../src/core/turns/messageId.ts';
import type { OpenCode } from '../../../src/core/ports/openCode.ts';
import type { Proof } from '../../../src/core/ports/proof.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { SessionLock } from '../../../src/core/turns/sessionLock.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import { HoldFile } from '../../../src/server/holdFile.ts';
import { sharedStorage } from '../../../src/server/sharedStorage.ts';
import { createUserProof } from '../../../src/server/userProof.ts';
import { isLive } from '../../../src/core/state/connectionState.ts';
import type { Event } from '../../../src/core/event.ts';
import { startTimer } from '../../../src/editor/timer.ts';
import { Attempts } from '../../../src/flows/prompting/attempts.ts';
import { Deliveries } from '../../../src/flows/prompting/deliveries.ts';
import { PromptDoor } from '../../../src/flows/prompting/promptDoor.ts';
import { TypingSessions } from '../../../src/core/state/typing.ts';
import { type RelayNotice, Relays } from '../../../src/flows/relaying/relay.ts';
import { parsePendingRelays } from '../../../src/protocol/pending.ts';
import type { MessageWithParts, Session } from '../../../src/protocol/records.ts';
import { Connection, type ConnectionPorts } from '../../../src/server/connection.ts';
import { type RunningOpenCode, startOpenCode } from '../../workbench/openCodeServer.ts';
import {
  type ScriptedModel,
  type ScriptedModelOptions,
  startScriptedModel,
} from '../../workbench/scriptedModel.ts';
import { Memory } from '../../unit/views/memory.ts';
import { waitFor } from '../../workbench/waitFor.ts';

export const model = { providerID: 'local', modelID: 'steady' };
export const ids: IdSource = { now: Date.now, random: Math.random };

/** What a window of the editor has of the server: the port, the stores, the detector. */
export interface Window {
  readonly openCode: OpenCode;
  readonly sessions: SessionStore;
  readonly turns: SettledTurns;
  readonly lock: SessionLock;
  readonly hold: HoldFile;
  readonly deliveries: Deliveries;
  readonly door: PromptDoor;
  readonly attempts: Attempts;
  readonly onDidGoLive: Event<void>;
  readonly startTimer: typeof startTimer;
  readonly proof: Proof;
  readonly ids: IdSource;
  readonly log: Log & { readonly lines: string[] };
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Loads and listens to the folders that it has now. */
  refreshDirectories(): Promise<void>;
  /** Breaks the stream, as a window that is closed or reloaded. */
  close(): void;
}

export interface WindowOptions {
  readonly user?: string;
  /** Where it finds the server, if not at its own address. */
  readonly url?: string;
  /** Milliseconds by which its clock is wrong. */
  readonly clockError?: number;
  /** The folders that it has beside its own. */
  readonly followed?: () => readonly string[];
}

/** A scripted model, a real OpenCode and as many windows as a test wants. */
export interface Room {
  readonly model: ScriptedModel;
  readonly server: RunningOpenCode;
  /** Of the one user whose room it is and with a right clock, unless something else is named. */
  openWindow(options?: WindowOptions): Promise<Window>;
  newSession(window: Window, given?: { agent?: string; title?: string }): Promise<Session>;
  close(): Promise<void>;
}

/** `environment` is added to the server's own. */
export async function openRoom(
  environment: NodeJS.ProcessEnv = {},
  options: ScriptedModelOptions = {},
): Promise<Room> {
  const scripted = await startScriptedModel(options);
  const server = await startOpenCode({ modelUrl: scripted.url, environment });
  const windows: Window[] = [];
  return {
    model: scripted,
    server,
    openWindow: async (options = {}) => {
      const window = await openWindow(server, options);
      windows.push(window);
      return window;
    },
    newSession: ({ openCode }, { agent = 'build', title = 'Parser' } = {}) =>
      openCode.createSession({ directory: server.workspace, title, agent, model }),
    close: async () => {
      for (const window of windows) window.close();
      await server.stop();
      await scripted.close();
    },
  };
}

/** Gives a room, and a window on it, to all tests of a suite. */
export function useRoom(
  take: (opened: { readonly room: Room; readonly window: Window }) => void,
  open: () => Promise<Room> = openRoom,
): void {
  let room: Room;
  before(async () => {
    room = await open();
    take({ room, window: await room.openWindow() });
  });
  beforeEach(() => room.model.releaseAll());
  afterEach(endRelays);
  after(() => room.close());
}

/** A room whose server runs this hook of a plugin for each message before it is stored: the text of a function. */
export async function openRoomWithHook(chatMessage: string): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), 'plugin-'));
  const file = join(folder, 'plugin.js');
  await writeFile(
    file,
    `export default { id: 'hooked', server: async () => ({ 'chat.message': ${chatMessage} }) };`,
  );
  const plugin = [pathToFileURL(file).href];
  const room = await openRoom({ OPENCODE_CONFIG_CONTENT: JSON.stringify({ plugin }) });
  return {
    ...room,
    close: async () => {
      await room.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same window, whose flows and door ask another port. */
export function asking(window: Window, openCode: OpenCode): Window {
  const { turns, lock, hold, deliveries, onDidGoLive, startTimer: timer, wait, log } = window;
  const base = { openCode, turns, lock, hold, deliveries, onDidGoLive, startTimer: timer, wait, log };
  return {
    ...window,
    openCode,
    door: new PromptDoor({ ...base, now: Date.now, report: (error) => log.error('Reported.', error) }),
  };
}

/** Says something to a session and waits until the turn has settled. */
export async function say(window: Window, session: Session, text: string, agent = 'build'): Promise<string> {
  const messageId = makeMessageId(ids);
  const followed = window.turns.follow(session.id, messageId);
  await window.openCode.promptSession(session.id, {
    messageId,
    agent,
    model,
    parts: [{ type: 'text', text }],
  });
  await followed.ended;
  followed.dispose();
  return messageId;
}

/** Who said what: `user(plan): …`, `plan: …`, by the messages of the session. */
export async function conversation(window: Window, sessionId: string): Promise<string[]> {
  const { messages } = await window.openCode.listMessages(sessionId, { limit: 100 });
  return messages.map(line);
}

export interface Relaying {
  readonly relays: Relays;
  readonly notices: RelayNotice[];
}

const open = new Set<Relays>();

/** Ends the relays of all windows: those that a failed test left would act on the sessions of the next. */
export function endRelays(): void {
  for (const relays of open) relays.dispose();
  open.clear();
}

/** Relays of a window, and what it told about them. */
export function relaysOf(
  window: Window,
  name: string,
  { hopLimit = 8, typing = new TypingSessions(Date.now) } = {},
): Relaying {
  const relays = new Relays({
    ...window,
    isOurs: () => true,
    window: name,
    typing,
    hopLimit: () => hopLimit,
  });
  open.add(relays);
  const notices: RelayNotice[] = [];
  relays.onDidNotice((notice) => notices.push(notice));
  return { relays, notices };
}

/** Resolves when nothing is pending in the session and nothing runs, by the server's word. */
export async function untilQuiet(window: Window, { id, directory }: Session): Promise<void> {
  await waitFor(
    async () => {
      const { openCode, turns } = window;
      const session = await openCode.getSession(id);
      const [statuses, { messages }] = await Promise.all([
        openCode.listStatuses(directory),
        openCode.listMessages(id, { limit: 1 }),
      ]);
      const isPending = (parsePendingRelays(session)?.legs.length ?? 0) > 0;
      // A prompt that has just arrived runs before the server says so.
      const isAnswered = messages[0]?.info.role === 'assistant';
      return isAnswered && !isPending && statuses[id] === undefined && !turns.isRunning(id);
    },
    { what: 'an idle session without pending relays' },
  );
}

function line({ info, parts }: MessageWithParts): string {
  const text = parts
    .map((part) => (part.type === 'text' ? part.text : `<${part.type}>`))
    .filter((entry) => !/step-/.test(entry));
  return `${info.role === 'user' ? `user(${info.agent})` : info.agent}: ${text.join(' ')}`;
}

function openWindow(
  server: RunningOpenCode,
  { user, url = server.url, clockError = 0, followed = () => [] }: WindowOptions,
): Promise<Window> {
  const { username, password, workspace, environment, home } = server;
  const reach = {
    settings: () => ({ url }),
    directories: () => [workspace, ...followed()],
    credentials: () => Promise.resolve({ username, password }),
    keeper: { script: '', stateFolder: '' },
    environment,
  };
  const storage = user === undefined ? sharedStorage(environment, home) : join(home, 'storage', user);
  return openWindowOf(reach, storage, clockError);
}

/** A window on the server that is reached so, with what its user keeps in `storage`. */
export async function openWindowOf(
  reach: Omit<ConnectionPorts, 'trusted' | 'sinks' | 'kept' | 'log'>,
  storage: string,
  clockError = 0,
): Promise<Window> {
  const sessions = new SessionStore();
  const turns = new SettledTurns();
  const log = recordingLog();
  const connection = new Connection({
    ...reach,
    trusted: () => true,
    sinks: [sessions, turns],
    kept: new Memory(),
    log,
  });
  await connection.connect();
  const wait = (milliseconds: number): Promise<void> => delay(milliseconds, undefined, { ref: false });
  const { openCode } = connection;
  const onDidGoLive: Event<void> = (listener) =>
    connection.onDidChangeState((state) => isLive(state) && listener());
  const lock = new SessionLock();
  const deliveries = new Deliveries(new Memory());
  const hold = new HoldFile(storage, log);
  const base = { openCode, turns, lock, hold, onDidGoLive, startTimer, wait, log };
  const report = (error: unknown): void => log.error('Reported.', error);
  const door = new PromptDoor({ ...base, deliveries, now: Date.now, report });
  return {
    ...base,
    sessions,
    deliveries,
    door,
    attempts: new Attempts(ids, new Memory(), String),
    ids: { ...ids, now: () => Date.now() + clockError },
    proof: createUserProof(storage, log),
    refreshDirectories: () => connection.refreshDirectories(),
    close: () => {
      door.dispose();
      hold.dispose();
      connection.dispose();
    },
  };
}

function recordingLog(): Window['log'] {
  const lines: string[] = [];
  const record = (message: string, ...details: unknown[]): void => {
    lines.push([message, ...details.map(String)].join(' '));
  };
  return { lines, debug: () => undefined, info: () => undefined, warn: record, error: record };
}
