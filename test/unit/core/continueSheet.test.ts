import assert from 'node:assert/strict';
import { continueSheet } from '../../../src/core/rows/continueSheet.ts';

const all = ['relay', 'fork', 'forkMany', 'handOff', 'compact'];
const context = (used: number) => ({ used, limit: 100_000 });

describe('the ways in which a session can go on', () => {
  it('are all offered, each once, with what they keep', () => {
    const sheet = continueSheet({ context: context(12_300), openTodos: undefined });
    assert.deepEqual(sheet.map(({ value }) => value).toSorted(), all.toSorted());
    assert.ok(sheet.every(({ detail = '' }) => detail !== ''));
    assert.equal(new Set(sheet.map(({ icon }) => icon)).size, all.length);
  });

  it('begin with the one that suits the session', () => {
    const first = (used: number, openTodos?: number) =>
      continueSheet({ context: context(used), openTodos })[0]?.value;
    assert.equal(first(79_999), 'relay');
    assert.equal(first(80_000), 'handOff');
    assert.equal(first(80_000, 0), 'handOff');
    assert.equal(first(80_000, 2), 'compact');
    assert.equal(first(10_000, 2), 'relay');
    assert.equal(continueSheet({ context: undefined, openTodos: 2 })[0]?.value, 'relay');
    assert.equal(continueSheet({ context: { used: 9, limit: undefined }, openTodos: 2 })[0]?.value, 'relay');
  });

  it('say why one is suggested, and stand apart from it otherwise', () => {
    const groups = ['Suggested', ...all.slice(1).map(() => 'Other ways to go on')];
    const first = (used: number, openTodos: number) => {
      const sheet = continueSheet({ context: context(used), openTodos });
      assert.deepEqual(
        sheet.map(({ group }) => group),
        groups,
      );
      return sheet[0]?.description;
    };
    assert.equal(first(88_000, 0), 'a few hundred tokens · 88% of the context is used');
    assert.match(first(88_000, 1) ?? '', / · 88% of the context is used, 1 todo is left$/);
    assert.equal(first(10_000, 0), '10k tokens');
  });

  it('say how much they take along, where that is known', () => {
    const sizes = (used: number | undefined) =>
      Object.fromEntries(
        continueSheet({ context: used === undefined ? undefined : context(used), openTodos: 0 }).map(
          ({ value, description }) => [value, description],
        ),
      );
    const known = sizes(12_300);
    assert.deepEqual([known['relay'], known['fork']], ['12.3k tokens', '12.3k tokens']);
    assert.equal(known['forkMany'], '12.3k tokens each');
    assert.equal(sizes(undefined)['fork'], undefined);
    assert.equal(known['compact'], 'a summary and up to 12.3k tokens');
    assert.equal(sizes(undefined)['compact'], undefined);
  });
});
