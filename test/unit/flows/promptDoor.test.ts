import assert from 'node:assert/strict';
import { NotFoundProblem, Problem, UnavailableProblem, UncertainProblem } from '../../../src/core/errors.ts';
import { Emitter } from '../../../src/core/event.ts';
import type { OpenCode } from '../../../src/core/ports/openCode.ts';
import type { DeliveryEntry } from '../../../src/core/prompts/delivery.ts';
import { HeldProblem } from '../../../src/core/state/hold.ts';
import { SessionLock } from '../../../src/core/turns/sessionLock.ts';
import { SwitchedHold } from '../core/switchedHold.ts';
import { hearing } from '../core/hearing.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import { Deliveries } from '../../../src/flows/prompting/deliveries.ts';
import { type Outgoing, textPrompt } from '../../../src/flows/prompting/outgoing.ts';
import { PromptDoor } from '../../../src/flows/prompting/promptDoor.ts';
import { ServerEvent } from '../../../src/protocol/events.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { aServer } from '../commands/commands.ts';
import { aHistory, anAnswer, aUserMessage } from '../core/builders.ts';
import { Memory } from '../views/memory.ts';

const session = { id: 'ses_1', directory: '/work' };
const model = { providerID: 'local', modelID: 'echo' };
const prompt = textPrompt('msg_1', { agent: 'build', model, text: 'Go on' });
const withFile: Outgoing = {
  kind: 'prompt',
  prompt: {
    messageId: 'msg_1',
    agent: 'build',
    model,
    parts: [{ type: 'file', mime: 'text/plain', url: 'file:///gone', filename: 'gone' }],
  },
};
const asked = aUserMessage('msg_1');
const answered = anAnswer('msg_2', 'msg_1');

/** The clock of a window: nothing passes but what a test lets pass. */
class Clock {
  now = 0;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  readonly startTimer = (callback: () => void, milliseconds: number) => {
    const timer = { at: this.now + milliseconds, callback };
    this.#timers.push(timer);
    return { dispose: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) };
  };

  readonly wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => this.startTimer(resolve, milliseconds));

  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await new Promise(setImmediate);
      const [next] = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.now = next.at;
      next.callback();
    }
    this.now = end;
    await new Promise(setImmediate);
  }
}

