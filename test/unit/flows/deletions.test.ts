import assert from 'node:assert/strict';
import { BusyProblem, NotFoundProblem, Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import type { Deletion } from '../../../src/core/ports/deletionMemory.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { SessionChange } from '../../../src/core/ports/openCode.ts';
import type { DeliveryState, PromptCause } from '../../../src/core/prompts/delivery.ts';
import { SessionLock } from '../../../src/core/turns/sessionLock.ts';
import { Deletions, type Undone } from '../../../src/flows/deletions.ts';
import { Deliveries } from '../../../src/flows/prompting/deliveries.ts';
import { writtenKey } from '../../../src/flows/whatHolds.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { aServer } from '../commands/commands.ts';
import { anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { Memory } from '../views/memory.ts';

describe('Deletions', () => {
  let records: Map<string, Session>;
  let messages: ReturnType<typeof aUserMessage>[];
  let subagentMessages: ReturnType<typeof aUserMessage>[];
  let kept: readonly Deletion[];
  let timers: { callback: () => void; milliseconds: number }[];
  let notices: Notice[];
  let fault: Error | undefined;
  let isElsewhere: boolean;
  /** What a change of a session, or its end, waits for before the server does it. */
  let untilDone: Promise<void> | undefined;
  /** What an answer about a session waits for. */
  let untilRead: Promise<void> | undefined;
  /** What becomes of a session whose deletion is answered with nothing but this. */
  let lostAnswer: ((id: string) => Error) | undefined;
  let lock: SessionLock;
  let deliveries: Deliveries;
  /** The prompts that wait, by session. */
  let waiting: Map<string, readonly string[]>;
  /** The sessions in which a prompt is written. */
  let written: Set<string>;
  /** How changes of one session fail. */
  let faults: Map<string, Error>;

  beforeEach(() => {
    const all = [
      aSession({ id: 'a', title: 'Exact cents' }),
      aSession({ id: 'b', title: 'Limiter' }),
      aSession({ id: 'old', title: 'Old', time: { created: 1, updated: 1, archived: 5 } }),
      aSession({ id: 'sub', parentID: 'a' }),
    ];
    records = new Map(all.map((session) => [session.id, session]));
    messages = [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')];
    subagentMessages = [aUserMessage('msg_1')];
    [kept, timers, notices, fault, isElsewhere] = [[], [], [], undefined, false];
    lostAnswer = undefined;
    [lock, deliveries, waiting] = [new SessionLock(), new Deliveries(new Memory()), new Map()];
    [untilDone, untilRead, faults, written] = [undefined, undefined, new Map(), new Set()];
  });

  function open() {
    const sessions = aStore([...records.values()]);
    const server = aServer({
      getSession: async (id: string) => {
        await untilRead;
        if (fault !== undefined) throw fault;
        const found = records.get(id);
        if (found === undefined) throw new NotFoundProblem('It is not there.');
        return found;
      },
      updateSession: async (id: string, { archived }: SessionChange) => {
        await untilDone;
        const failure = faults.get(id) ?? fault;
        if (failure !== undefined) throw failure;
        const { time, ...session } = records.get(id) ?? assert.fail(`no ${id}`);
        const changed = { ...session, time: { ...time, archived } };
        records.set(id, changed);
        return changed;
      },
      deleteSession: async (id: string) => {
        await untilDone;
        const lost = lostAnswer?.(id);
        if (fault !== undefined) throw fault;
        if (lost !== undefined) throw lost;
        records.delete(id);
      },
      listMessages: (id: string, { limit }: { limit: number }) => ({
        messages: (id === 'sub' ? subagentMessages : messages).slice(-limit),
      }),
    });
    const deletions = new Deletions({
      openCode: server.openCode,
      sessions,
      ends: { worksElsewhere: () => isElsewhere },
      lock,
      deliveries,
      waiting: {
        of: (id) => (waiting.get(id) ?? []).map((id) => ({ id, text: '', agent: 'build' })),
      },
      written,
      memory: { read: () => kept, write: (all) => (kept = all) },
      startTimer: (callback, milliseconds) => {
        const timer = { callback, milliseconds };
        timers.push(timer);
        return { dispose: () => (timers = timers.filter((other) => other !== timer)) };
      },
      now: () => 99,
      notify: (notice) => notices.push(notice),
      log: { debug: () => undefined, warn: () => undefined },
    });
    const session = (id: string) => records.get(id) ?? assert.fail(`no ${id}`);
    const begin = async (...ids: string[]) => deletions.begin(ids.map(session));
    return { deletions, sessions, begin, session };
  }

  const send = (sessionId: string, state: DeliveryState, cause: PromptCause = 'typed') =>
    deliveries.write({
      messageId: 'msg_9',
      sessionId,
      directory: '/work',
      cause,
      agent: 'build',
      text: 'Go on.',
      time: 1,
      state,
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  /** Lets the time pass in which a deletion can be undone. */
  const pass = async () => {
    const timer = timers.shift() ?? assert.fail('nothing is waited for');
    timer.callback();
    await settle();
    return timer.milliseconds;
  };
  /** What any window does to a session meanwhile. */
  const change = (id: string, { time, ...changed }: Partial<Session>) => {
    const session = records.get(id) ?? assert.fail(`no ${id}`);
    records.set(id, { ...session, ...changed, time: { ...session.time, ...time } });
  };
  const undone = (what: Partial<Undone>): Undone => ({ back: [], tooLate: [], failed: [], ...what });
  const archivedOf = (id: string) => records.get(id)?.time.archived;

  it('put a session into the archive for ten seconds, and delete it then', async () => {
    const { begin, deletions } = open();
    await begin('a');
    assert.equal(archivedOf('a'), 99);
    assert.equal(notices[0]?.message, '“Exact cents” is deleted in ten seconds.');
    assert.deepEqual(deletions.pending, ['a']);
    assert.equal(await pass(), 10_000);
    assert.equal(records.has('a'), false);
    assert.deepEqual([deletions.pending, kept, notices.length], [[], [], 1]);
  });

  it('name several, and give all of them back', async () => {
    const { begin, deletions } = open();
    await begin('a', 'b', 'old');
    const [notice] = notices;
    assert.equal(notice?.message, '3 sessions are deleted in ten seconds: “Exact cents”, “Limiter”, “Old”.');
    assert.equal(notice.actions[0]?.command, 'opencodeSessions.session.undoDelete');
    assert.deepEqual(await deletions.undo(), undone({ back: ['a', 'b', 'old'] }));
    await pass();
    assert.deepEqual(['a', 'b', 'old'].map(archivedOf), [0, 0, 5]);
  });

  it('give one of several back, and delete the rest', async () => {
    const { begin, deletions } = open();
    await begin('a', 'b');
    assert.deepEqual(await deletions.undo(['b', 'unknown']), undone({ back: ['b'] }));
    await pass();
    assert.deepEqual([records.has('a'), records.has('b'), archivedOf('b')], [false, true, 0]);
    assert.deepEqual(await deletions.undo(), undone({}));
  });

  it('leave a session that somebody took out of the archive, wherever that was', async () => {
    const { begin } = open();
    await begin('a');
    change('a', { time: { created: 1, updated: 1, archived: 0 } });
    await pass();
    assert.equal(records.has('a'), true);
    assert.equal(notices.length, 1);
  });

  it('leave a session where it is that somebody had back and put away again, wherever that was', async () => {
    const { begin } = open();
    await begin('a', 'old');
    change('a', { time: { created: 1, updated: 1, archived: 120 } });
    change('old', { time: { created: 1, updated: 1, archived: 121 } });
    await pass();
    assert.deepEqual(['a', 'old'].map(archivedOf), [120, 121]);
    assert.equal(notices[1]?.message, '“Exact cents” was not deleted, because it was changed meanwhile.');
  });

  for (const [what, changed] of [
    ['renamed', { title: 'Kept' }],
    ['reverted', { revert: { messageID: 'msg_2' } }],
    ['given other metadata', { metadata: { ours: { kept: true } } }],
  ] as const) {
    it(`bring a session back that was ${what} meanwhile`, async () => {
      const { begin } = open();
      await begin('a');
      change('a', changed);
      await pass();
      assert.equal(archivedOf('a'), 0);
      assert.match(notices[1]?.message ?? '', /was not deleted, because it was changed meanwhile/);
    });
  }

  it('never delete a session of which a subagent was prompted and came to its end meanwhile', async () => {
    const { begin } = open();
    await begin('a');
    subagentMessages.push(aUserMessage('msg_3'), anAnswer('msg_4', 'msg_3'));
    await pass();
    assert.equal(archivedOf('a'), 0);
    assert.match(notices[1]?.message ?? '', /because it began to work meanwhile/);
  });

  it('delete a session of which a subagent is gone meanwhile', async () => {
    const { begin, sessions } = open();
    await begin('a');
    sessions.apply({ type: 'session.deleted', properties: { info: aSession({ id: 'sub', parentID: 'a' }) } });
    await pass();
    assert.equal(records.has('a'), false);
  });

  for (const [what, begins] of [
    ['works', 'a'],
    ['has a subagent that works', 'sub'],
  ] as const) {
    it(`never delete a session that ${what} meanwhile, and bring it back`, async () => {
      const { begin, sessions } = open();
      await begin('a');
      sessions.apply({
        type: 'session.status',
        properties: { sessionID: begins, status: { type: 'busy' } },
      });
      await pass();
      assert.equal(archivedOf('a'), 0);
      assert.match(notices[1]?.message ?? '', /was not deleted, because it began to work/);
    });
  }

  it('say where a session may stand that is kept and could not be brought back', async () => {
    const { begin } = open();
    await begin('a', 'b');
    messages.push(aUserMessage('msg_3'));
    faults.set('a', new UnavailableProblem('No answer.'));
    faults.set('b', new Problem('Refused.'));
    await pass();
    assert.match(notices[1]?.message ?? '', /It could not be taken out of the archive\. No answer\.$/);
    assert.match(notices[2]?.message ?? '', /It could not be taken out of the archive\. Refused\.$/);
  });

  it('never delete a session in which something was done since, also by another process', async () => {
    const { begin } = open();
    await begin('a');
    messages.push(aUserMessage('msg_3'), anAnswer('msg_4', 'msg_3'));
    await pass();
    assert.equal(archivedOf('a'), 0);
    isElsewhere = true;
    await begin('b');
    await pass();
    assert.equal(archivedOf('b'), 0);
  });

  it('leave a session in the archive that could not be deleted, and say so', async () => {
    const { begin, deletions } = open();
    await begin('a');
    fault = new UnavailableProblem('There is no connection.');
    await pass();
    assert.equal(archivedOf('a'), 99);
    assert.match(notices[1]?.message ?? '', /is in the archive\. There is no connection\./);
    assert.deepEqual(deletions.pending, []);
  });

  it('begin nothing with what could not be put away, and go on with what was', async () => {
    const { deletions } = open();
    const gone = aSession({ id: 'gone' });
    await assert.rejects(deletions.begin([records.get('a') ?? assert.fail(), gone]));
    assert.deepEqual(deletions.pending, ['a']);
    await pass();
    assert.equal(records.has('a'), false);
  });

  it('leave what the window did not live to delete in the archive, and the next window says so once', async () => {
    const first = open();
    await first.begin('a', 'b');
    first.deletions.dispose();
    assert.deepEqual(timers, []);
    records.delete('b');
    notices.length = 0;
    const next = open();
    fault = new UnavailableProblem('There is no connection.');
    await next.deletions.resume();
    assert.equal(notices.length, 0);
    fault = undefined;
    await next.deletions.resume();
    await next.deletions.resume();
    assert.deepEqual(
      notices.map(({ message }) => message),
      ['“Exact cents” was to be deleted when the window ended. It is in the archive.'],
    );
    assert.equal(notices[0]?.actions[0]?.command, 'opencodeSessions.session.delete');
    assert.deepEqual([records.has('a'), kept], [true, []]);
  });

  it('say that it is too late once the server was asked to delete it', async () => {
    const { begin, deletions } = open();
    await begin('a', 'b');
    const { promise, resolve } = Promise.withResolvers<void>();
    untilDone = promise;
    await pass();
    assert.deepEqual(deletions.pending, ['b']);
    assert.deepEqual(await deletions.undo(['a']), undone({ tooLate: ['Exact cents'] }));
    resolve();
    await settle();
    assert.deepEqual([records.has('a'), notices.length], [false, 1]);
  });

  it('give each back on its own, say which could not be, and let it be tried again', async () => {
    const { begin, deletions } = open();
    await begin('a', 'b', 'old');
    const refusal = new Problem('OpenCode refused it.');
    faults.set('a', refusal);
    const failed = [{ sessionId: 'a', name: 'Exact cents', error: refusal }];
    assert.deepEqual(await deletions.undo(), undone({ back: ['b', 'old'], failed }));
    assert.deepEqual(
      kept.map(({ sessionId }) => sessionId),
      ['a'],
    );
    // What somebody wanted back is not deleted, wherever it stands.
    await pass();
    assert.equal(archivedOf('a'), 99);
    faults.clear();
    assert.deepEqual(await deletions.undo(), undone({ back: ['a'] }));
    assert.deepEqual([archivedOf('a'), deletions.pending, kept], [0, [], []]);
  });

  it('take a session back whose answer was lost, if it is seen to be back', async () => {
    const { begin, deletions } = open();
    await begin('a');
    faults.set('a', new UnavailableProblem('The answer was lost.'));
    change('a', { time: { created: 1, updated: 1, archived: 0 } });
    assert.deepEqual(await deletions.undo(), undone({ back: ['a'] }));
  });

  it('take a session back after it was put away, also if it is undone before', async () => {
    const { begin, deletions } = open();
    const { promise, resolve } = Promise.withResolvers<void>();
    untilDone = promise;
    const begun = begin('a');
    await settle();
    const back = deletions.undo();
    resolve();
    await begun;
    assert.deepEqual(await back, undone({ back: ['a'] }));
    assert.deepEqual([archivedOf('a'), timers, notices], [0, [], []]);
  });

  it('begin anew with a session that somebody had back and deletes again', async () => {
    const { begin, deletions } = open();
    await begin('a');
    change('a', { time: { created: 1, updated: 1, archived: 0 } });
    await begin('a');
    assert.equal(archivedOf('a'), 99);
    await pass();
    assert.deepEqual([records.has('a'), deletions.pending], [true, ['a']]);
    await pass();
    assert.deepEqual([records.has('a'), deletions.pending], [false, []]);
  });

  it('know where a session stood before, also if it is deleted again at once', async () => {
    const { begin, deletions } = open();
    await begin('a', 'old');
    await begin('a', 'old');
    await pass();
    assert.deepEqual(deletions.pending, ['a', 'old']);
    await deletions.undo();
    assert.deepEqual(['a', 'old'].map(archivedOf), [0, 5]);
  });

  it('never forget a newer deletion at the end of an earlier one', async () => {
    const { begin, deletions } = open();
    await begin('a');
    const { promise, resolve } = Promise.withResolvers<void>();
    untilRead = promise;
    await pass();
    untilRead = undefined;
    await begin('a');
    resolve();
    await settle();
    assert.deepEqual([deletions.pending, records.has('a')], [['a'], true]);
    await pass();
    assert.deepEqual([deletions.pending, records.has('a')], [[], false]);
  });

  describe('whose answer was lost', () => {
    const lost = new UnavailableProblem('The answer was lost.');

    it('is done where the session is gone', async () => {
      const { begin, deletions } = open();
      await begin('a');
      lostAnswer = (id) => (records.delete(id), lost);
      await pass();
      assert.deepEqual([notices.length, deletions.pending, kept], [1, [], []]);
    });

    it('is said to have failed where the session is seen, wherever it stands', async () => {
      const { begin } = open();
      await begin('a', 'b');
      lostAnswer = (id) => {
        if (id === 'b') change('b', { time: { created: 1, updated: 1, archived: 0 } });
        return lost;
      };
      await pass();
      assert.deepEqual(
        notices.slice(1).map(({ message }) => message),
        [
          '“Exact cents” was not deleted and is in the archive. The answer was lost.',
          '“Limiter” was not deleted. The answer was lost.',
        ],
      );
      assert.deepEqual(kept, []);
    });

    for (const [isGone, message] of [
      [true, '“Exact cents” was deleted.'],
      [false, '“Exact cents” was not deleted. It is in the archive.'],
    ] as const) {
      it(`is said to be unknown, until it is seen that ${message}`, async () => {
        const { begin, deletions } = open();
        await begin('a');
        lostAnswer = (id) => {
          if (isGone) records.delete(id);
          fault = lost;
          return lost;
        };
        await pass();
        assert.match(notices[1]?.message ?? '', /^It is not known yet whether “Exact cents” was deleted\./);
        assert.deepEqual([deletions.pending, kept.length], [[], 1]);
        // It is looked again by itself, for as long as that fails.
        await pass();
        assert.deepEqual([notices.length, kept.length], [2, 1]);
        fault = undefined;
        await pass();
        assert.deepEqual([notices[2]?.message, notices.length, kept, timers], [message, 3, [], []]);
      });
    }

    it('is no longer told of once it is deleted anew', async () => {
      const { begin, deletions } = open();
      await begin('a');
      lostAnswer = () => (fault = lost);
      await pass();
      [fault, lostAnswer] = [undefined, undefined];
      await begin('a');
      assert.equal(kept.length, 1);
      await deletions.resume();
      assert.deepEqual(
        [deletions.pending, notices.length, notices[2]?.message],
        [['a'], 3, '“Exact cents” is deleted in ten seconds.'],
      );
    });
  });

  describe('of a session with a prompt on its way', () => {
    const awaited = '“Exact cents” was not deleted, because a prompt waits in it or is on its way to it.';

    for (const [what, state, to] of [
      ['waits for what holds it', { kind: 'waiting', reason: 'A compaction runs.' }, 'a'],
      ['is being sent', { kind: 'sending' }, 'a'],
      ['was accepted and may come late', { kind: 'unknown', isAccepted: true }, 'a'],
      ['may have arrived', { kind: 'unknown' }, 'sub'],
      ['is stored and not begun', { kind: 'stored' }, 'sub'],
    ] as const) {
      it(`is not done while one ${what}`, async () => {
        const { begin } = open();
        await begin('a');
        send(to, state);
        await pass();
        assert.deepEqual([archivedOf('a'), notices[1]?.message], [0, awaited]);
      });
    }

    it('is done where what was told there has arrived, or a turn is over', async () => {
      const { begin } = open();
      send('a', { kind: 'stored' }, 'tell');
      send('sub', { kind: 'ended', how: 'answered' });
      await begin('a');
      await pass();
      assert.equal(records.has('a'), false);
    });

    for (const held of ['a', 'sub']) {
      it(`is not done, nor waited with, while this window sends to it: ${held}`, async () => {
        const { begin } = open();
        await begin('a');
        const { promise, resolve } = Promise.withResolvers<void>();
        const sent = lock.hold(held, 'Another prompt is being sent.', () => promise);
        await settle();
        await pass();
        assert.deepEqual([archivedOf('a'), notices[1]?.message], [0, awaited]);
        resolve();
        await sent;
      });
    }

    it('holds the session from the look to its end', async () => {
      const { begin } = open();
      await begin('a');
      const read = Promise.withResolvers<void>();
      const done = Promise.withResolvers<void>();
      [untilRead, untilDone] = [read.promise, done.promise];
      await pass();
      assert.equal(lock.holder('a')?.reason, 'The session is being deleted.');
      read.resolve();
      await settle();
      assert.notEqual(lock.holder('a'), undefined);
      done.resolve();
      await settle();
      assert.deepEqual([lock.holder('a'), records.has('a')], [undefined, false]);
    });

    it('is not done where a prompt comes to wait for it meanwhile', async () => {
      const { begin } = open();
      await begin('a');
      const { promise, resolve } = Promise.withResolvers<void>();
      untilRead = promise;
      await pass();
      send('a', { kind: 'waiting', reason: lock.holder('a')?.reason ?? '' });
      resolve();
      await settle();
      assert.deepEqual([archivedOf('a'), notices[1]?.message], [0, awaited]);
    });

    it('is done with the prompts that a person knows of, and with no other', async () => {
      const { deletions, session } = open();
      waiting.set('a', ['msg_5']).set('sub', ['msg_6']);
      waiting.set('b', ['msg_7']);
      await deletions.begin([session('a'), session('b')], new Set(['msg_5', 'msg_6', 'msg_7']));
      waiting.set('b', ['msg_7', 'msg_8']);
      await pass();
      assert.deepEqual([records.has('a'), archivedOf('b')], [false, 0]);
    });
  });

  describe('of sessions in which a prompt is written', () => {
    it('says that its text is kept, by name where there are several', async () => {
      const { deletions, session } = open();
      written.add('a');
      const known = new Set([writtenKey('a')]);
      await deletions.begin([session('a')], known);
      assert.equal(
        notices[0]?.message,
        '“Exact cents” is deleted in ten seconds. The text of the prompt that is written there is kept.',
      );
      await deletions.undo();
      await deletions.begin([session('a'), session('b')], known);
      assert.match(notices[1]?.message ?? '', /The texts of the prompts .* are kept: “Exact cents”\.$/);
    });

    it('goes on with what was written before, and not where a person began to write meanwhile', async () => {
      const { deletions, session } = open();
      written.add('a');
      await deletions.begin([session('a'), session('b')], new Set([writtenKey('a')]));
      written.add('b');
      await pass();
      assert.deepEqual([records.has('a'), archivedOf('b')], [false, 0]);
      assert.equal(
        notices[1]?.message,
        '“Limiter” was not deleted, because a prompt is being written in it.',
      );
    });
  });

  describe('at once', () => {
    it('is done, and what is gone already is no fault', async () => {
      const { deletions, session } = open();
      const a = session('a');
      await deletions.deleteNow(a, new Set());
      assert.equal(records.has('a'), false);
      lostAnswer = () => new NotFoundProblem('It is not there.');
      await deletions.deleteNow(a, new Set());
    });

    it('is refused while a prompt is on its way, or waits of which nobody knew', async () => {
      const { deletions, session } = open();
      send('sub', { kind: 'sending' });
      waiting.set('b', ['msg_7']);
      await assert.rejects(deletions.deleteNow(session('a'), new Set()), BusyProblem);
      await assert.rejects(deletions.deleteNow(session('b'), new Set()), BusyProblem);
      await deletions.deleteNow(session('b'), new Set(['msg_7']));
      assert.deepEqual([records.has('a'), records.has('b')], [true, false]);
    });

    it('says what became of it after a lost answer', async () => {
      const { deletions, session } = open();
      const lost = new UnavailableProblem('The answer was lost.');
      lostAnswer = () => lost;
      await assert.rejects(deletions.deleteNow(session('a'), new Set()), {
        message: '“Exact cents” was not deleted. The answer was lost.',
      });
      lostAnswer = () => (fault = lost);
      await assert.rejects(deletions.deleteNow(session('a'), new Set()), {
        message: 'It is not known whether “Exact cents” was deleted. The answer was lost.',
      });
      fault = undefined;
      lostAnswer = (id) => (records.delete(id), lost);
      await deletions.deleteNow(session('a'), new Set());
    });
  });
});
