import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Outcome } from '../../../src/core/turns/outcome.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import { knownEventTypes, type SentEvent, ServerEvent } from '../../../src/protocol/events.ts';
import type { Message } from '../../../src/protocol/records.ts';
import { anAnswer, aUserMessage } from './builders.ts';
import { hearing } from './hearing.ts';

const session = 'ses_1';

/** What a real OpenCode 1.18.33 sent, in its order; deltas are left out. */
function readRecording(name: string): SentEvent[] {
  const text = readFileSync(join(import.meta.dirname, '..', 'recordings', `${name}.json`), 'utf8');
  const events = JSON.parse(text) as { type: string }[];
  return events.filter(({ type }) => knownEventTypes.has(type)).map((event) => ServerEvent.parse(event));
}

function replay(events: readonly SentEvent[]): {
  turns: SettledTurns;
  outcomes: Outcome[];
  compacted: number;
} {
  const turns = new SettledTurns();
  const seen = { turns, outcomes: [] as Outcome[], compacted: 0 };
  turns.onDidSettle(({ outcome }) => seen.outcomes.push(outcome));
  turns.onDidCompact(() => (seen.compacted += 1));
  events.forEach(hearing(turns));
  return seen;
}

const busy = status('busy');
const idle = status('idle');

function status(type: 'busy' | 'idle'): SentEvent {
  return { type: 'session.status', properties: { sessionID: session, status: { type } } };
}

function error(name: string): SentEvent {
  return {
    type: 'session.error',
    properties: { sessionID: session, error: { name, data: { message: name } } },
  };
}

function updated({ info }: { info: Message }): SentEvent {
  return { type: 'message.updated', properties: { info } };
}

describe('the settled-turn detector on what the real server sent', () => {
  const expected: Record<string, Outcome['kind'][]> = {
    answer: ['settled'],
    shell: ['settled'],
    rejection: ['rejected'],
    abort: ['aborted'],
    abortAndGoOn: ['aborted', 'settled'],
    idleAbort: [],
    providerError: ['failed'],
    retryThenAnswer: ['settled'],
    retryAbort: ['aborted'],
    unknownAgent: [],
    unknownModel: ['failed'],
    missingFile: ['settled'],
    steered: ['settled'],
    subagent: ['settled', 'settled'],
    overflow: ['settled'],
    compaction: ['settled'],
    failedCompaction: ['failed'],
    sameMessageAgain: ['settled', 'unseen'],
    structured: ['settled'],
    deletedWhileRunning: ['aborted'],
  };
  for (const [name, kinds] of Object.entries(expected)) {
    it(`reads "${name}" as ${kinds.join(', ') || 'no run at all'}`, () => {
      const { turns, outcomes } = replay(readRecording(name));
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        kinds,
      );
      assert.equal(turns.isRunning(session), false);
    });

    it(`reads "${name}" the same when every event comes twice`, () => {
      const twice = readRecording(name).flatMap((event) => [event, event]);
      const { outcomes } = replay(twice);
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        kinds,
      );
    });
  }

  it('tells when a compaction wrote its summary', () => {
    assert.equal(replay(readRecording('compaction')).compacted, 1);
    assert.equal(replay(readRecording('overflow')).compacted, 1);
  });

  it('says of a steered prompt that the first one was never answered', async () => {
    const events = readRecording('steered');
    const first = events.find(
      (event) => event.type === 'message.updated' && event.properties.info.id.startsWith('msg_ffff'),
    );
    assert.ok(first?.type === 'message.updated');
    const turns = new SettledTurns();
    const followed = turns.follow(first.properties.info.sessionID, first.properties.info.id);
    events.forEach(hearing(turns));
    assert.equal((await followed.ended).kind, 'superseded');
  });

  it('finds the answer to a prompt of ours although the session was compacted before it went on', async () => {
    const events = readRecording('overflow');
    const first = events.find(
      (event) => event.type === 'message.updated' && event.properties.info.role === 'user',
    );
    assert.ok(first?.type === 'message.updated');
    const turns = new SettledTurns();
    const followed = turns.follow(first.properties.info.sessionID, first.properties.info.id);
    events.forEach(hearing(turns));
    const ending = await followed.ended;
    assert.ok(ending.kind === 'answered');
    assert.equal(ending.answer.parentID, first.properties.info.id);
  });

  it('tells the refusal of an unknown agent although nothing ran', async () => {
    const events = readRecording('unknownAgent');
    const refused = events.find((event) => event.type === 'session.error');
    assert.ok(refused?.type === 'session.error' && refused.properties.sessionID !== undefined);
    const turns = new SettledTurns();
    const followed = turns.follow(refused.properties.sessionID, 'msg_ours');
    events.forEach(hearing(turns));
    assert.match((await followed.refused).data.message ?? '', /Agent not found: "ghost"/);
  });
});

