import assert from 'node:assert/strict';
import { bestFirst, hasLetters } from '../../../src/core/prompts/completionRank.ts';

describe('what completes a word', () => {
  it('has its letters in their order, regardless of case', () => {
    assert.ok(hasLetters('Rounding of Prices', 'rop'));
    assert.ok(!hasLetters('Rounding', 'ir'));
  });

  it('comes first where its name begins so, then where it has the word, then where its folder has', () => {
    const items = [
      { label: 'scratch.ts', detail: 'a/r/t' },
      { label: 'total.ts', detail: 'src/cart' },
      { label: 'fixCart', detail: 'Mends it' },
      { label: 'Cart with signals' },
      { label: 'cart.ts', detail: 'src' },
    ];
    assert.deepEqual(
      bestFirst(items, 'cart').map(({ label }) => label),
      ['Cart with signals', 'cart.ts', 'fixCart', 'total.ts', 'scratch.ts'],
    );
    assert.deepEqual(bestFirst(items, ''), items);
  });
});
