import { setTimeout as delay } from 'node:timers/promises';
import { Emitter } from '../../../src/core/event.ts';
import type { OpenCode } from '../../../src/core/ports/openCode.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { SessionLock } from '../../../src/core/turns/sessionLock.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import { startTimer } from '../../../src/editor/timer.ts';
import { Attempts } from '../../../src/flows/prompting/attempts.ts';
import { Deliveries } from '../../../src/flows/prompting/deliveries.ts';
import { PromptDoor } from '../../../src/flows/prompting/promptDoor.ts';
import type { ServerEvent } from '../../../src/protocol/events.ts';
import { realDirectories } from '../../../src/server/dialect/directories.ts';
import { HoldFile } from '../../../src/server/holdFile.ts';
import { createDialect2 } from '../../../src/server/openCode2/dialect2.ts';
import { sharedStorage } from '../../../src/server/sharedStorage.ts';
import { Sync } from '../../../src/server/sync.ts';
import { createUserProof } from '../../../src/server/userProof.ts';
import { dialectPorts } from '../../unit/server/dialectPorts.ts';
import { Memory } from '../../unit/views/memory.ts';
import { ids, type Window } from '../continuation/room.ts';
import type { SecondServer } from './secondServer.ts';

/** A window whose flows send by a server of 2.x, and all that it hears. */
export interface FlowWindow extends Window {
  readonly events: readonly ServerEvent[];
}

export async function openFlowWindow({
  endpoint,
  workspace,
  environment,
  home,
}: SecondServer): Promise<FlowWindow> {
  const lines: string[] = [];
  const note = (message: string, ...details: unknown[]): void =>
    void lines.push([message, ...details.map(String)].join(' '));
  const log = { lines, debug: () => undefined, info: () => undefined, warn: note, error: note };
  const wait = (milliseconds: number): Promise<void> => delay(milliseconds, undefined, { ref: false });
  const dialect = createDialect2({ ...dialectPorts(), wait, log });
  const closing = new AbortController();
  const openCode: OpenCode = await dialect.openClient({ endpoint, signal: closing.signal });
  const [sessions, turns] = [new SessionStore(), new SettledTurns()];
  const sync = new Sync({
    openCode,
    sinks: [sessions, turns],
    isCurrent: () => true,
    onProblem: (problem) => log.warn('The sessions could not be read again.', problem),
    onUnreadable: () => undefined,
    log,
  });
  const directories = await realDirectories([workspace]);
  const events: ServerEvent[] = [];
  await dialect.openEvents({
    endpoint,
    signal: closing.signal,
    directories: () => directories,
    onEvent: (event) => {
      events.push(event);
      sync.take(event);
    },
  });
  await sync.load(directories);
  const storage = sharedStorage(environment, home);
  const lock = new SessionLock();
  const deliveries = new Deliveries(new Memory());
  const hold = new HoldFile(storage, log);
  const onDidGoLive = new Emitter<void>().event;
  const base = { openCode, turns, lock, hold, onDidGoLive, startTimer, wait, log };
  const report = (error: unknown): void => log.error('Reported.', error);
  const door = new PromptDoor({ ...base, deliveries, now: Date.now, report });
  return {
    ...base,
    events,
    sessions,
    deliveries,
    door,
    attempts: new Attempts(ids, new Memory(), String),
    ids,
    proof: createUserProof(storage, log),
    refreshDirectories: () => sync.load(directories),
    close: () => {
      door.dispose();
      hold.dispose();
      closing.abort();
    },
  };
}
