import assert from 'node:assert/strict';
import { chooseShown, shownLimits } from '../../../../src/core/changes/shownLimits.ts';

describe('what an editor shows at once', () => {
  const sizes = (all: readonly number[]) => chooseShown(all, (size) => size);

  it('is all that fits, one beside the other', () => {
    const { characters } = shownLimits;
    assert.deepEqual(sizes([1, characters, characters - 1, 1]), {
      shown: [1, characters - 1],
      left: [characters, 1],
    });
  });

  it('is so many and no more', () => {
    const { shown, left } = sizes(Array.from({ length: shownLimits.files + 2 }, () => 0));
    assert.deepEqual([shown.length, left.length], [shownLimits.files, 2]);
  });
});
