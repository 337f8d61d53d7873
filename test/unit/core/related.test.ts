import assert from 'node:assert/strict';
import {
  approachesBelow,
  approachesWith,
  commonAncestor,
  isKept,
} from '../../../src/core/sessions/related.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { aSession } from './builders.ts';
import { aStore } from './stores.ts';

const a = (id: string, from: string, group?: string, archived = 0): Session =>
  aSession({
    id,
    metadata: withLineage(undefined, {
      of: id,
      kind: 'fork',
      from,
      time: 1,
      ...(group !== undefined && { group }),
    }),
    time: { created: 1, updated: 1, archived },
  });

const source = aSession({ id: 'ses_0' });

describe('sessions that belong together', () => {
  it('are the approaches that were started together, and none that was started alone or at another time', () => {
    const sessions = [
      a('ses_1', 'ses_0', 'g'),
      a('ses_2', 'ses_0', 'g'),
      a('ses_3', 'ses_0', 'h'),
      a('ses_4', 'ses_0'),
    ];
    const store = aStore([source, ...sessions]);
    const idsWith = (id: string) => approachesWith(store, store.get(id) ?? source).map((one) => one.id);
    assert.deepEqual(idsWith('ses_2'), ['ses_1', 'ses_2']);
    assert.deepEqual([idsWith('ses_4'), idsWith('ses_0')], [[], []]);
    const below = approachesBelow(store, source).map((group) => group.map(({ id }) => id).join());
    assert.deepEqual(below.toSorted(), ['ses_1,ses_2', 'ses_3']);
  });

  it('say that one was kept while all the others stand in the archive', () => {
    const [kept, other] = [a('ses_1', 'ses_0', 'g'), a('ses_2', 'ses_0', 'g', 5)];
    assert.ok(isKept(aStore([source, kept, other]), kept));
    assert.ok(!isKept(aStore([source, kept, other]), other));
    assert.ok(!isKept(aStore([source, kept, a('ses_3', 'ses_0', 'g'), other]), kept));
    // The others may never have begun.
    assert.ok(!isKept(aStore([source, kept]), kept));
  });

  it('share the nearest session that all came from, also one that is gone', () => {
    const nested = [
      a('ses_1', 'ses_0'),
      a('ses_2', 'ses_1'),
      a('ses_3', 'ses_1'),
      a('ses_4', 'ses_gone'),
      a('ses_5', 'ses_gone'),
    ];
    const store = aStore([source, ...nested]);
    const common = (...ids: readonly string[]) =>
      commonAncestor(
        store,
        ids.flatMap((id) => store.get(id) ?? []),
      );
    assert.equal(common('ses_2', 'ses_3'), 'ses_1');
    assert.equal(common('ses_2', 'ses_0'), 'ses_0');
    assert.equal(common('ses_4', 'ses_5'), 'ses_gone');
    assert.equal(common('ses_2', 'ses_4'), undefined);
  });
});
