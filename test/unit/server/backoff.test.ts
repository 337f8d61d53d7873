import assert from 'node:assert/strict';
import { backoff } from '../../../src/server/backoff.ts';

describe('The wait before an attempt', () => {
  it('doubles up to ten seconds', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((attempt) => backoff(attempt, 1));
    assert.deepEqual(longest, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000]);
  });

  it('is scattered, and never less than half', () => {
    assert.deepEqual(
      [0, 0.5].map((random) => backoff(3, random)),
      [1_000, 1_500],
    );
  });
});
