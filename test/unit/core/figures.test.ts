import assert from 'node:assert/strict';
import { formatDuration, formatSize, formatTokens } from '../../../src/core/figures.ts';

describe('Figures', () => {
  it('say a span of time in the largest units that it fills, rounded before it is split', () => {
    const spans = [0, 9940, 9960, 59_400, 59_700, 61_000, 3_599_400, 3_599_600, 3_720_000];
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
    ]);
  });

  it('say a count of tokens in thousands and millions', () => {
    const counts = [950, 12_300, 999_940, 999_960, 1_200_000];
    assert.deepEqual(counts.map(formatTokens), ['950', '12.3k', '999.9k', '1M', '1.2M']);
  });

  it('say a count of bytes in the largest units that it fills', () => {
    const counts = [0, 950, 12_300, 999_400, 999_600, 2_140_000];
    assert.deepEqual(counts.map(formatSize), ['0 B', '950 B', '12 kB', '999 kB', '1.0 MB', '2.1 MB']);
  });
});
