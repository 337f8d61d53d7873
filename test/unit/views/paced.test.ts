import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Paced } from '../../../src/views/paced.ts';

describe('what is paced', () => {
  let runs: number[];
  let now: number;
  let paced: Paced;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    runs = [];
    now = 0;
    paced = new Paced(250, () => runs.push(now));
  });

  afterEach(() => mock.timers.reset());

  function pass(milliseconds: number): void {
    for (const end = now + milliseconds; now < end;) {
      now += 10;
      mock.timers.tick(10);
    }
  }

  it('runs at once after a pause', () => {
    paced.plan();
    pass(1000);
    paced.plan();
    assert.deepEqual(runs, [0, 1000]);
  });

  it('runs again and again while words keep coming sooner than it may run', () => {
    for (let word = 0; word < 100; word++) {
      paced.plan();
      pass(10);
    }
    assert.deepEqual(runs, [0, 250, 500, 750, 1000]);
  });

  it('runs once more for the last word', () => {
    paced.plan();
    pass(10);
    paced.plan();
    pass(1000);
    assert.deepEqual(runs, [0, 250]);
  });

  it('runs again for what is planned while it runs', () => {
    paced.dispose();
    paced = new Paced(250, () => {
      runs.push(now);
      if (runs.length === 1) paced.plan();
    });
    paced.plan();
    pass(1000);
    assert.deepEqual(runs, [0, 250]);
  });

  it('does not run after its end', () => {
    paced.plan();
    paced.plan();
    paced.dispose();
    pass(1000);
    assert.deepEqual(runs, [0]);
  });
});
