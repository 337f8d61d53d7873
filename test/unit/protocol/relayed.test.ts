import assert from 'node:assert/strict';
import { toPartEntry } from '../../../src/core/entries/transcriptEntry.ts';
import { isOfAgent, parseRelayed, relayedMetadata } from '../../../src/protocol/relayed.ts';
import { Part } from '../../../src/protocol/records.ts';

const text = (sessionID: string, metadata?: Record<string, unknown>): Part =>
  Part.parse({ id: 'prt_1', messageID: 'msg_1', sessionID, type: 'text', text: 'Review it.', metadata });

describe('the mark of a relay on its text', () => {
  const metadata = relayedMetadata({ id: 'ses_1', agent: 'build' }, { hop: 2 });

  it('says from whom the turn came, in the session in which it was relayed', () => {
    assert.deepEqual(parseRelayed({ sessionID: 'ses_1', metadata }), { from: 'build' });
    assert.deepEqual(
      parseRelayed({ sessionID: 'ses_1', metadata: relayedMetadata({ id: 'ses_1' }, { hop: 1 }) }),
      {},
    );
    const entry = toPartEntry(text('ses_1', metadata));
    assert.deepEqual(entry.type === 'text' && entry.relayed, { from: 'build' });
  });

  it('says also in a fork that an agent wrote it, and of no other that it did', () => {
    const from = { session: 'ses_1', agent: 'build' };
    assert.equal(isOfAgent(text('ses_2', relayedMetadata({ id: 'ses_1' }, { hop: 1, from }))), true);
    assert.equal(isOfAgent(text('ses_1', metadata)), false);
    assert.equal(isOfAgent(text('ses_1')), false);
  });

  it('says nothing in a fork, which has a copy of it, nor of a text without it or with something else', () => {
    const entry = toPartEntry(text('ses_2', metadata));
    assert.equal(entry.type === 'text' && entry.relayed, undefined);
    for (const other of [undefined, {}, { opencodeSessions: { relayed: 'yes' } }]) {
      assert.equal(parseRelayed({ sessionID: 'ses_1', metadata: other }), undefined);
    }
  });
});
