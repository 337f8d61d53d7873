import assert from 'node:assert/strict';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { withProvedRelays } from '../../../src/core/turns/relayProof.ts';
import { addLegs, removeLeg, takeSilent } from '../../../src/core/turns/relayQueue.ts';
import { RelayRecord } from '../../../src/flows/relaying/relayRecord.ts';
import { aServer } from '../commands/commands.ts';
import { aLeg, aProof, aSession, aUserMessage } from '../core/builders.ts';

const proof = aProof();

function setUp(isSent = true) {
  let warnings = 0;
  let session = aSession({ id: 'ses_1' });
  const server = aServer({
    getSession: () => session,
    updateSession: (_, change) => (session = { ...session, ...(change as Partial<Session>) }),
    getMessage: (_, messageId) => {
      if (!isSent) throw new NotFoundProblem('There is no such message.');
      return aUserMessage(messageId);
    },
  });
  let revisions = 0;
  const record = new RelayRecord({
    openCode: server.openCode,
    makeRevision: () => `r${(revisions += 1)}`,
    proof,
    wait: () => Promise.resolve(),
    startTimer: () => ({ dispose: () => undefined }),
    log: { debug: () => undefined, info: assert.fail, warn: () => (warnings += 1), error: assert.fail },
  });
  const writeOver = (metadata: Session['metadata']): Session => (session = { ...session, metadata });
  return { record, server, writeOver, session: () => session, warned: () => warnings };
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

  it('takes no leg in that was told in another way, whoever asks for it and whatever was written since', async () => {
    const { record } = setUp(false);
    await record.wish('ses_1', addLegs([aLeg('msg_1', { silent: true }), aLeg('msg_2')]));
    await record.takeToTell('ses_1', takeSilent());
    await record.change('ses_1', removeLeg('msg_2'));
    const legs = await record.wish('ses_1', addLegs([aLeg('msg_1', { silent: true }), aLeg('msg_2')]));
    assert.deepEqual(
      legs.map(({ messageId }) => messageId),
      ['msg_2'],
    );
  });

  it('is given up where another client writes over it each time, instead of going on for ever', async () => {
    const leg = aLeg('msg_1');
    const { record, server, writeOver, warned } = setUp(false);
    await record.wish('ses_1', addLegs([leg]), [leg]);
    for (let round = 0; round < 20; round += 1) await record.heed(writeOver({ others: round }));
    assert.equal(server.calls.filter(([name]) => name === 'updateSession').length, 6);
    assert.ok(warned() > 0);
  });
});
