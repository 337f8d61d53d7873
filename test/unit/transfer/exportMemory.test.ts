import assert from 'node:assert/strict';
import { measureExport } from '../../bench/measureExport.ts';

describe('an export of a long session', function () {
  this.timeout(300_000);

  it('holds no more of it than a page', async () => {
    const { size, growth } = await measureExport('html', 4000);
    assert.ok(size > 8e6, 'all of it was written');
    // As a whole it is larger than that, several times over.
    assert.ok(growth < 8e6, `${Math.round(growth / 1e6)} MB`);
  });
});
