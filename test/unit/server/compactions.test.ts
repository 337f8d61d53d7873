import assert from 'node:assert/strict';
import { BusyProblem, NotFoundProblem, Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import { Emitter } from '../../../src/core/event.ts';
import type { ServerEvent } from '../../../src/protocol/events.ts';
import type { Outcome } from '../../../src/protocol/outcome.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { type CompactingServer, Compactions } from '../../../src/server/openCode118/compactions.ts';
import { anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { Memory } from '../views/memory.ts';

const session = aSession({ id: 'ses_1' });
const model = { providerID: 'local', modelID: 'echo' };
const gone = new UnavailableProblem('There is no server.', { mayHaveArrived: true });
const ended = (outcome: Outcome) =>
  ({ type: 'turn.ended', properties: { sessionID: 'ses_1', outcome } }) as const;
const compacted = { type: 'session.compacted', properties: { sessionID: 'ses_1' } } as const;
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A session of which somebody asked for a summary. */
const request: MessageWithParts = {
  ...aUserMessage('msg_3'),
  parts: [{ id: 'prt_3', sessionID: 'ses_1', messageID: 'msg_3', type: 'compaction', auto: false }],
};
const summary = anAnswer('msg_4', 'msg_3', { summary: true });
const before = [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')];

/** A server of 1.18 with one session, which does what a test says; waiting takes no time. */
class Fake implements CompactingServer {
  messages: readonly MessageWithParts[] = before;
  texts: string[] = [];
  isBusy = false;
  isThere = true;
  /** Whether it has the session. */
  isMeant = true;
  readonly asked: string[] = [];
  readonly heard = new Emitter<ServerEvent>();
  readonly kept = new Memory();
  #summarized = Promise.withResolvers<void>();
  /** What it does when a summary is asked for. */
  begin: () => void = () => {
    this.messages = [...this.messages, request];
  };

  /** A window on it. */
  open(): Compactions {
    const quiet = () => undefined;
    return new Compactions({
      server: () => {
        if (this.isThere) return this;
        throw gone;
      },
      onDidHear: this.heard.event,
      kept: this.kept,
      wait: soon,
      log: { debug: quiet, info: quiet, warn: quiet, error: assert.fail },
    });
  }

  compact(cancellation?: Parameters<Compactions['compact']>[2]): Promise<void> {
    return this.open().compact(session, { model, guidance: 'Keep it.', messages: before }, cancellation);
  }

  answer(error?: unknown): void {
    if (error === undefined) this.#summarized.resolve();
    else this.#summarized.reject(error);
  }

  async untilAsked(name: string): Promise<void> {
    while (!this.asked.includes(name)) await soon();
  }

  /** What is left in the session that was not there before. */
  get left(): readonly unknown[] {
    return [...this.texts, ...this.messages.slice(before.length).map(({ info }) => info.id)];
  }

  #take(name: string): void {
    this.asked.push(name);
    if (!this.isThere) throw gone;
    if (!this.isMeant && name !== 'statuses') throw new NotFoundProblem('Session not found.');
  }

  async listStatuses() {
    this.#take('statuses');
    return this.isBusy ? { ses_1: { type: 'busy' as const } } : {};
  }

  async listMessages() {
    this.#take('messages');
    return { messages: [...this.messages] };
  }

  async abortSession() {
    this.#take('abort');
    this.isBusy = false;
  }

  async summarizeSession() {
    this.#take('summarize');
    this.begin();
    await this.#summarized.promise;
  }

  async deleteMessage(_: string, id: string) {
    this.#take('delete');
    if (this.isBusy) throw new BusyProblem('The session works.');
    this.messages = this.messages.filter(({ info }) => info.id !== id);
  }

  async addHiddenText(_: string, messageId: string, { text }: { text: string }) {
    this.#take(`tell ${messageId}`);
    this.texts.push(text);
  }

  async deletePart() {
    this.#take('untell');
    if (this.texts.pop() === undefined) throw new NotFoundProblem('There is no such part.');
  }
}

function aCancellation() {
  const cancelled = new Emitter<void>();
  return {
    isCancellationRequested: false,
    onCancellationRequested: cancelled.event,
    cancel: () => cancelled.fire(),
  };
}

describe('A compaction of 1.18', () => {
  let server: Fake;

  beforeEach(() => {
    server = new Fake();
  });

  const assertNothingLeft = (): void => {
    assert.deepEqual(server.left, []);
    assert.deepEqual(server.open().broken(), []);
  };

  it('tells the summary by the first message since the last one, and takes that out again', async () => {
    const done = server.compact();
    await server.untilAsked('summarize');
    assert.ok(server.asked.includes('tell msg_1'));
    assert.deepEqual(server.open().broken(), [{ id: 'ses_1', directory: session.directory }]);
    server.messages = [...server.messages, summary];
    server.heard.fire(compacted);
    await done;
    assert.deepEqual([server.texts, server.open().broken()], [[], []]);
  });

  it('fails with the words of the server, and leaves nothing that would eat the next prompt', async () => {
    const done = assert.rejects(server.compact(), /could not be compacted: Too long/);
    await server.untilAsked('summarize');
    server.heard.fire(ended({ kind: 'failed', error: { name: 'APIError', data: { message: 'Too long' } } }));
    await done;
    assertNothingLeft();
  });

  it('ends where its run ended in a break of the stream, as the lists say', async () => {
    server.begin = () => {
      server.messages = [...server.messages, request];
      server.isBusy = true;
      server.heard.fire({ type: 'turn.started', properties: { sessionID: 'ses_1' } });
    };
    const stop = aCancellation();
    const done = assert.rejects(server.compact(stop), /Cancelled/);
    await server.untilAsked('summarize');
    stop.cancel();
    await done;
    assert.ok(server.asked.includes('abort'));
    assertNothingLeft();
  });

  it('is stopped where its run begins only after it was cancelled', async () => {
    server.begin = () => undefined;
    const stop = aCancellation();
    const done = assert.rejects(server.compact(stop), /Cancelled/);
    await server.untilAsked('summarize');
    stop.cancel();
    await server.untilAsked('statuses');
    server.messages = [...server.messages, request];
    server.isBusy = true;
    await done;
    assert.ok(server.asked.includes('abort'));
    assertNothingLeft();
  });

  it('stops nothing that others began', async () => {
    server.begin = () => {
      server.isBusy = true;
    };
    const refused = assert.rejects(server.compact(), /The session works/);
    await server.untilAsked('summarize');
    server.answer(new BusyProblem('The session works.'));
    await refused;
    assert.ok(!server.asked.includes('abort'));
    assertNothingLeft();
    const other = aUserMessage('msg_9');
    server = new Fake();
    server.begin = () => {
      server.messages = [...server.messages, other];
      server.isBusy = true;
    };
    const stop = aCancellation();
    const done = assert.rejects(server.compact(stop), /Cancelled/);
    await server.untilAsked('summarize');
    stop.cancel();
    for (let look = 0; look < 30; look += 1) await soon();
    assert.ok(!server.asked.includes('abort'));
    server.isBusy = false;
    server.heard.fire(ended({ kind: 'unseen' }));
    await done;
    assert.deepEqual(server.left, ['msg_9']);
  });

  it('is judged by the messages where neither answer nor event comes', async () => {
    const done = server.compact();
    await server.untilAsked('summarize');
    server.answer(gone);
    server.isThere = false;
    for (let look = 0; look < 10; look += 1) await soon();
    server.messages = [...server.messages, summary];
    server.isThere = true;
    await done;
  });

  it('is over where the messages twice say that there is none, not where they cannot be read', async () => {
    server.begin = () => undefined;
    await assert.rejects(server.compact(), /OpenCode wrote no summary/);
    assertNothingLeft();
  });

  it('waits for the connection where it ends while that is away', async () => {
    const done = server.compact();
    const events: string[] = [];
    void done.then(() => events.push('done'));
    await server.untilAsked('summarize');
    server.isThere = false;
    server.heard.fire(compacted);
    for (let look = 0; look < 10; look += 1) await soon();
    assert.deepEqual(events, []);
    server.messages = [...server.messages, summary];
    server.isThere = true;
    await done;
  });

  it('keeps its trace where the server is gone, for whoever clears up later', async () => {
    const done = assert.rejects(server.compact(), Problem);
    await server.untilAsked('summarize');
    server.isThere = false;
    server.answer(new Problem('It was refused.'));
    await done;
    assert.deepEqual(server.open().broken(), [{ id: 'ses_1', directory: session.directory }]);
    await server.open().clearUp(session);
    assert.equal(server.open().broken().length, 1, 'it cannot be cleared up yet');
    server.isThere = true;
    await server.open().clearUp(session);
    assertNothingLeft();
  });

  it('is not forgotten because another server does not have its session, unless it is old', async () => {
    const trace = {
      sessionId: 'ses_1',
      directory: '/work',
      guidance: { messageId: 'msg_1', partId: 'prt_1' },
    };
    server.isMeant = false;
    await server.kept.update('compactions', [{ ...trace, time: Date.now() }]);
    await server.open().clearUp(session);
    assert.equal(server.open().broken().length, 1);
    await server.kept.update('compactions', [trace]);
    await server.open().clearUp(session);
    assert.equal(server.open().broken().length, 0);
  });

  it('takes out what is left where a part of it is gone by itself', async () => {
    const trace = {
      sessionId: 'ses_1',
      directory: '/work',
      guidance: { messageId: 'msg_1', partId: 'prt_1' },
    };
    server.messages = [...before, request];
    await server.kept.update('compactions', [{ ...trace, time: Date.now() }]);
    await server.open().clearUp(session);
    assertNothingLeft();
  });

  it('is done also where it cannot be written down that it is', async () => {
    const done = server.compact();
    await server.untilAsked('summarize');
    server.kept.update = () => Promise.reject(new Error('The disk is full.'));
    server.messages = [...server.messages, summary];
    server.heard.fire(compacted);
    await done;
  });

  it('asks little of a server whose session works for long', async () => {
    await server.kept.update('compactions', [{ sessionId: 'ses_1', directory: '/work', time: Date.now() }]);
    server.isBusy = true;
    let waited = 0;
    const compactions = new Compactions({
      server: () => server,
      onDidHear: server.heard.event,
      kept: server.kept,
      wait: async (milliseconds) => {
        waited += milliseconds;
        if (waited >= 3_600_000) server.isBusy = false;
      },
      log: { debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail },
    });
    await compactions.clearUp(session);
    assert.ok(server.asked.length < 300, `it was asked ${server.asked.length} times in an hour`);
    assertNothingLeft();
  });
});
