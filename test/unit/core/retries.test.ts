import assert from 'node:assert/strict';
import { Retries } from '../../../src/core/retries.ts';

function setUp() {
  const timers: { callback: () => void; milliseconds: number }[] = [];
  const tried: string[] = [];
  const retries = new Retries({
    startTimer: (callback, milliseconds) => {
      const timer = { callback, milliseconds };
      timers.push(timer);
      return { dispose: () => void timers.splice(timers.indexOf(timer), 1) };
    },
    retry: (id) => tried.push(id),
  });
  const pauses = () => timers.map(({ milliseconds }) => milliseconds);
  return { retries, timers, tried, pauses };
}

describe('Trying again', () => {
  it('waits twice as long each time, up to half a minute, until it goes well', () => {
    const { retries, pauses } = setUp();
    const seen = Array.from({ length: 7 }, () => (retries.later('ses_1'), pauses()));
    assert.deepEqual(seen.flat(), [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    retries.reset('ses_1');
    assert.deepEqual(pauses(), []);
    assert.equal(retries.later('ses_1'), 1);
  });

  it('begins nothing any more once its window has ended, also of what fails after that', () => {
    const { retries, pauses } = setUp();
    retries.later('ses_1');
    retries.dispose();
    retries.later('ses_1');
    retries.again('ses_2', 10);
    assert.deepEqual(pauses(), []);
  });
});
