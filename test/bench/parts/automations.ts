import type { RunningEntry } from '../../../src/flows/automations/automationPorts.ts';
import { Happenings } from '../../../src/core/automations/happenings.ts';
import { parseAutomation } from '../../../src/core/automations/parseAutomation.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { AutomationWatch } from '../../../src/flows/automations/automationWatch.ts';
import { ServerEvent } from '../../../src/protocol/events.ts';
import { AssistantMessage, type MessageWithParts, Part, Session } from '../../../src/protocol/records.ts';
import type { Bed } from '../bed.ts';
import { atMost, type Figure, median, ratios } from '../figure.ts';

const eventCount = 10_000;
const entryCount = 50;
/** More than many sessions tell that stream at once. */
const eventsPerSecond = 1000;
/** Each round's figure is the middle one of so many. */
const tries = 5;

/**
 * What fifty automations cost of ten thousand events: most are pieces of answers, as in a stream, one in ten a call of a tool
 * that is done, one in a hundred the end of a turn. All entries look at the calls or the ends; some of them are run.
 */
export async function measureAutomations(bed: Bed): Promise<Figure[]> {
  const texts = Array.from({ length: eventCount }, (_, at) => JSON.stringify(makeEvent(at)));
  const rounds: {
    readonly share: number;
    readonly followed: number;
    readonly read: number;
    readonly runs: number;
  }[] = [];
  for (let round = 0; round < bed.rounds; round += 1) {
    const passes: { followed: number; read: number; runs: number }[] = [];
    for (let time = 0; time < (bed.quick ? 1 : tries); time += 1) passes.push(await pass(texts));
    const followed = median(passes.map((one) => one.followed));
    const read = median(passes.map((one) => one.read));
    const span = (eventCount / eventsPerSecond) * 1000;
    rounds.push({ followed, read, share: (followed / span) * 100, runs: passes[0]?.runs ?? 0 });
  }
  return [
    {
      part: 'automations',
      name: '10,000 events through 50 entries, of a core at 1,000 events/s',
      unit: '%',
      values: rounds.map(({ share }) => share),
      target: atMost(1),
      note: `${rounds[0]?.runs ?? 0} runs`,
    },
    {
      part: 'automations',
      name: 'Following events / reading them',
      unit: 'x',
      values: ratios(
        rounds.map(({ followed }) => followed),
        rounds.map(({ read }) => read),
      ),
      target: atMost(3),
      note: `${median(rounds.map(({ followed }) => followed)).toFixed(0)} / ${median(rounds.map(({ read }) => read)).toFixed(0)} ms`,
    },
  ];
}

/** Milliseconds of the processor that it takes to read all events, and then to follow them to the last run. */
async function pass(texts: readonly string[]): Promise<{ followed: number; read: number; runs: number }> {
  const beforeReading = process.cpuUsage();
  const events = texts.map(
    (text) => ServerEvent.safeParse(JSON.parse(text)).data ?? (JSON.parse(text) as ServerEvent),
  );
  const read = millisecondsSince(beforeReading);
  const { happenings, watch, whenIdle, count } = makeWatch();
  const before = process.cpuUsage();
  for (const event of events) happenings.apply(event);
  await whenIdle();
  const followed = millisecondsSince(before);
  watch.dispose();
  return { followed, read, runs: count() };
}

function makeWatch() {
  const session = Session.parse({
    id: 'ses_1',
    title: 'Shop',
    directory: '/work/services/api',
    time: { created: 1, updated: 1 },
  });
  const sessions = new SessionStore();
  sessions.apply({ type: 'session.created', properties: { info: session } });
  const live = Array.from({ length: entryCount }, (_, at) => makeEntry(at));
  const happenings = new Happenings();
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  let runs = 0;
  let waiting = 0;
  const message = { info: makeAnswer(0), parts: [] };
  const messages: MessageWithParts[] = [
    {
      info: { id: 'msg_prompt', sessionID: 'ses_1', role: 'user', time: { created: 1 }, agent: 'build' },
      parts: [
        Part.parse({ id: 'prt_0', sessionID: 'ses_1', messageID: 'msg_prompt', type: 'text', text: 'Go.' }),
      ],
    },
    message,
  ];
  const watch = new AutomationWatch({
    happenings,
    list: {
      live: () => live,
      onDidChange: () => ({ dispose: () => undefined }),
      isPaused: false,
      note: () => undefined,
    },
    runs: {
      run: async () => {
        runs += 1;
      },
    },
    openCode: {
      getSession: async () => session,
      listMessages: async () => ({ messages }),
      getMessage: async () => message,
    },
    sessions,
    proof: { make: () => '', holds: () => false },
    isOurs: () => true,
    unrest: () => undefined,
    onDidGoLive: () => ({ dispose: () => undefined }),
    chainLimit: () => 3,
    startTimer: (callback) => {
      waiting += 1;
      const timer = setTimeout(() => {
        waiting -= 1;
        callback();
      }, 0);
      return {
        dispose: () => {
          if (timer.hasRef()) waiting -= 1;
          clearTimeout(timer);
        },
      };
    },
    log: { ...log, error: () => undefined },
  });
  const isIdle = (): boolean => waiting === 0;
  const whenIdle = async (): Promise<void> => {
    do await new Promise((resolve) => setTimeout(resolve, 20));
    while (!isIdle());
  };
  return { happenings, watch, whenIdle, count: () => runs };
}

function makeEntry(at: number): RunningEntry {
  const value =
    at % 2 === 0
      ? { on: 'settled', if: { directory: 'services/*', title: 'Sh*' }, do: [{ task: 'deploy' }] }
      : {
          on: 'toolCompleted',
          if: { tool: ['write', 'edit'], directory: 'services/{web,shop}' },
          do: [{ task: 'check' }],
        };
  const entry = parseAutomation({ origin: { kind: 'user' }, name: `entry ${at}`, value });
  if (entry.automation === undefined) throw new Error(`The entry ${at} has faults.`);
  return { entry, automation: entry.automation };
}

function makeEvent(at: number): unknown {
  const sessionID = 'ses_1';
  if (at % 100 === 99) {
    return {
      type: 'turn.ended',
      properties: { sessionID, outcome: { kind: 'settled', answer: makeAnswer(at) } },
    };
  }
  if (at % 10 === 5) {
    const state = {
      status: 'completed',
      input: { filePath: 'a.ts' },
      output: 'Done.',
      title: 'a.ts',
      metadata: {},
      time: { start: 1, end: 2 },
    };
    const part = {
      id: `prt_${at}`,
      sessionID,
      messageID: 'msg_1',
      type: 'tool',
      callID: `call_${at}`,
      tool: 'write',
      state,
    };
    return { type: 'message.part.updated', properties: { part } };
  }
  const delta = { sessionID, messageID: 'msg_1', partID: 'prt_1', field: 'text', delta: 'and so on, ' };
  return { type: 'message.part.delta', properties: delta };
}

function makeAnswer(at: number): AssistantMessage {
  return AssistantMessage.parse({
    id: `msg_${at}`,
    sessionID: 'ses_1',
    role: 'assistant',
    parentID: 'msg_prompt',
    agent: 'build',
    time: { created: 1, completed: 2 },
    finish: 'stop',
  });
}

function millisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
