import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promises } from '../../server/contract/promises.ts';
import { putPromises } from '../../server/contract/promiseTable.ts';

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');

describe('The table of what is promised on which generation', () => {
  it('is in the README as the contract suite tries it', () => {
    assert.equal(putPromises(readme, promises), readme, 'npm run contract:readme writes it anew');
    assert.ok(readme.includes(`| ${promises[0]?.name} |`));
  });

  it('says of each promise how it is kept', () => {
    const promise = { name: 'A promise', check: async () => undefined };
    const text = putPromises('Before\n<!-- contract -->\nold\n<!-- /contract -->\nAfter', [
      { ...promise, on: { first: 'server', second: 'emulated' } },
      { ...promise, on: { first: 'absent', second: 'server' } },
    ]);
    assert.deepEqual(text.split('\n').slice(3, -2), [
      '| Promised | 1.18 and 1.19 | 2.x |',
      '|---|---|---|',
      '| A promise | ✓ | emulated |',
      '| A promise | not there | ✓ |',
      '',
    ]);
    assert.throws(() => putPromises('No marks', promises), /no place/);
  });

  it('tries also what is absent: each such promise says what holds there', () => {
    const silent = promises.filter(
      ({ on, checkAbsent }) => Object.values(on).includes('absent') !== (checkAbsent !== undefined),
    );
    assert.deepEqual(
      silent.map(({ name }) => name),
      [],
    );
    assert.equal(new Set(promises.map(({ name }) => name)).size, promises.length);
  });
});
