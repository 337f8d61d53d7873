import assert from 'node:assert/strict';
import { UnavailableProblem } from '../../../src/core/errors.ts';
import { Looks } from '../../../src/flows/looks.ts';

describe('Looking at the server', () => {
  let looks: Looks;
  let compared: boolean[];
  let timers: { callback: () => void; milliseconds: number }[];
  let now: number;
  let isAtWork: boolean;
  let isInView: boolean;
  let isElsewhere: boolean;
  let problem: Error | undefined;

  const settle = () => new Promise((resolve) => setImmediate(resolve));
  /** Lets the time pass that the next look waits for. */
  const pass = async () => {
    const timer = timers.shift() ?? assert.fail('nothing is waited for');
    now += timer.milliseconds;
    timer.callback();
    await settle();
  };

  beforeEach(() => {
    [compared, timers, now, problem] = [[], [], 10_000, undefined];
    [isAtWork, isInView, isElsewhere] = [false, false, false];
    looks = new Looks({
      compare: async (complete) => {
        compared.push(complete);
        if (problem !== undefined) throw problem;
      },
      isAtWork: () => isAtWork,
      isInView: () => isInView,
      isElsewhere: () => isElsewhere,
      startTimer: (callback, milliseconds) => {
        const timer = { callback, milliseconds };
        timers.push(timer);
        return { dispose: () => (timers = timers.filter((other) => other !== timer)) };
      },
      now: () => now,
      log: { debug: () => undefined },
    });
  });

  afterEach(() => looks.dispose());

  it('is done at once, at everything, when somebody begins to look', async () => {
    looks.begin();
    assert.deepEqual(compared, [true]);
    await settle();
    assert.deepEqual(timers, []);
  });

  it('is not done again for who comes and goes', async () => {
    looks.begin();
    await settle();
    now += 1_000;
    looks.begin();
    assert.equal(compared.length, 1);
    now += 1_001;
    looks.begin();
    assert.equal(compared.length, 2);
  });

  it('is done with longer and longer pauses while something is in view, at what changed lately', async () => {
    isInView = true;
    looks.begin();
    await settle();
    const pauses: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      pauses.push(timers[0]?.milliseconds ?? 0);
      await pass();
    }
    assert.deepEqual(pauses, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
    assert.deepEqual(compared, [true, ...Array.from({ length: 7 }, () => false)]);
  });

  it('is done more often while somebody waits for what goes on elsewhere', async () => {
    [isInView, isElsewhere] = [true, true];
    looks.update();
    const pauses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      pauses.push(timers[0]?.milliseconds ?? 0);
      await pass();
    }
    assert.deepEqual(pauses, [5_000, 10_000, 10_000, 10_000]);
  });

  it('begins with short pauses again when somebody comes back', async () => {
    isInView = true;
    looks.update();
    for (let count = 0; count < 4; count += 1) await pass();
    looks.begin();
    await settle();
    assert.deepEqual(
      timers.map(({ milliseconds }) => milliseconds),
      [5_000],
    );
  });

  it('ends while nothing is in view or at work, and goes on with the next that is', async () => {
    isInView = true;
    looks.update();
    isInView = false;
    await pass();
    assert.deepEqual([compared, timers], [[], []]);
    isAtWork = true;
    looks.update();
    await pass();
    assert.deepEqual(compared, [false]);
  });

  it('goes on after the server could not be asked', async () => {
    isAtWork = true;
    problem = new UnavailableProblem('gone');
    looks.begin();
    await settle();
    await pass();
    assert.equal(compared.length, 2);
    assert.equal(timers.length, 1);
  });

  it('tells whoever asked for it what went wrong', async () => {
    problem = new UnavailableProblem('gone');
    await assert.rejects(looks.refresh(), UnavailableProblem);
  });

  it('is over when it is disposed of', async () => {
    isAtWork = true;
    looks.begin();
    looks.dispose();
    await settle();
    assert.deepEqual(timers, []);
  });
});
