import assert from 'node:assert/strict';
import type { Session } from '../../../src/protocol/records.ts';
import { withProvedRelays } from '../../../src/core/turns/relayProof.ts';
import { addLegs } from '../../../src/core/turns/relayQueue.ts';
import { RelayRecord } from '../../../src/flows/relayRecord.ts';
import { aServer } from '../commands/commands.ts';
import { aLeg, aProof, aSession, aUserMessage } from '../core/builders.ts';

const proof = aProof();

function setUp() {
  let session = aSession({ id: 'ses_1' });
  const server = aServer({
    getSession: () => session,
    updateSession: (_, change) => (session = { ...session, ...(change as Partial<Session>) }),
    getMessage: (_, messageId) => aUserMessage(messageId),
  });
  let revisions = 0;
  const record = new RelayRecord({
    openCode: server.openCode,
    makeRevision: () => `r${(revisions += 1)}`,
    proof,
    wait: () => Promise.resolve(),
    startTimer: () => ({ dispose: () => undefined }),
    log: { debug: () => undefined, info: assert.fail, warn: assert.fail, error: assert.fail },
  });
  const writeOver = (metadata: Session['metadata']): Session => (session = { ...session, metadata });
  return { record, server, writeOver, session: () => session };
}

describe('The record of pending relays', () => {
  it('is read once where another wrote over it and nothing has to be written again, however often it changes', async () => {
    const leg = aLeg('msg_1');
    for (const legs of [[], undefined]) {
      const { record, server, writeOver, session } = setUp();
      await record.wish('ses_1', addLegs([leg]), [leg]);
      // Another window took the leg out: it was sent. Or another client wrote its own metadata.
      const theirs =
        legs && withProvedRelays(proof, session(), { legs, revision: 'theirs', base: undefined });
      const seen = writeOver(theirs);
      await record.heed(seen);
      const reads = server.calls.length;
      for (let change = 0; change < 3; change += 1) await record.heed(seen);
      assert.equal(server.calls.length, reads);
    }
  });
});
