import assert from 'node:assert/strict';
import { judgeGrowth } from '../../soak/growth.ts';
import type { Lap } from '../../soak/soak.ts';

const laps = (memoryAt: (number: number) => number): Lap[] =>
  Array.from({ length: 21 }, (_, number) => ({ number, seconds: 1, memory: memoryAt(number), handles: 40 }));

const grows = (memoryAt: (number: number) => number): boolean =>
  judgeGrowth(laps(memoryAt)).some(({ isMet }) => !isMet);

describe('What a soak says of the server’s process', () => {
  it('is that it grows where each lap leaves as much behind as the one before', () => {
    assert.equal(
      grows((lap) => 400 + 15 * lap),
      true,
    );
  });

  it('is nothing where it has what it needs once it is warm, however that goes up and down', () => {
    assert.equal(
      grows((lap) => Math.min(200 + 40 * lap, 440) + (lap % 2) * 60),
      false,
    );
    assert.equal(
      grows(() => Number.NaN),
      false,
    );
  });
});
