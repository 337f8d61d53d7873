import assert from 'node:assert/strict';
import { instanceOf, leave, standIn, standingCopy } from '../../../src/companion/copies.ts';

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

  it('know each other by their folder where the server hands each an object of its own', () => {
    const instance = instanceOf('/work/one');
    assert.equal(instanceOf('/work/one'), instance);
    assert.notEqual(instanceOf('/work/two'), instance);
  });

  it('have the one that acts do what a retired one is still called for, until it leaves', () => {
    const instance = {};
    const [first, second] = ['0.1.0', '0.2.0'].map((version) => ({ version, retire: () => undefined }));
    assert.ok(first && second);
    assert.ok(standIn(instance, first));
    assert.ok(standIn(instance, second));
    leave(instance, first);
    assert.equal(standingCopy(instance), second);
    leave(instance, second);
    assert.equal(standingCopy(instance), undefined);
  });
});