type Ending = 'settled' | 'aborted' | 'failed' | 'rejected';

interface ScriptedRun {
  readonly steps: number;
  readonly ending: Ending;
  /** How many events of the next run pass before the late ones of this arrive. */
  readonly delay: number;
  /** Which events come twice: bits by position. */
  readonly twice: number;
}

const aRun = fc.record({
  steps: fc.integer({ min: 0, max: 3 }),
  ending: fc.constantFrom<Ending>('settled', 'aborted', 'failed', 'rejected'),
  delay: fc.integer({ min: 0, max: 12 }),
  twice: fc.integer({ min: 0, max: 0xffff }),
});

/** The events of a run in the server's order, and those that it sends after the run is over. */
function eventsOf(run: ScriptedRun, index: number): { events: SentEvent[]; late: SentEvent[]; sign: number } {
  const id = (step: number): string => `msg_${String(index).padStart(4, '0')}_${step}`;
  const user = `msg_${String(index).padStart(4, '0')}`;
  const events: SentEvent[] = [updated(aUserMessage(user)), busy];
  for (let step = 0; step < run.steps; step++) {
    events.push(
      updated(anAnswer(id(step), user, { running: true })),
      updated(anAnswer(id(step), user, { finish: 'tool-calls' })),
      busy,
    );
  }
  const last = id(run.steps);
  events.push(updated(anAnswer(last, user, { running: true })));
  const late: SentEvent[] = [];
  const beforeSign = events.length;
  switch (run.ending) {
    case 'settled':
      events.push(updated(anAnswer(last, user)), busy);
      late.push(updated(aUserMessage(user)));
      break;
    case 'aborted':
    case 'failed': {
      const name = run.ending === 'aborted' ? 'MessageAbortedError' : 'APIError';
      events.push(error(name));
      late.push(updated(anAnswer(last, user, { error: name })), idle);
      break;
    }
    case 'rejected':
      events.push(
        {
          type: 'permission.replied',
          properties: { sessionID: session, requestID: 'per_1', reply: 'reject' },
        },
        updated(anAnswer(last, user, { finish: 'tool-calls' })),
      );
      break;
  }
  const repeat = (event: SentEvent, position: number): SentEvent[] => {
    const isRepeatable = event.type !== 'session.error' && (run.twice >> position) % 2 === 1;
    return isRepeatable ? [event, event] : [event];
  };
  const running = events.slice(0, beforeSign).flatMap(repeat);
  return {
    events: [...running, ...events.slice(beforeSign).flatMap(repeat), idle],
    late,
    sign: running.length,
  };
}

/** One stream of all runs; what comes late after a run arrives within the next one, before that shows how it ends. */
function interleave(runs: readonly ScriptedRun[]): SentEvent[] {
  const stream: SentEvent[] = [];
  let waiting: SentEvent[] = [];
  let delay = 0;
  for (const [index, run] of runs.entries()) {
    const { events, late, sign } = eventsOf(run, index);
    const at = Math.min(delay, sign);
    stream.push(...events.slice(0, at), ...waiting, ...events.slice(at));
    waiting = late;
    delay = run.delay;
  }
  return [...stream, ...waiting];
}

