import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { Problem, UnavailableProblem, UncertainProblem } from '../../../src/core/errors.ts';
import { type Attempt, Attempts } from '../../../src/flows/prompting/attempts.ts';
import { Memory } from '../views/memory.ts';

const ids = { now: () => 0, random: Math.random };

describe('an act that may have come to an end nobody saw', () => {
  it('goes on with the ids and with what was made, when it is asked for again', async () => {
    const attempts = new Attempts(ids, new Memory(), String);
    const seen: string[] = [];
    let made = 0;
    const act = (fails: boolean) =>
      attempts.run(['relay', 'ses_1'], async (attempt) => {
        seen.push(attempt.messageId('leg'));
        await attempt.once('session', () => Promise.resolve((made += 1)));
        if (fails) throw new UncertainProblem('Nobody knows.');
      });
    await assert.rejects(act(true), UncertainProblem);
    await act(false);
    await act(false);
    assert.equal(seen[0], seen[1]);
    assert.notEqual(seen[1], seen[2], 'after it was done it is another act');
    assert.equal(made, 2);
  });

  it('begins anew where it is known that nothing happened', async () => {
    const attempts = new Attempts(ids, new Memory(), String);
    const seen: string[] = [];
    for (const error of [
      new Problem('Refused.'),
      new UnavailableProblem('Gone.', { mayHaveArrived: false }),
    ]) {
      const run = attempts.run(['x'], (attempt) => {
        seen.push(attempt.messageId('leg'));
        return Promise.reject(error);
      });
      await assert.rejects(run);
    }
    assert.notEqual(seen[0], seen[1]);
  });

  it('stays the same however it fails afterwards', async () => {
    const attempts = new Attempts(ids, new Memory(), String);
    const seen: string[] = [];
    const fail = (error: Error) =>
      attempts.run(['x'], (attempt) => {
        seen.push(attempt.messageId('leg'));
        return Promise.reject(error);
      });
    await assert.rejects(fail(new UncertainProblem('Nobody knows.')));
    await assert.rejects(fail(new UnavailableProblem('Gone.', { mayHaveArrived: false })));
    await assert.rejects(fail(new Problem('Refused.')));
    assert.equal(new Set(seen).size, 1);
  });

  it('is one while it goes on, unless it may be meant twice', async () => {
    const attempts = new Attempts(ids, new Memory(), String);
    let acts = 0;
    const gate = Promise.withResolvers<void>();
    const act = async (): Promise<void> => {
      acts += 1;
      await gate.promise;
    };
    const all = [attempts.run(['x'], act), attempts.run(['x'], act), attempts.runEach(['x'], act)];
    gate.resolve();
    await Promise.all(all);
    assert.equal(acts, 2);
  });

  it('is another one once its message is known to be there', async () => {
    const attempts = new Attempts(ids, new Memory(), String);
    const seen: string[] = [];
    const fail = () =>
      attempts.run(['typed', 'yes'], (attempt) => {
        seen.push(attempt.messageId('prompt'));
        return Promise.reject(new UncertainProblem('Nobody knows.'));
      });
    await assert.rejects(fail());
    attempts.forget(seen[0] ?? '');
    await assert.rejects(fail());
    assert.notEqual(seen[0], seen[1]);
  });

  it('goes on over a reload of the window where it is said to last, and only there', async () => {
    const memory = new Memory();
    const seen: string[][] = [];
    let made = 0;
    // The window ends while the act goes on: nothing more is heard of it.
    const act = async (attempt: Attempt): Promise<void> => {
      await attempt.once('session', () => Promise.resolve({ id: `ses_${(made += 1)}` }));
      seen.push([attempt.messageId('prompt'), String(attempt.isAgain)]);
      await new Promise(() => undefined);
    };
    for (let window = 0; window < 2; window++) {
      const attempts = new Attempts(ids, memory, String);
      void attempts.runLasting('fork', 'ses_1', ['A'], act);
      await setImmediate();
    }
    assert.equal(made, 1);
    assert.equal(seen[0]?.[0], seen[1]?.[0]);
    assert.deepEqual(
      seen.map(([, isAgain]) => isAgain),
      ['false', 'true'],
    );
    for (let window = 0; window < 2; window++) {
      void new Attempts(ids, memory, String).run(['typed', 'A'], act);
      await setImmediate();
    }
    assert.equal(made, 3);
  });

  it('is over for all windows once it is done, or its message is known to be there', async () => {
    const memory = new Memory();
    const messageIds: string[] = [];
    const open = (attempts: Attempts): Promise<void> =>
      attempts.runLasting('fork', 'ses_1', [], (attempt) => {
        messageIds.push(attempt.messageId('prompt'));
        return Promise.reject(new UncertainProblem('Nobody knows.'));
      });
    await assert.rejects(open(new Attempts(ids, memory, String)));
    await new Attempts(ids, memory, String).runLasting('fork', 'ses_1', [], (attempt) => {
      messageIds.push(attempt.messageId('prompt'));
      return Promise.resolve();
    });
    await assert.rejects(open(new Attempts(ids, memory, String)));
    new Attempts(ids, memory, String).forget(messageIds.at(-1) ?? '');
    await assert.rejects(open(new Attempts(ids, memory, String)));
    const [first, second, third, fourth] = messageIds;
    assert.equal(first, second);
    assert.equal(new Set([second, third, fourth]).size, 3);
  });

  it('begins anew where what it made was taken back', async () => {
    const attempts = new Attempts(ids, new Memory(), String);
    let made = 0;
    const act = (end: (attempt: Attempt) => Error): Promise<void> =>
      attempts.runLasting('fork', 'ses_1', [], async (attempt) => {
        await attempt.once('session', () => Promise.resolve((made += 1)));
        throw end(attempt);
      });
    await assert.rejects(act(() => new UncertainProblem('Nobody knows.')));
    await assert.rejects(
      act((attempt) => {
        attempt.beginAnew();
        return new Problem('Refused.');
      }),
    );
    await assert.rejects(act(() => new Problem('Refused.')));
    assert.equal(made, 2);
  });

  it('tells what is left of a session, but not what goes on or came to its end', async () => {
    const memory = new Memory();
    const begin = (attempts: Attempts, source: string, end: Promise<void>): Promise<void> =>
      attempts.runLasting('fork', source, [], async (attempt) => {
        await attempt.once('session', () => Promise.resolve({ id: `fork of ${source}` }));
        await end;
      });
    const first = new Attempts(ids, memory, String);
    void begin(first, 'ses_1', new Promise(() => undefined));
    await begin(first, 'ses_2', Promise.resolve());
    assert.deepEqual(first.leftOf('fork', 'ses_1'), []);
    const next = new Attempts(ids, memory, String);
    assert.deepEqual(
      next.leftOf('fork', 'ses_1').map(({ made }) => made),
      [{ session: { id: 'fork of ses_1' } }],
    );
    assert.deepEqual(next.leftOf('fork', 'ses_2'), []);
  });

  it('is meant again after a time: a relay soon, what may stand half made only a day later', async () => {
    const hour = 3_600_000;
    for (const [verb, later, isAgain] of [
      ['relay', hour / 10, true],
      ['relay', hour, false],
      ['fork', hour, true],
      ['fork', 25 * hour, false],
    ] as const) {
      const memory = new Memory();
      let now = 1;
      const clock = { now: () => now, random: Math.random };
      const messageIds: string[] = [];
      const act = (attempt: Attempt): Promise<never> => {
        messageIds.push(attempt.messageId('prompt'));
        return Promise.reject(new UncertainProblem('Nobody knows.'));
      };
      await assert.rejects(new Attempts(clock, memory, String).runLasting(verb, 'ses_1', ['Go on.'], act));
      now += later;
      await assert.rejects(new Attempts(clock, memory, String).runLasting(verb, 'ses_1', ['Go on.'], act));
      assert.equal(messageIds[0] === messageIds[1], isAgain, `${verb} after ${later}`);
    }
  });

  it('writes down nothing of an act that does not last', async () => {
    const memory = new Memory();
    await new Attempts(ids, memory, String).run(['typed', 'A'], async (attempt) =>
      attempt.messageId('prompt'),
    );
    assert.deepEqual(memory.keys(), []);
  });
});
