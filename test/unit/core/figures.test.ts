import assert from 'node:assert/strict';
import {
  countFiles,
  countMessages,
  countTokens,
  formatDuration,
  formatTime,
  formatWait,
  formatSize,
  formatTokens,
} from '../../../src/core/figures.ts';

describe('Figures', () => {
  it('say a span of time in the largest units that it fills, rounded before it is split', () => {
    const spans = [
      0, 9940, 9960, 59_400, 59_700, 61_000, 3_599_400, 3_599_600, 3_720_000, 86_400_000, 259_185_000,
    ];
    assert.deepEqual(spans.map(formatDuration), [
      '0.0 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1 min 0 s',
      '1 min 1 s',
      '59 min 59 s',
      '1 h 0 min',
      '1 h 2 min',
      '1 day 0 h',
      '2 days 23 h',
    ]);
  });

  it('say how long it is until something happens, and from an hour on the time of day', () => {
    const now = Date.UTC(2026, 10, 20, 9, 0, 0);
    const waits = [-5, 0, 2100, 59_000, 61_000, 3_599_000].map((wait) => formatWait(now + wait, now));
    assert.deepEqual(waits, ['0 s', '0 s', '3 s', '59 s', '1 min 1 s', '59 min 59 s']);
    const far = now + 259_185_000;
    assert.equal(formatWait(far, now), `2 days 23 h (${formatTime(far, now)})`);
    assert.equal(formatWait(now + 17_876_000, now), `4 h 57 min (${formatTime(now + 17_876_000, now)})`);
  });

  it('say a count of tokens in thousands and millions', () => {
    const counts = [950, 12_300, 999_940, 999_960, 1_200_000];
    assert.deepEqual(counts.map(formatTokens), ['950', '12.3k', '999.9k', '1M', '1.2M']);
  });

  it('say one of a thing as one', () => {
    assert.deepEqual([0, 1, 2].map(countTokens), ['0 tokens', '1 token', '2 tokens']);
    assert.deepEqual([1, 2].map(countFiles), ['1 file', '2 files']);
    assert.deepEqual([1, 2].map(countMessages), ['1 message', '2 messages']);
  });

  it('say a count of bytes in the largest units that it fills', () => {
    const counts = [0, 950, 12_300, 999_400, 999_600, 2_140_000];
    assert.deepEqual(counts.map(formatSize), ['0 B', '950 B', '12 kB', '999 kB', '1.0 MB', '2.1 MB']);
  });
});
