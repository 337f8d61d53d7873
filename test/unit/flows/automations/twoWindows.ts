import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AutomationEntry } from '../../../../src/core/automations/automation.ts';
import { Happenings } from '../../../../src/core/automations/happenings.ts';
import { parseAutomation, type RawAutomation } from '../../../../src/core/automations/parseAutomation.ts';
import type { KeptRun } from '../../../../src/core/automations/runRecord.ts';
import { Emitter } from '../../../../src/core/event.ts';
import type { ActOutcome } from '../../../../src/core/ports/automationActs.ts';
import type { Notice } from '../../../../src/core/ports/notify.ts';
import { SessionStore } from '../../../../src/core/sessions/sessionStore.ts';
import { AutomationList } from '../../../../src/flows/automations/automationList.ts';
import {
  AutomationRuns,
  type AutomationRunsPorts,
} from '../../../../src/flows/automations/automationRuns.ts';
import { AutomationWatch } from '../../../../src/flows/automations/automationWatch.ts';
import type { RelayRequest } from '../../../../src/flows/relaying/relayLegs.ts';
import type { ServerEvent } from '../../../../src/protocol/events.ts';
import type { MessageWithParts, Session } from '../../../../src/protocol/records.ts';
import { AutomationFiles } from '../../../../src/server/automationStore.ts';
import { aHistory, aProof, aSession } from '../../core/builders.ts';
import { waitFor } from '../../../workbench/waitFor.ts';

/** A server's history, a folder that windows share, and what they did there. */
export interface Bed {
  readonly folder: string;
  readonly sessions: Map<string, Session>;
  readonly messages: Map<string, MessageWithParts[]>;
  /** What was run, by all windows. */
  readonly acts: string[];
  /** What was put into sessions. */
  readonly sent: { readonly sessionId: string; readonly request: RelayRequest }[];
  readonly notices: Notice[];
  now: number;
  dispose(): void;
}

export function aBed(): Bed {
  const folder = mkdtempSync(join(tmpdir(), 'automations-'));
  return {
    folder,
    sessions: new Map([['ses_1', aSession({ id: 'ses_1', directory: '/work/services/api' })]]),
    messages: new Map(),
    acts: [],
    sent: [],
    notices: [],
    now: Date.now(),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface WindowOrder {
  readonly entries: readonly RawAutomation[];
  readonly ask?: AutomationRunsPorts['ask'];
  readonly runTask?: (name: string) => Promise<ActOutcome>;
  readonly unrest?: () => 'works' | 'waits' | undefined;
  readonly describeTasks?: () => Promise<ReadonlyMap<string, string>>;
}

export type TestWindow = Awaited<ReturnType<typeof openWindow>>;

/** A window of the user: its own stores, list, watch and runs, on the shared folder and the one server. */
export async function openWindow(bed: Bed, name: string, order: WindowOrder) {
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const store = new SessionStore();
  for (const info of bed.sessions.values()) store.apply({ type: 'session.created', properties: { info } });
  const timers = new Set<{ readonly callback: () => void; readonly milliseconds: number }>();
  const startTimer = (callback: () => void, milliseconds: number) => {
    const timer = { callback, milliseconds };
    timers.add(timer);
    return { dispose: () => timers.delete(timer) };
  };
  const now = (): number => bed.now;
  const history = aHistory((id) => bed.messages.get(id) ?? []);
  const openCode = {
    ...history,
    getSession: async (id: string): Promise<Session> => {
      const found = bed.sessions.get(id);
      if (found === undefined) throw new Error(`There is no session ${id}.`);
      return found;
    },
  };
  const files = new AutomationFiles({ folder: bed.folder, proof: aProof(), startTimer, now, log });
  const raw = { entries: order.entries };
  const changed = new Emitter<void>();
  const held = { isHeld: false, didChange: new Emitter<void>() };
  const list = new AutomationList({
    readEntries: (): readonly AutomationEntry[] => raw.entries.map(parseAutomation),
    onDidChangeEntries: changed.event,
    describeTasks: order.describeTasks ?? (async () => new Map()),
    store: files,
    hold: { isHeld: () => held.isHeld, onDidChange: held.didChange.event },
    now,
    notify: (notice) => bed.notices.push(notice),
    log,
  });
  const refuse = (): never => {
    throw new Error('The test provides no flow for this.');
  };
  const runs = new AutomationRuns({
    sessions: store,
    relays: {
      add: async (sessionId, requests) => {
        for (const request of requests) bed.sent.push({ sessionId, request });
        return [];
      },
    },
    resolveTarget: async (_, { agent = 'build' }) => ({
      agent,
      model: { providerID: 'local', modelID: 'echo' },
    }),
    gather: refuse,
    handOff: refuse,
    findForkPoint: refuse,
    fork: refuse,
    mayWorkElsewhere: async () => false,
    ids: { now, random: Math.random },
    acts: {
      runTask: async (task) => {
        bed.acts.push(`${name}: task ${task}`);
        return (await order.runTask?.(task)) ?? { kind: 'done' };
      },
      runEditorCommand: async (id) => {
        bed.acts.push(`${name}: command ${id}`);
        return { kind: 'done' };
      },
      runInTerminal: async (text) => {
        bed.acts.push(`${name}: terminal ${text}`);
        return { kind: 'sent', detail: 'Typed.' };
      },
      notify: (automation, text) => bed.acts.push(`${name}: notify ${automation} ${text}`),
    },
    store: files,
    list,
    window: name,
    ask: order.ask ?? (async () => 'run'),
    startTimer,
    now,
    notify: (notice) => bed.notices.push(notice),
    log,
  });
  const happenings = new Happenings();
  const didGoLive = new Emitter<void>();
  const watch = new AutomationWatch({
    happenings,
    list,
    runs,
    openCode,
    sessions: store,
    proof: aProof(),
    isOurs: () => true,
    unrest: order.unrest ?? (() => undefined),
    onDidGoLive: didGoLive.event,
    chainLimit: () => 3,
    startTimer,
    log,
  });
  await list.refresh();
  return {
    list,
    runs,
    store: files,
    sessions: store,
    held,
    /** What the stream tells. */
    tell: (...events: ServerEvent[]) => {
      for (const event of events) {
        store.apply(event);
        happenings.apply(event);
      }
    },
    /** Lets all timers of up to so many milliseconds run out. */
    pass: (most = 60_000) => {
      for (const timer of Array.from(timers)) {
        if (timer.milliseconds > most || !timers.delete(timer)) continue;
        timer.callback();
      }
    },
    setEntries: async (entries: WindowOrder['entries']) => {
      raw.entries = entries;
      changed.fire();
      await list.refresh();
    },
    dispose: () => {
      for (const made of [watch, list, files]) made.dispose();
    },
  };
}

/** The runs that are kept, once there are so many that have ended. */
export async function untilRuns(window: TestWindow, count: number): Promise<readonly KeptRun[]> {
  let runs: readonly KeptRun[] = [];
  await waitFor(
    async () => {
      runs = await window.store.runs();
      return runs.filter(({ record }) => record.ended !== undefined).length >= count;
    },
    { what: `${count} runs that have ended` },
  );
  return runs;
}
