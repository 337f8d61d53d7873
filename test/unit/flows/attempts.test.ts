import assert from 'node:assert/strict';
import { Problem, UnavailableProblem, UncertainProblem } from '../../../src/core/errors.ts';
import { Attempts } from '../../../src/flows/prompting/attempts.ts';

const ids = { now: () => 0, random: Math.random };

describe('an act that may have come to an end nobody saw', () => {
  it('goes on with the ids and with what was made, when it is asked for again', async () => {
    const attempts = new Attempts(ids);
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
    const attempts = new Attempts(ids);
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
    const attempts = new Attempts(ids);
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
    const attempts = new Attempts(ids);
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
    const attempts = new Attempts(ids);
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
});
