import assert from 'node:assert/strict';
import { PacedLooks } from '../../../src/flows/pacedLooks.ts';

/** Looks, and the timers that they wait for. */
function setUp() {
  const looks: string[] = [];
  const timers = new Set<() => void>();
  const paced = new PacedLooks(
    (callback) => {
      timers.add(callback);
      return { dispose: () => timers.delete(callback) };
    },
    (sessionId) => looks.push(sessionId),
  );
  const pass = (): void => {
    const due = [...timers];
    timers.clear();
    for (const callback of due) callback();
  };
  return { paced, looks, pass, timers };
}

describe('looks at sessions that change', () => {
  it('are taken at once after a pause, for each session', () => {
    const { paced, looks, pass } = setUp();
    paced.changed('a');
    paced.changed('b');
    pass();
    paced.changed('a');
    assert.deepEqual(looks, ['a', 'b', 'a']);
  });

  it('are taken once for all changes within a pause, after the last of them', () => {
    const { paced, looks, pass } = setUp();
    for (let change = 0; change < 50; change++) paced.changed('a');
    assert.deepEqual(looks, ['a']);
    pass();
    assert.deepEqual(looks, ['a', 'a']);
    pass();
    assert.deepEqual(looks, ['a', 'a']);
  });

  it('are not taken after the end', () => {
    const { paced, looks, pass, timers } = setUp();
    paced.changed('a');
    paced.changed('a');
    paced.dispose();
    pass();
    assert.deepEqual(looks, ['a']);
    assert.equal(timers.size, 0);
  });
});