/** A door to a server that accepts what it is sent, and holds what the test puts into `messages`. */
function setUp(answers: { readonly [Name in keyof OpenCode]?: (...args: never[]) => unknown } = {}) {
  const clock = new Clock();
  const turns = new SettledTurns();
  const lock = new SessionLock();
  const hold = new SwitchedHold();
  const deliveries = new Deliveries(new Memory());
  const messages: MessageWithParts[] = [];
  const server: { problem?: Error } = {};
  const orProblem = <T>(value: T): T => {
    if (server.problem !== undefined) throw server.problem;
    return value;
  };
  const history = aHistory(() => messages);
  const { openCode, calls } = aServer({
    promptSession: () => undefined,
    listStatuses: () => orProblem({}),
    listMessages: (...args: Parameters<typeof history.listMessages>) =>
      orProblem(history.listMessages(...args)),
    getMessage: (...args: Parameters<typeof history.getMessage>) => orProblem(history.getMessage(...args)),
    ...answers,
  });
  const didGoLive = new Emitter<void>();
  const door = new PromptDoor({
    openCode,
    turns,
    lock,
    hold,
    deliveries,
    onDidGoLive: didGoLive.event,
    wait: clock.wait,
    startTimer: clock.startTimer,
    now: () => clock.now,
    report: (error) => assert.fail(String(error)),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const judged: DeliveryEntry[] = [];
  door.onDidJudge((entry) => judged.push(entry));
  const hear = hearing(turns);
  const say = (type: string, properties: unknown): void => hear(ServerEvent.parse({ type, properties }));
  return {
    clock,
    turns,
    lock,
    hold,
    deliveries,
    messages,
    server,
    door,
    judged,
    say,
    goLive: () => didGoLive.fire(),
    store: (message: MessageWithParts): void => {
      messages.push(message);
      say('message.updated', { info: message.info });
    },
    setStatus: (type: 'busy' | 'idle') => say('session.status', { sessionID: 'ses_1', status: { type } }),
    fail: (message: string) =>
      say('session.error', { sessionID: 'ses_1', error: { name: 'UnknownError', data: { message } } }),
    state: () => deliveries.get('msg_1')?.state,
    sent: () => calls.filter(([name]) => name === 'promptSession').length,
  };
}

/** Sends, does something once the server took it, and lets so many milliseconds pass; what was thrown. */
async function failureOf(
  { door, clock }: Pick<ReturnType<typeof setUp>, 'door' | 'clock'>,
  outgoing: Outgoing,
  milliseconds: number,
  meanwhile = (): void => undefined,
): Promise<unknown> {
  let failure: unknown;
  door.send(session, outgoing, 'typed').catch((error: unknown) => (failure = error));
  await clock.pass(0);
  meanwhile();
  await clock.pass(milliseconds);
  return failure;
}

describe('a prompt that the server accepted', () => {
  it('is not known to be absent where it does not come, and is known as soon as it does', async () => {
    const window = setUp();
    const failure = await failureOf(window, prompt, 11_000);
    assert.ok(failure instanceof UncertainProblem);
    assert.match(failure.message, /took the prompt/);
    await window.clock.pass(60_000);
    assert.deepEqual(window.state(), { kind: 'unknown', isAccepted: true });
    window.store(asked);
    await window.clock.pass(1);
    assert.deepEqual(
      window.judged.map(({ state }) => state.kind),
      ['stored'],
    );
  });

  it('is not said to be absent, nor sent again, while it may come', async () => {
    const window = setUp();
    await failureOf(window, prompt, 11_000);
    const asking = window.door.hasArrived('ses_1', 'msg_1');
    void asking.catch(() => undefined);
    await window.clock.pass(5000);
    await assert.rejects(asking, UncertainProblem);
    assert.ok((await failureOf(window, prompt, 11_000)) instanceof UncertainProblem);
    assert.equal(window.sent(), 1);
  });

  it('may come late also where a run of somebody else ended unseen, or the connection broke', async () => {
    const window = setUp();
    window.door.send(session, prompt, 'typed').catch(() => undefined);
    await window.clock.pass(10);
    window.turns.reset([]);
    await window.clock.pass(5000);
    window.goLive();
    await window.clock.pass(5000);
    assert.deepEqual([window.state(), window.judged], [{ kind: 'unknown', isAccepted: true }, []]);
  });

  it('counts as absent after minutes, so that a person can act', async () => {
    const window = setUp();
    await failureOf(window, prompt, 11_000);
    await window.clock.pass(6 * 60_000);
    assert.deepEqual(
      window.judged.map(({ state }) => state.kind),
      ['absent'],
    );
    window.door.send(session, prompt, 'typed').catch(() => undefined);
    await window.clock.pass(1000);
    assert.equal(window.sent(), 2);
  });

  it('is refused where an error says that it cannot be', async () => {
    const window = setUp();
    const failure = await failureOf(window, prompt, 3000, () =>
      window.fail('Agent not found: "build". Available agents: plan'),
    );
    assert.ok(failure instanceof Problem && !failure.mayHaveArrived);
    assert.match(failure.message, /refused the prompt: Agent not found/);
    assert.equal(window.state()?.kind, 'absent');
  });

  it('is not refused by the error of a file that cannot be read, whose message may come later', async () => {
    const window = setUp();
    const meanwhile = () => window.fail('File not found: /gone');
    assert.equal(await failureOf(window, withFile, 3000, meanwhile), undefined);
    window.store(asked);
    await window.clock.pass(1);
    assert.equal(window.state()?.kind, 'stored');
  });

  it('is refused with files, too, where the error names its agent', async () => {
    const window = setUp();
    const meanwhile = () => window.fail('Agent not found: "build".');
    assert.match(String(await failureOf(window, withFile, 3000, meanwhile)), /Agent not found/);
  });

  it('is refused also where the error comes late, or while it is looked for, and says why', async () => {
    for (const late of [60_000, 1]) {
      const window = setUp();
      await failureOf(window, prompt, 10_000 + late);
      window.fail('The hook broke.');
      await window.clock.pass(3000);
      const [judged, ...others] = window.judged;
      assert.deepEqual(judged?.state, {
        kind: 'absent',
        reason: 'OpenCode refused the prompt: The hook broke.',
      });
      assert.deepEqual(others, []);
      window.door.send(session, prompt, 'typed').catch(() => undefined);
      await window.clock.pass(1000);
      assert.equal(window.sent(), 2);
    }
  });

  it('is not refused by a late error that may be of its file, of another agent, of a stop or of a run', async () => {
    const stop = { name: 'MessageAbortedError', data: { message: 'Aborted' } };
    const errors: readonly [Outgoing, (window: ReturnType<typeof setUp>) => void][] = [
      [withFile, ({ fail }) => fail('File not found: /gone')],
      [prompt, ({ fail }) => fail('Agent not found: "other". Available agents: plan')],
      [prompt, ({ say }) => say('session.error', { sessionID: 'ses_1', error: stop })],
      [
        prompt,
        ({ setStatus, fail }) => {
          setStatus('busy');
          fail('Slow down.');
        },
      ],
    ];
    for (const [outgoing, happen] of errors) {
      const window = setUp();
      await failureOf(window, outgoing, 11_000);
      happen(window);
      await window.clock.pass(60_000);
      assert.deepEqual(window.state(), { kind: 'unknown', isAccepted: true });
    }
  });

  it('is refused while a run is on where the error names its agent', async () => {
    const window = setUp();
    window.setStatus('busy');
    const failure = await failureOf(window, prompt, 3000, () => {
      window.fail('Slow down.');
      window.fail('Agent not found: "build". Available agents: plan');
    });
    assert.match(String(failure), /refused the prompt: Agent not found/);
    assert.equal(window.state()?.kind, 'absent');
  });

  it('is there where a look finds it, whatever error came before', async () => {
    const window = setUp();
    await failureOf(window, prompt, 11_000);
    window.messages.push(asked);
    window.fail('The hook broke.');
    await window.clock.pass(3000);
    assert.equal(window.judged[0]?.state.kind, 'stored');
  });

  it('does not come any more where its session was deleted', async () => {
    const window = setUp();
    const failure = await failureOf(window, prompt, 3000, () =>
      window.turns.apply({ type: 'session.deleted', properties: { info: { id: 'ses_1' } as never } }),
    );
    assert.ok(failure instanceof Problem && !failure.mayHaveArrived);
  });
});

describe('the end of a prompt', () => {
  /** A prompt that arrived, and whose run ended while the stream was broken and the server cannot be asked. */
  async function lost() {
    const window = setUp();
    const sending = window.door.send(session, prompt, 'typed');
    await window.clock.pass(0);
    window.store(asked);
    const delivery = await sending;
    window.setStatus('busy');
    window.messages.push(answered);
    window.server.problem = new UnavailableProblem('Bad gateway.');
    window.turns.reset([]);
    window.goLive();
    await window.clock.pass(100);
    return { ...window, delivery };
  }

  it('is asked for again where it could not be read', async () => {
    const { clock, server, state, delivery, deliveries } = await lost();
    assert.deepEqual([state()?.kind, deliveries.isAtWork('ses_1')], ['stored', true]);
    await clock.pass(20_000);
    delete server.problem;
    await clock.pass(30_000);
    assert.deepEqual(state(), { kind: 'ended', how: 'answered' });
    assert.equal((await delivery.ended).kind, 'answered');
  });

  it('is asked for at once when the connection is there again, or another run has ended', async () => {
    for (const happens of ['reset', 'run'] as const) {
      const { clock, server, state, turns, setStatus, fail } = await lost();
      await clock.pass(20_000);
      delete server.problem;
      if (happens === 'reset') turns.reset([]);
      else {
        setStatus('busy');
        // How that run ended says nothing about our prompt.
        fail('Slow down.');
        setStatus('idle');
      }
      await clock.pass(1);
      assert.deepEqual(state(), { kind: 'ended', how: 'answered' });
    }
  });

  it('is known where its session is gone', async () => {
    const { clock, server, state } = await lost();
    server.problem = new NotFoundProblem('There is no such session.');
    await clock.pass(30_000);
    assert.deepEqual(state(), { kind: 'ended', how: 'deleted' });
  });

  /** A prompt of which it was not known whether it comes, and that is stored now. */
  async function late(answers: Parameters<typeof setUp>[0] = {}) {
    const window = setUp(answers);
    await failureOf(window, prompt, 11_000);
    window.store(asked);
    return window;
  }

  it('is not that nobody answers, where it came late and its run begins after a first look', async () => {
    const window = await late();
    await window.clock.pass(1600);
    assert.deepEqual([window.state()?.kind, window.deliveries.isAtWork('ses_1')], ['stored', true]);
    window.setStatus('busy');
    await window.clock.pass(5000);
    assert.equal(window.state()?.kind, 'stored');
    window.store(answered);
    window.setStatus('idle');
    await window.clock.pass(5000);
    assert.deepEqual(window.state(), { kind: 'ended', how: 'answered' });
  });

  it('is not that nobody answers, where its run begins while its messages are read', async () => {
    const read = Promise.withResolvers<void>();
    const window = await late({
      listMessages: async () => {
        await read.promise;
        return { messages: [asked] };
      },
    });
    await window.clock.pass(3000);
    window.setStatus('busy');
    read.resolve();
    await window.clock.pass(60_000);
    assert.equal(window.state()?.kind, 'stored');
    window.store(answered);
    window.setStatus('idle');
    await window.clock.pass(1);
    assert.deepEqual(window.state(), { kind: 'ended', how: 'answered' });
  });

  it('is that nobody answers, where no run begins for seconds', async () => {
    const window = await late();
    await window.clock.pass(6000);
    assert.deepEqual(window.state(), { kind: 'ended', how: 'unanswered' });
  });

  it('is unseen where the server refuses to show the messages', async () => {
    const window = setUp({
      listMessages: () => Promise.reject(new Problem('Bad request.')),
    });
    const sending = window.door.send(session, prompt, 'extraction');
    await window.clock.pass(0);
    window.store(asked);
    const { ended } = await sending;
    window.turns.reset([]);
    assert.equal((await ended).kind, 'unseen');
  });

  it('is asked for again where the server says that the session works, of which nothing is heard', async () => {
    let statuses: Record<string, unknown> = { ses_1: { type: 'busy' } };
    const window = setUp({ listStatuses: () => statuses });
    const sending = window.door.send(session, prompt, 'typed');
    await window.clock.pass(0);
    window.store(asked);
    await sending;
    window.turns.reset([]);
    await window.clock.pass(100);
    window.messages.push(answered);
    statuses = {};
    await window.clock.pass(5000);
    assert.deepEqual(window.state(), { kind: 'ended', how: 'answered' });
  });
});

describe('a prompt that is sent again', () => {
  /** One that is known to be absent, sent again while something holds the session until `release`. */
  async function held() {
    const window = setUp({ promptSession: () => Promise.reject(new Problem('Slow down.')) });
    assert.match(String(await failureOf(window, prompt, 1)), /Slow down/);
    const holding = Promise.withResolvers<void>();
    void window.lock.hold('ses_1', 'The session is being compacted.', () => holding.promise);
    await new Promise(setImmediate);
    const sending = window.door.send(session, prompt, 'typed');
    return { ...window, sending, release: holding.resolve };
  }

  it('says what it waits for', async () => {
    const { state, sending, release } = await held();
    assert.deepEqual(state(), { kind: 'waiting', reason: 'The session is being compacted.' });
    release();
    await assert.rejects(sending, /Slow down/);
    assert.equal(state()?.kind, 'absent');
  });

  it('is not known to be there where it cannot be looked for before, and waits no more', async () => {
    const { state, sending, release, clock, server, deliveries } = await held();
    server.problem = new UnavailableProblem('Bad gateway.');
    release();
    void sending.catch(() => undefined);
    await clock.pass(4000);
    await assert.rejects(sending, UncertainProblem);
    assert.deepEqual([state(), deliveries.isAtWork('ses_1')], [{ kind: 'unknown' }, false]);
  });
});

describe('Stop All at the door', () => {
  const bySelf = [
    { cause: 'relay' },
    { cause: 'queue' },
    { cause: 'automation', by: { kind: 'automation', name: 'Deploy' } },
    { cause: 'handOff', by: { kind: 'agent', session: 'ses_2', agent: 'plan' } },
    { cause: 'compaction', isPressed: false },
  ] as const;

  for (const causation of bySelf) {
    it(`lets nothing out that is sent by itself: ${JSON.stringify(causation)}`, async () => {
      const window = setUp();
      window.hold.stop();
      await assert.rejects(window.door.send(session, prompt, causation), HeldProblem);
      assert.equal(window.sent(), 0);
      window.hold.release();
      const sending = window.door.send(session, prompt, causation);
      await window.clock.pass(0);
      window.store(asked);
      await sending;
      assert.equal(window.sent(), 1);
    });
  }

  it('is looked at once nothing else holds the session, not when it was asked', async () => {
    const window = setUp();
    const free = Promise.withResolvers<void>();
    void window.lock.hold('ses_1', 'It is being compacted.', () => free.promise);
    const sending = window.door.send(session, prompt, 'relay');
    await window.clock.pass(0);
    window.hold.stop();
    free.resolve();
    await assert.rejects(sending, HeldProblem);
    assert.deepEqual([window.sent(), window.state()?.kind], [0, 'absent']);
  });

  it('lets a person send', async () => {
    for (const causation of ['typed', 'handOff', { cause: 'queue', isPressed: true }] as const) {
      const window = setUp();
      window.hold.stop();
      const sending = window.door.send(session, prompt, causation);
      await window.clock.pass(0);
      window.store(asked);
      await sending;
      assert.equal(window.sent(), 1);
    }
  });

  it('says of one that arrived before that it did', async () => {
    const window = setUp();
    window.store(asked);
    window.hold.stop();
    await window.door.send(session, prompt, 'relay');
    assert.deepEqual([window.sent(), window.state()?.kind], [0, 'stored']);
  });
});
