import assert from 'node:assert/strict';
import { NotFoundProblem, Problem, UnavailableProblem, UncertainProblem } from '../../../src/core/errors.ts';
import { Emitter } from '../../../src/core/event.ts';
import { PromptQueue, type Readiness, type StoredPrompt } from '../../../src/flows/prompting/promptQueue.ts';
import { SwitchedHold } from '../core/switchedHold.ts';
import { HeldProblem } from '../../../src/core/state/hold.ts';

/** What the editor keeps over a reload; a new queue on the same memory is a reload. */
class Memory {
  readonly values = new Map<string, unknown>();

  get<T>(key: string, fallback: T): T {
    return this.values.has(key) ? (this.values.get(key) as T) : fallback;
  }

  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, structuredClone(value));
    return Promise.resolve();
  }
}

class Stage {
  readonly memory: Memory;
  readonly hold = new SwitchedHold();
  readonly didSettle = new Emitter<{ sessionId: string }>();
  readonly didLeave = new Emitter<{ sessionId: string }>();
  readonly givenBack: string[] = [];
  readonly sent: string[] = [];
  readonly arrived = new Set<string>();
  readonly problems: unknown[] = [];
  readonly didGoLive = new Emitter<void>();
  readonly timers: (() => void)[] = [];
  readiness: Readiness = { kind: 'working' };
  maySend = true;
  send: (prompt: StoredPrompt) => Promise<void> = (prompt) => this.arrive(prompt);
  exists: (messageId: string) => Promise<boolean> = (messageId) =>
    Promise.resolve(this.arrived.has(messageId));
  readonly queue: PromptQueue;

  constructor(memory = new Memory()) {
    this.memory = memory;
    this.queue = new PromptQueue({
      memento: memory,
      hold: this.hold,
      onDidSettle: this.didSettle.event,
      onDidFree: () => ({ dispose: () => undefined }),
      onDidLeave: this.didLeave.event,
      giveBack: (_sessionId, prompts) => this.givenBack.push(...prompts.map(({ draft }) => draft.text)),
      send: (_sessionId, prompt) => this.send(prompt),
      exists: (_sessionId, messageId) => this.exists(messageId),
      readiness: () => Promise.resolve(this.readiness),
      maySendTo: () => Promise.resolve(this.maySend),
      onDidGoLive: this.didGoLive.event,
      startTimer: (callback) => {
        this.timers.push(callback);
        return { dispose: () => this.timers.splice(this.timers.indexOf(callback), 1) };
      },
      report: (error) => this.problems.push(error),
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
  }

  arrive({ draft, messageId }: StoredPrompt): Promise<void> {
    this.sent.push(draft.text);
    this.arrived.add(messageId);
    return Promise.resolve();
  }

  async settle(): Promise<void> {
    this.didSettle.fire({ sessionId: 'ses_1' });
    await new Promise(setImmediate);
  }

  texts(): string[] {
    return this.queue.of('ses_1').map(({ text }) => text);
  }
}

function aPrompt(text: string): StoredPrompt {
  return {
    messageId: `msg_${text}`,
    draft: { text },
    agent: 'build',
    model: { providerID: 'local', modelID: 'echo' },
  };
}

describe('the prompt queue', () => {
  it('gives back what waits for a session that is gone, and keeps what waits for one of a closed folder', async () => {
    const stage = new Stage();
    for (const text of ['one', 'two']) await stage.queue.add('ses_1', aPrompt(text));
    stage.didLeave.fire({ sessionId: 'ses_1' });
    await new Promise(setImmediate);
    assert.deepEqual([stage.texts(), stage.givenBack], [['one', 'two'], []]);
    stage.readiness = { kind: 'gone' };
    stage.didLeave.fire({ sessionId: 'ses_1' });
    await new Promise(setImmediate);
    assert.deepEqual([stage.texts(), stage.givenBack, stage.sent], [[], ['one', 'two'], []]);
  });

  it('gives back what a window finds waiting for a session that was deleted before it began', async () => {
    const before = new Stage();
    await before.queue.add('ses_1', aPrompt('one'));
    const after = new Stage(before.memory);
    after.readiness = { kind: 'gone' };
    after.didGoLive.fire();
    await new Promise(setImmediate);
    assert.deepEqual([after.texts(), after.givenBack], [[], ['one']]);
  });

  it('goes on where a turn settled before its prompt was known to have been taken', async () => {
    const stage = new Stage();
    for (const text of ['!ls', 'two']) await stage.queue.add('ses_1', aPrompt(text));
    stage.readiness = { kind: 'ready' };
    stage.send = async (prompt) => {
      stage.send = (next) => stage.arrive(next);
      await stage.settle();
      await stage.arrive(prompt);
    };
    await stage.settle();
    await new Promise(setImmediate);
    assert.deepEqual(stage.sent, ['!ls', 'two']);
    assert.deepEqual(stage.texts(), []);
  });

  it('goes on where the turn of its prompt settled unseen, while the connection was away', async () => {
    const stage = new Stage();
    const taken = Promise.withResolvers<void>();
    await stage.queue.add('ses_1', aPrompt('one'));
    await stage.queue.add('ses_1', aPrompt('two'));
    stage.send = async (prompt) => {
      await stage.arrive(prompt);
      if (prompt.draft.text === 'one') await taken.promise;
    };
    await stage.settle();
    stage.readiness = { kind: 'ready' };
    stage.didGoLive.fire();
    await new Promise(setImmediate);
    assert.deepEqual(stage.sent, ['one']);
    taken.resolve();
    await new Promise(setImmediate);
    assert.deepEqual(stage.sent, ['one', 'two']);
  });

  it('sends one prompt for each turn that settles, in their order', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    await stage.queue.add('ses_1', aPrompt('two'));
    assert.deepEqual(stage.sent, []);
    await stage.settle();
    assert.deepEqual([stage.sent, stage.texts()], [['one'], ['two']]);
    await stage.settle();
    assert.deepEqual([stage.sent, stage.texts()], [['one', 'two'], []]);
  });

  it('sends one before the others when a person asks for it, although no turn ended well', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    await stage.queue.add('ses_1', aPrompt('two'));
    await stage.queue.sendNow('ses_1', 'msg_two');
    assert.deepEqual([stage.sent, stage.texts()], [['two'], ['one']]);
    await stage.queue.sendNow('ses_1', 'msg_two');
    await stage.settle();
    assert.deepEqual([stage.sent, stage.texts()], [['two', 'one'], []]);
  });

  it('sends nothing by a click into a session that works elsewhere where the person thinks better of it', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    stage.maySend = false;
    await stage.queue.sendNow('ses_1', 'msg_one');
    assert.deepEqual([stage.sent, stage.texts()], [[], ['one']]);
  });

