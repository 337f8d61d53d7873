import assert from 'node:assert/strict';
import { DoubleClick } from '../../../src/core/doubleClick.ts';

describe('a double click', () => {
  function clicks(...times: [id: string, time: number][]): boolean[] {
    let now = 0;
    const doubleClick = new DoubleClick(() => now);
    return times.map(([id, time]) => {
      now = time;
      return doubleClick.isSecond(id);
    });
  }

  it('is the second quick click on the same row', () => {
    assert.deepEqual(clicks(['a', 0], ['a', 400]), [false, true]);
  });

  it('is not a slow second click, nor one on another row', () => {
    assert.deepEqual(clicks(['a', 0], ['a', 600]), [false, false]);
    assert.deepEqual(clicks(['a', 0], ['b', 100]), [false, false]);
  });

  it('begins anew with the third click', () => {
    assert.deepEqual(clicks(['a', 0], ['a', 100], ['a', 200]), [false, true, false]);
  });
});
