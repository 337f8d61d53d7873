import assert from 'node:assert/strict';
import { standIn } from '../../../src/companion/copies.ts';

describe('Two copies of the companion in one instance', () => {
  /** Which of the copies act, in the order in which they were loaded, after all of them were. */
  const acting = (instance: object, versions: readonly string[]): string[] => {
    const retired = new Set<number>();
    const stand = versions.map((version, at) =>
      standIn(instance, { version, retire: () => void retired.add(at) }),
    );
    return versions.filter((_, at) => stand[at] === true && !retired.has(at));
  };

  it('leave one that acts: the newest', () => {
    assert.deepEqual(acting({}, ['0.1.0', '0.2.0']), ['0.2.0']);
    assert.deepEqual(acting({}, ['0.10.0', '0.9.9']), ['0.10.0']);
    assert.deepEqual(acting({}, ['1.0.0', '3.0.0', '2.0.0']), ['3.0.0']);
  });

  it('leave the last of equal ones, which has the settings of its person', () => {
    const instance = {};
    let hasRetired = false;
    assert.ok(standIn(instance, { version: '0.1.0', retire: () => void (hasRetired = true) }));
    assert.ok(standIn(instance, { version: '0.1.0', retire: () => assert.fail('the last one retires') }));
    assert.ok(hasRetired);
  });

  it('know nothing of those of another instance, also of one that ended', () => {
    assert.deepEqual(acting({}, ['9.0.0']), ['9.0.0']);
    assert.deepEqual(acting({}, ['0.1.0']), ['0.1.0']);
  });
});
