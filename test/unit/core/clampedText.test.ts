import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { clampText, clampToEnd } from '../../../src/core/entries/clampedText.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('a text that is clamped', () => {
  it('is whole where it is short', () => {
    assert.deepEqual(clampText('cart', 4), { text: 'cart' });
    assert.deepEqual(clampToEnd('cart', 4), { text: 'cart' });
  });

  it('keeps its beginning or its end, and halves no character', () => {
    assert.deepEqual(clampText('cart.ts', 4), { text: 'cart', clamped: 7 });
    assert.deepEqual(clampToEnd('cart.ts', 3), { text: '.ts', clamped: 7, tail: true });
    assert.equal(clampText('a😀b', 2).text, 'a');
    assert.equal(clampToEnd('a😀b', 2).text, '😀b');
  });

  it('does not hold on to what was cut', () => {
    const megabyte = 1_000_000;
    const before = usedHeap();
    const kept = Array.from({ length: 20 }, (_, index) => {
      const text = String.fromCharCode(97 + index).repeat(2 * megabyte);
      return [clampText(text, 2000), clampToEnd(text, 2000)];
    });
    const taken = usedHeap() - before;
    assert.equal(kept.length, 20);
    assert.ok(taken < 5 * megabyte, `${taken} bytes`);
  });
});

function usedHeap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
