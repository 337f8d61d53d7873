import assert from 'node:assert/strict';
import { withProvedRelays } from '../../../src/core/turns/relayProof.ts';
import { type Deed, Deeds } from '../../../src/core/state/deeds.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { relayedMetadata } from '../../../src/protocol/relayed.ts';
import { aLeg, aProof, aSession } from './builders.ts';

function watch() {
  const told: Deed[] = [];
  const deeds = new Deeds((deed) => told.push(deed));
  const snapshot = (...sessions: readonly Session[]) => [
    { directory: '/work', sessions, statuses: {}, permissions: [], questions: [] },
  ];
  return { deeds, told, snapshot };
}

const lineage = (of: string, kind: 'fork' | 'handoff') =>
  withLineage(undefined, { of, kind, from: 'ses_0', time: 1 });

describe('what a person did', () => {
  it('is told once, when what came of it is there, now or since before', () => {
    const { deeds, told, snapshot } = watch();
    deeds.reset(snapshot(aSession({ id: 'ses_1', metadata: lineage('ses_1', 'handoff') })));
    assert.deepEqual(told, ['handoff']);
    const info = aSession({ id: 'ses_2', metadata: lineage('ses_2', 'fork') });
    deeds.apply({ type: 'session.created', properties: { info } });
    deeds.apply({ type: 'session.updated', properties: { info } });
    deeds.apply({ type: 'permission.replied', properties: { sessionID: 'ses_2', requestID: 'per_1' } });
    assert.deepEqual(told, ['handoff', 'fork', 'answer']);
  });

  it('is a relay that waits, and one that was sent', () => {
    const waiting = watch();
    const metadata = withProvedRelays(aProof(), aSession({ id: 'ses_1' }), {
      revision: '1',
      legs: [aLeg('msg_1')],
    });
    waiting.deeds.reset(waiting.snapshot(aSession({ id: 'ses_1', metadata })));
    assert.deepEqual(waiting.told, ['relay']);
    const sent = watch();
    const part = {
      id: 'prt_1',
      messageID: 'msg_1',
      sessionID: 'ses_1',
      type: 'text',
      text: 'Go on',
    } as const;
    sent.deeds.apply({ type: 'message.part.updated', properties: { part } });
    assert.deepEqual(sent.told, []);
    const relayed = { ...part, metadata: relayedMetadata({ id: 'ses_1' }, { hop: 1 }) };
    sent.deeds.apply({ type: 'message.part.updated', properties: { part: relayed } });
    assert.deepEqual(sent.told, ['relay']);
  });

  it('is nothing that a copy of another session says of itself', () => {
    const { deeds, told, snapshot } = watch();
    deeds.reset(snapshot(aSession({ id: 'ses_9', metadata: lineage('ses_1', 'fork') })));
    assert.deepEqual(told, []);
  });
});