describe('the settled-turn detector', function () {
  this.timeout(60_000);

  it('tells each run once and by its true end, whatever comes twice or late', () => {
    fc.assert(
      fc.property(fc.array(aRun, { minLength: 1, maxLength: 6 }), (runs) => {
        const { turns, outcomes } = replay(interleave(runs));
        assert.deepEqual(
          outcomes.map(({ kind }) => kind),
          runs.map(({ ending }) => ending),
        );
        assert.equal(turns.isRunning(session), false);
      }),
      { numRuns: 200 },
    );
  });

  it('never tells an end while a run has given no sign of one', () => {
    fc.assert(
      fc.property(fc.array(aRun, { maxLength: 4 }), fc.integer({ min: 0, max: 5 }), (runs, extra) => {
        const { turns, outcomes } = replay([
          ...interleave(runs),
          busy,
          ...Array.from({ length: extra }, () => busy),
          updated(anAnswer('msg_9999', 'msg_9998', { finish: 'tool-calls' })),
        ]);
        assert.equal(outcomes.length, runs.length);
        assert.equal(turns.state(session).kind, 'running');
      }),
    );
  });

  it('believes no end that happened while nobody listened', async () => {
    const turns = new SettledTurns();
    const hear = hearing(turns);
    hear(busy);
    const settled = turns.whenSettled(session);
    turns.reset([{ directory: '/', sessions: [], statuses: {}, permissions: [], questions: [] }]);
    assert.deepEqual(await settled, { kind: 'unseen' });
  });

  it('calls an answer that reached the output limit incomplete, and one that names no end of its own', () => {
    for (const finish of ['length', 'content-filter', 'error', 'other']) {
      const { outcomes } = replay([busy, updated(anAnswer('msg_2', 'msg_1', { finish })), idle]);
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        ['incomplete'],
        finish,
      );
    }
  });

  it('goes on with a run that still runs after the stream broke', () => {
    const turns = new SettledTurns();
    const hear = hearing(turns);
    turns.reset([
      {
        directory: '/',
        sessions: [],
        statuses: { [session]: { type: 'busy' } },
        permissions: [],
        questions: [],
      },
    ]);
    assert.equal(turns.state(session).kind, 'running');
    hear(updated(anAnswer('msg_2', 'msg_1')));
    hear(idle);
    assert.equal(turns.state(session).kind, 'settled');
  });

  it('waits for the user while a request of the session is open', () => {
    const turns = new SettledTurns();
    const hear = hearing(turns);
    hear(busy);
    hear({
      type: 'permission.asked',
      properties: {
        id: 'per_1',
        sessionID: session,
        permission: 'bash',
        patterns: [],
        metadata: {},
        always: [],
      },
    });
    assert.equal(turns.state(session).kind, 'waiting');
    hear({
      type: 'permission.replied',
      properties: { sessionID: session, requestID: 'per_1', reply: 'once' },
    });
    assert.equal(turns.state(session).kind, 'running');
  });

  it('lets somebody who waits give up', async () => {
    const turns = new SettledTurns();
    const hear = hearing(turns);
    hear(busy);
    let cancel = (): void => undefined;
    const waiting = turns.whenSettled(session, {
      isCancellationRequested: false,
      onCancellationRequested: (listener) => {
        cancel = listener;
        return { dispose: () => undefined };
      },
    });
    cancel();
    await assert.rejects(waiting, { name: 'CancelledError' });
  });

  it('forgets a deleted session and tells those who follow it', async () => {
    const turns = new SettledTurns();
    const hear = hearing(turns);
    hear(busy);
    const followed = turns.follow(session, 'msg_1');
    hear({
      type: 'session.deleted',
      properties: { info: { id: session, title: '', directory: '/', time: { created: 0, updated: 0 } } },
    });
    assert.equal((await followed.ended).kind, 'deleted');
    assert.equal(turns.state(session).kind, 'idle');
  });
});
