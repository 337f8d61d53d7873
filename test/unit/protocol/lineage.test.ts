import assert from 'node:assert/strict';
import { parseLineage, parseOwnLineage, withLineage } from '../../../src/protocol/lineage.ts';
import { findOrigin } from '../../../src/core/sessions/sessionKind.ts';
import type { Session } from '../../../src/protocol/records.ts';

describe('The lineage of a session', () => {
  const session: Session = { id: 'ses_2', title: 'A', directory: '/w', time: { created: 5, updated: 5 } };
  const fork = { from: 'ses_1', at: 'msg_1' };
  const ours = withLineage(undefined, { of: 'ses_2', kind: 'handoff', from: 'ses_0', time: 5 });

  it('is what the server keeps of a fork, whoever made it', () => {
    const forked = { ...session, fork };
    assert.deepEqual(parseLineage(forked), {
      of: 'ses_2',
      kind: 'fork',
      from: 'ses_1',
      at: 'msg_1',
      time: 5,
    });
    assert.deepEqual(findOrigin(forked), { kind: 'fork', from: 'ses_1' });
    assert.equal(parseOwnLineage(forked), undefined);
  });

  it('is our own word where there is one', () => {
    const marked = { ...session, fork, metadata: ours };
    assert.equal(parseLineage(marked)?.from, 'ses_0');
    assert.equal(parseOwnLineage(marked)?.from, 'ses_0');
  });

  it('is none of a subagent, which takes over what its parent has', () => {
    const child = { ...session, id: 'ses_3', parentID: 'ses_2', fork, metadata: ours };
    assert.equal(parseLineage(child), undefined);
    assert.deepEqual(findOrigin(child), { kind: 'subagent', from: 'ses_2' });
  });
});
