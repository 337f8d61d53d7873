import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { startTimer } from '../../../src/editor/timer.ts';
import { Paced } from '../../../src/core/paced.ts';

describe('what is paced', () => {
  let runs: number[];
  let now: number;
  let paced: Paced<string>;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    runs = [];
    now = 0;
    paced = new Paced(startTimer, 250, () => runs.push(now));
  });

  afterEach(() => mock.timers.reset());

  function pass(milliseconds: number): void {
    for (const end = now + milliseconds; now < end;) {
      now += 10;
      mock.timers.tick(10);
    }
  }

  it('runs at once after a pause', () => {
    paced.plan('a');
    pass(1000);
    paced.plan('a');
    assert.deepEqual(runs, [0, 1000]);
  });

  it('runs again and again while words keep coming sooner than it may run', () => {
    for (let word = 0; word < 100; word++) {
      paced.plan('a');
      pass(10);
    }
    assert.deepEqual(runs, [0, 250, 500, 750, 1000]);
  });

  it('runs once more for the last word', () => {
    paced.plan('a');
    pass(10);
    paced.plan('a');
    pass(1000);
    assert.deepEqual(runs, [0, 250]);
  });

  it('runs again for what is planned while it runs', () => {
    paced.dispose();
    paced = new Paced(startTimer, 250, () => {
      runs.push(now);
      if (runs.length === 1) paced.plan('a');
    });
    paced.plan('a');
    pass(1000);
    assert.deepEqual(runs, [0, 250]);
  });

  it('does not run after its end', () => {
    paced.plan('a');
    paced.plan('a');
    paced.dispose();
    pass(1000);
    assert.deepEqual(runs, [0]);
  });
});

/** Runs, and the timers that they wait for. */
function setUp() {
  const runs: string[] = [];
  const timers = new Set<() => void>();
  const paced = new Paced<string>(
    (callback) => {
      timers.add(callback);
      return { dispose: () => timers.delete(callback) };
    },
    200,
    (key) => runs.push(key),
  );
  const pass = (): void => {
    const due = [...timers];
    timers.clear();
    for (const callback of due) callback();
  };
  return { paced, runs, pass, timers };
}

describe('what is paced for several keys', () => {
  it('is run at once after a pause, for each key', () => {
    const { paced, runs, pass } = setUp();
    paced.plan('a');
    paced.plan('b');
    pass();
    paced.plan('a');
    assert.deepEqual(runs, ['a', 'b', 'a']);
  });

  it('is run once for all changes within a pause, after the last of them', () => {
    const { paced, runs, pass } = setUp();
    for (let change = 0; change < 50; change++) paced.plan('a');
    assert.deepEqual(runs, ['a']);
    pass();
    assert.deepEqual(runs, ['a', 'a']);
    pass();
    assert.deepEqual(runs, ['a', 'a']);
  });

  it('are not taken after the end', () => {
    const { paced, runs, pass, timers } = setUp();
    paced.plan('a');
    paced.plan('a');
    paced.dispose();
    pass();
    assert.deepEqual(runs, ['a']);
    assert.equal(timers.size, 0);
  });
});
