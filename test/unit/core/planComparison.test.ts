import assert from 'node:assert/strict';
import { planComparison, rankForComparison } from '../../../src/core/compare/planComparison.ts';
import { aSession } from './builders.ts';
import { aStore } from './stores.ts';

function derived(id: string, kind: 'fork' | 'handoff', from: string, time: number) {
  const lineage = { of: id, kind, from, time };
  return aSession({
    id,
    time: { created: time, updated: time },
    metadata: { opencodeSessions: { lineage } },
  });
}

const root = aSession({ id: 'ses_root', time: { created: 1, updated: 9 } });
const one = derived('ses_one', 'fork', 'ses_root', 2);
const two = derived('ses_two', 'fork', 'ses_root', 3);
const below = derived('ses_below', 'fork', 'ses_two', 4);
const handed = derived('ses_handed', 'handoff', 'ses_two', 5);
const other = aSession({ id: 'ses_other', time: { created: 6, updated: 20 } });
const gone = derived('ses_gone1', 'fork', 'ses_gone', 7);
const gone2 = derived('ses_gone2', 'fork', 'ses_gone', 8);
const all = [root, one, two, below, handed, other, gone, gone2];
const sessions = aStore(all);

describe('the plan of a comparison', () => {
  it('has the session that was there first on the left, and says how both belong together', () => {
    const plan = planComparison(one, root, sessions);
    assert.deepEqual([plan.left.id, plan.right.id], ['ses_root', 'ses_one']);
    assert.deepEqual(plan.relation, { kind: 'forked', ancestor: 'ses_root', forks: ['ses_one'] });
  });

  it('knows forks of one session, forks of forks, and those of a session that is gone', () => {
    const relation = (a: typeof one, b: typeof one) => planComparison(a, b, sessions).relation;
    assert.deepEqual(relation(one, two), {
      kind: 'forked',
      ancestor: 'ses_root',
      forks: ['ses_one', 'ses_two'],
    });
    assert.deepEqual(relation(below, one), {
      kind: 'forked',
      ancestor: 'ses_root',
      forks: ['ses_one', 'ses_below', 'ses_two'],
    });
    assert.deepEqual(relation(gone, gone2), {
      kind: 'forked',
      ancestor: 'ses_gone',
      forks: ['ses_gone1', 'ses_gone2'],
    });
  });

  it('takes no session that was handed on for one with the same messages', () => {
    assert.deepEqual(planComparison(handed, two, sessions).relation, { kind: 'handedOn' });
    assert.deepEqual(planComparison(handed, one, sessions).relation, { kind: 'handedOn' });
    assert.deepEqual(planComparison(other, root, sessions).relation, { kind: 'unrelated' });
  });

  it('comes to an end where sessions name each other', () => {
    const a = derived('ses_a', 'fork', 'ses_b', 2);
    const b = derived('ses_b', 'fork', 'ses_a', 3);
    const circle = aStore([a, b, other]);
    assert.equal(planComparison(a, other, circle).relation.kind, 'unrelated');
    assert.equal(planComparison(a, b, circle).relation.kind, 'forked');
  });
});

describe('the sessions that one may be compared with', () => {
  it('are those of its lineage first, the latest first, and never itself', () => {
    const ranked = rankForComparison(two, all, sessions).map(({ session }) => session.id);
    assert.deepEqual(ranked, [
      'ses_root',
      'ses_handed',
      'ses_below',
      'ses_one',
      'ses_other',
      'ses_gone2',
      'ses_gone1',
    ]);
  });
});
