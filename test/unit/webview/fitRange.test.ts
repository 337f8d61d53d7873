import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { fitRange } from '../../../src/webview/dom/fitRange.ts';

const fit = (sizes: readonly number[], given: { view: [number, number]; goesUp: boolean; room: number }) =>
  fitRange({ wanted: [0, sizes.length - 1], sizeOf: (index) => sizes[index] ?? 0, ...given });

describe('The rows that stand in the document', () => {
  it('are all that are wanted where there is room', () => {
    assert.deepEqual(fit([1, 1, 1, 1, 1], { view: [2, 2], goesUp: true, room: 5 }), [0, 4]);
  });

  it('come first where the reader is heading', () => {
    assert.deepEqual(fit([1, 1, 1, 1, 1], { view: [2, 2], goesUp: true, room: 3 }), [0, 2]);
    assert.deepEqual(fit([1, 1, 1, 1, 1], { view: [2, 2], goesUp: false, room: 3 }), [2, 4]);
    assert.deepEqual(fit([1, 1, 1, 1, 1], { view: [2, 2], goesUp: false, room: 4 }), [1, 4]);
  });

  it('are those in view and the next one, whatever they hold', () => {
    assert.deepEqual(fit([9, 9, 9, 9, 9], { view: [2, 3], goesUp: true, room: 1 }), [1, 3]);
    assert.deepEqual(fit([9, 9, 9, 9, 9], { view: [0, 1], goesUp: true, room: 1 }), [0, 2]);
  });

  it('hold no more than there is room for beside those', () => {
    const sizes = fc.array(fc.nat(300), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(6), fc.boolean(), fc.nat(1000), (all, at, more, goesUp, room) => {
        const start = at % all.length;
        const view: [number, number] = [start, Math.min(all.length - 1, start + more)];
        const [first, last] = fit(all, { view, goesUp, room });
        assert.ok(first >= 0 && first <= view[0] && last >= view[1] && last < all.length);
        const beyond = all.slice(first, last + 1).reduce((sum, size) => sum + size, 0);
        assert.ok(beyond <= room || last - first <= view[1] - view[0] + 1);
      }),
    );
  });
});
