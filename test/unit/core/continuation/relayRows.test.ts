import assert from 'node:assert/strict';
import { findOrigin } from '../../../../src/core/sessions/sessionKind.ts';
import { SessionTree } from '../../../../src/core/rows/sessionTree.ts';
import { withPendingRelays } from '../../../../src/protocol/pending.ts';
import { provedScratch } from '../../../../src/core/sessions/scratch.ts';
import type { Session } from '../../../../src/protocol/records.ts';
import { aLeg, aProof, aSession } from '../builders.ts';

function aTree(sessions: readonly Session[]): SessionTree {
  return new SessionTree({
    sessions,
    directories: ['/work/parser'],
    originOf: findOrigin,
    proof: aProof(),
  });
}

describe('pending relays in the session tree', () => {
  const relays = { session: 'ses_1', revision: 'a', legs: [aLeg('msg_1'), aLeg('msg_2')] };

  it('stand below their session in the order in which they are sent', () => {
    const tree = aTree([aSession({ id: 'ses_1', metadata: withPendingRelays(undefined, relays) })]);
    const [root] = tree.roots;
    assert.ok(root);
    assert.deepEqual(tree.children(root), [
      { kind: 'relay', sessionId: 'ses_1', relayId: 'msg_1' },
      { kind: 'relay', sessionId: 'ses_1', relayId: 'msg_2' },
    ]);
  });

  it('are not those that a fork inherited', () => {
    const tree = aTree([aSession({ id: 'ses_2', metadata: withPendingRelays(undefined, relays) })]);
    const [root] = tree.roots;
    assert.ok(root);
    assert.deepEqual(tree.children(root), []);
  });

  it('leave out sessions that are thrown away again', () => {
    const metadata = provedScratch(aProof(), 'ses_3', { from: 'ses_1', time: 1 });
    assert.deepEqual(aTree([aSession({ id: 'ses_3', metadata })]).roots, []);
  });

  it('show a copy of one that is thrown away, and one of which only a stranger says so', () => {
    const ofAnother = provedScratch(aProof(), 'ses_3', { from: 'ses_1', time: 1 });
    const strangers = provedScratch(aProof('a stranger'), 'ses_5', { from: 'ses_1', time: 1 });
    const sessions = [
      aSession({ id: 'ses_4', metadata: ofAnother }),
      aSession({ id: 'ses_5', metadata: strangers }),
    ];
    assert.equal(aTree(sessions).size, 2);
  });
});