  it('names what goes with a prompt', async () => {
    const stage = new Stage();
    const attachments = [{ kind: 'file', path: 'src/a.ts', startLine: 3 } as const];
    await stage.queue.add('ses_1', { ...aPrompt(''), draft: { text: '', attachments } });
    assert.deepEqual(stage.queue.of('ses_1')[0]?.attachments, ['a.ts:3']);
  });

  it('sends at once what is added to a session whose turn has just settled', async () => {
    const stage = new Stage();
    stage.readiness = { kind: 'ready' };
    await stage.queue.add('ses_1', aPrompt('one'));
    assert.deepEqual([stage.sent, stage.texts()], [['one'], []]);
  });

  it('keeps a prompt that was refused, says why, and sends it after the next turn', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    stage.send = () => Promise.reject(new Problem('There is no such agent.'));
    await stage.settle();
    assert.deepEqual(stage.texts(), ['one']);
    assert.equal(stage.problems.length, 1);
    assert.equal(stage.queue.of('ses_1')[0]?.why, 'There is no such agent.');
    assert.deepEqual(stage.timers, [], 'it is for a person to mend');
    stage.send = (prompt) => stage.arrive(prompt);
    await stage.settle();
    assert.deepEqual([stage.sent, stage.texts()], [['one'], []]);
  });

  it('looks again by itself for a prompt that was refused while nobody could ask whether it is there', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    stage.send = () => Promise.reject(new Problem('There is no such agent.'));
    stage.exists = () => Promise.reject(new UncertainProblem('Nobody knows.'));
    await stage.settle();
    assert.equal(stage.timers.length, 1);
    assert.notEqual(stage.queue.of('ses_1')[0]?.why, undefined);
    stage.exists = () => Promise.resolve(true);
    stage.timers[0]?.();
    await new Promise(setImmediate);
    assert.deepEqual([stage.sent, stage.texts()], [[], []]);
  });

  it('does not send a second time what arrived although the answer was lost', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    stage.send = async (prompt) => {
      await stage.arrive(prompt);
      throw new Error('The connection broke.');
    };
    await stage.settle();
    assert.deepEqual([stage.sent, stage.texts()], [['one'], []]);
  });

  it('goes on after a reload, and does not send again what was on its way and arrived', async () => {
    const before = new Stage();
    await before.queue.add('ses_1', aPrompt('one'));
    await before.queue.add('ses_1', aPrompt('two'));
    before.send = () => new Promise(() => undefined);
    await before.settle();
    before.queue.dispose();
    const after = new Stage(before.memory);
    after.arrived.add('msg_one');
    after.readiness = { kind: 'ready' };
    await after.queue.resume();
    assert.deepEqual([after.sent, after.texts()], [['two'], []]);
  });

  it('sends nothing twice when two turns seem to settle at once', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    stage.didSettle.fire({ sessionId: 'ses_1' });
    await stage.settle();
    assert.deepEqual(stage.sent, ['one']);
  });

  it('changes and removes what still waits', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    await stage.queue.add('ses_1', aPrompt('two'));
    await stage.queue.edit('ses_1', 'msg_one', 'first');
    await stage.queue.remove('ses_1', 'msg_two');
    await stage.settle();
    assert.deepEqual([stage.sent, stage.texts()], [['first'], []]);
  });

  it('leaves what is being sent as it is, and says so of a change that comes too late', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    stage.send = () => new Promise(() => undefined);
    await stage.settle();
    await assert.rejects(stage.queue.edit('ses_1', 'msg_one', 'other'), NotFoundProblem);
    await assert.rejects(stage.queue.edit('ses_1', 'msg_none', 'other'), NotFoundProblem);
    await stage.queue.remove('ses_1', 'msg_one');
    assert.deepEqual(stage.texts(), ['one']);
  });

  it('sends a change that was made while it was found out whether an earlier prompt had arrived', async () => {
    const stage = new Stage();
    const asked = Promise.withResolvers<boolean>();
    await stage.queue.add('ses_1', { ...aPrompt('one'), sending: true });
    await stage.queue.add('ses_1', aPrompt('two'));
    stage.exists = () => asked.promise;
    await stage.settle();
    await stage.queue.edit('ses_1', 'msg_two', 'second');
    asked.resolve(true);
    await stage.settle();
    assert.deepEqual([stage.sent, stage.texts()], [['second'], []]);
  });

  it('tells of each change', async () => {
    const stage = new Stage();
    const changes: string[] = [];
    stage.queue.onDidChange(({ sessionId }) => changes.push(sessionId));
    await stage.queue.add('ses_1', aPrompt('one'));
    assert.deepEqual(changes, ['ses_1']);
  });

  it('tries again by itself what could not be sent, and says so while it waits', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    stage.send = () => Promise.reject(new UnavailableProblem('There is no server.'));
    await stage.settle();
    assert.match(stage.queue.of('ses_1')[0]?.why ?? '', /tried again by itself\. There is no server/);
    assert.deepEqual(stage.problems, []);
    stage.send = (prompt) => stage.arrive(prompt);
    stage.readiness = { kind: 'ready' };
    for (const timer of stage.timers.splice(0)) timer();
    await new Promise(setImmediate);
    assert.deepEqual([stage.sent, stage.texts()], [['one'], []]);
  });

  it('does not send again what may have arrived, until that is known', async () => {
    const stage = new Stage();
    await stage.queue.add('ses_1', aPrompt('one'));
    stage.send = (prompt) => {
      stage.sent.push(prompt.draft.text);
      return Promise.reject(new UncertainProblem('Nobody knows.'));
    };
    stage.exists = () => Promise.reject(new UncertainProblem('Nobody knows.'));
    await stage.settle();
    stage.readiness = { kind: 'ready' };
    stage.didGoLive.fire();
    await new Promise(setImmediate);
    assert.deepEqual([stage.sent, stage.texts()], [['one'], ['one']]);
    stage.exists = () => Promise.resolve(true);
    stage.didGoLive.fire();
    await new Promise(setImmediate);
    assert.deepEqual([stage.sent, stage.texts()], [['one'], []]);
  });

  it('says why a prompt waits in a session whose last turn did not end well', async () => {
    const stage = new Stage();
    stage.readiness = { kind: 'held', reason: 'The turn before it was cut off.' };
    await stage.queue.add('ses_1', aPrompt('one'));
    assert.deepEqual([stage.sent, stage.queue.of('ses_1')[0]?.why], [[], 'The turn before it was cut off.']);
  });

  it('holds what its turn has come for while Stop All does, and goes on in order, each once', async () => {
    const stage = new Stage();
    for (const text of ['one', 'two']) await stage.queue.add('ses_1', aPrompt(text));
    stage.hold.stop();
    stage.readiness = { kind: 'ready' };
    await stage.settle();
    assert.deepEqual([stage.texts(), stage.sent], [['one', 'two'], []]);
    assert.match(stage.queue.of('ses_1')[0]?.why ?? '', /Stop All/);
    // A person's own act.
    await stage.queue.sendNow('ses_1', 'msg_two');
    assert.deepEqual([stage.texts(), stage.sent], [['one'], ['two']]);
    stage.hold.release();
    await stage.settle();
    await stage.settle();
    assert.deepEqual([stage.texts(), stage.sent, stage.problems], [[], ['two', 'one'], []]);
  });

  it('holds one that Stop All met on its way, and says nothing of a failure', async () => {
    const stage = new Stage();
    stage.send = () => Promise.reject(new HeldProblem());
    stage.readiness = { kind: 'ready' };
    await stage.queue.add('ses_1', aPrompt('one'));
    assert.deepEqual([stage.texts(), stage.problems], [['one'], []]);
    const [waiting] = stage.queue.of('ses_1');
    assert.match(waiting?.why ?? '', /Stop All/);
    assert.notEqual(waiting?.sending, true);
  });
});
