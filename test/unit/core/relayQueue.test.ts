import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  addLegs,
  cancelLegs,
  checkHops,
  claimLeg,
  collecting,
  editLeg,
  holdAll,
  isSending,
  moveLeg,
  nextLeg,
  type RelayEdit,
  releaseLegs,
  removeLeg,
  stopAll,
  takenOut,
  takeSilent,
  unclaimLeg,
} from '../../../src/core/turns/relayQueue.ts';
import { parsePendingRelays, type RelayLeg, withPendingRelays } from '../../../src/protocol/pending.ts';
import { aLeg } from './builders.ts';

const ids = ['m1', 'm2', 'm3', 'm4'];
const anId = fc.constantFrom(...ids);

/** Any edit that a person or a window may make, twice in a row too. */
const anEdit: fc.Arbitrary<RelayEdit> = fc.oneof(
  anId.map((id) => addLegs([aLeg(id)])),
  fc.tuple(anId, fc.string()).map(([id, text]) => editLeg(id, { text })),
  fc.tuple(anId, fc.option(anId, { nil: undefined })).map(([id, before]) => moveLeg(id, before)),
  anId.map((id) => cancelLegs(new Set([id]))),
  anId.map((id) => claimLeg(id, 'window', 1)),
  anId.map((id) => unclaimLeg(id)),
  fc.constant(stopAll()),
  fc.constant(holdAll('because')),
  fc.constant(releaseLegs([aLeg('m1'), aLeg('m2')], 'msg_9')),
);

describe('the queue of relays', () => {
  it('holds each leg once and claims only the first, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(anEdit, { maxLength: 30, size: 'max' }), (edits) => {
        let legs: readonly RelayLeg[] = [];
        for (const edit of edits) {
          legs = edit(legs);
          assert.equal(new Set(legs.map(({ messageId }) => messageId)).size, legs.length);
          assert.ok(legs.filter(isSending).length <= 1);
          assert.ok(legs.slice(1).every((leg) => !isSending(leg)));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('gives no leg to a second window, and none that is held to anybody', () => {
    fc.assert(
      fc.property(fc.array(anEdit, { maxLength: 20, size: 'max' }), anId, (edits, id) => {
        const legs = edits.reduce<readonly RelayLeg[]>((before, each) => each(before), []);
        const claimed = claimLeg(id, 'another window', 2)(legs);
        for (const [index, leg] of legs.entries()) {
          if (leg.state.kind !== 'waiting') assert.deepEqual(claimed[index], leg);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('comes to the same when an edit is applied again after another window wrote', () => {
    fc.assert(
      fc.property(fc.array(anEdit, { maxLength: 10 }), anEdit, (edits, edit) => {
        const legs = edits.reduce<readonly RelayLeg[]>((before, each) => each(before), []);
        assert.deepEqual(edit(edit(legs)), edit(legs));
      }),
    );
  });

  it('fires every leg exactly once and in order, however often it is claimed, given back and claimed again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('claim', 'unclaim', 'send', 'sendAgain'), { maxLength: 60 }),
        (acts) => {
          let legs: readonly RelayLeg[] = ids.map((id) => aLeg(id));
          const stored: string[] = [];
          const send = (id: string): void => {
            // The server keeps one message for each id, however often it is sent.
            if (!stored.includes(id)) stored.push(id);
            legs = removeLeg(id)(legs);
          };
          for (const act of acts) {
            const first = legs[0];
            if (first === undefined) break;
            if (act === 'claim') legs = claimLeg(nextLeg(legs)?.messageId ?? '', 'window', 1)(legs);
            else if (act === 'unclaim') legs = unclaimLeg(first.messageId)(legs);
            else if (isSending(first)) send(first.messageId);
          }
          assert.deepEqual(stored, ids.slice(0, stored.length));
          assert.deepEqual([...stored, ...legs.map(({ messageId }) => messageId)], ids);
        },
      ),
    );
  });

  it('leaves what is being sent first, and as it is', () => {
    const legs = claimLeg('m1', 'window', 1)(ids.map((id) => aLeg(id)));
    assert.equal(moveLeg('m3', 'm1')(legs)[0]?.messageId, 'm1');
    assert.equal(moveLeg('m3', 'm1')(legs)[1]?.messageId, 'm3');
    assert.deepEqual(editLeg('m1', { text: 'other' })(legs), legs);
    assert.deepEqual(stopAll()(legs), legs.slice(0, 1));
  });

  it('lets nothing pass a held leg', () => {
    assert.equal(nextLeg(holdAll('because')([aLeg('m1'), aLeg('m2')])), undefined);
    const held = holdAll('because')([aLeg('m1', { behind: true }), aLeg('m2', { behind: true })]);
    const released = releaseLegs(held, 'msg_9')(held);
    assert.equal(nextLeg(released)?.after, 'msg_9');
    assert.deepEqual(
      released.map(({ behind }) => behind),
      [false, true],
      'a run that was cut off concerns the first no longer',
    );
  });

  it('refuses a chain that is too long with a sentence', () => {
    assert.throws(() => checkHops([aLeg('m1', { hop: 9 })], 8), /9 legs, and 8 are allowed/);
    checkHops([aLeg('m1', { hop: 8 })], 8);
  });
});

describe('pending relays in the metadata of a session', () => {
  const relays = { session: 'ses_1', revision: 'r1', legs: [aLeg('m1')] };

  it('are read back as they were written, beside what others keep there', () => {
    const metadata = withPendingRelays({ theirs: 1, opencodeSessions: { lineage: 'kept' } }, relays);
    assert.deepEqual(parsePendingRelays({ id: 'ses_1', metadata }), relays);
    assert.equal(metadata['theirs'], 1);
    assert.deepEqual((metadata['opencodeSessions'] as Record<string, unknown>)['lineage'], 'kept');
  });

  it('are not those of a fork that inherited them', () => {
    assert.equal(parsePendingRelays({ id: 'ses_2', metadata: withPendingRelays({}, relays) }), undefined);
  });

  it('survive a leg that cannot be read', () => {
    const metadata = {
      opencodeSessions: { relays: { ...relays, legs: [{ from: 'the future' }, aLeg('m1')] } },
    };
    assert.deepEqual(parsePendingRelays({ id: 'ses_1', metadata })?.legs, [aLeg('m1')]);
  });

  it('are none where the metadata is something else', () => {
    assert.equal(parsePendingRelays({ id: 'ses_1', metadata: { opencodeSessions: 'text' } }), undefined);
    assert.equal(parsePendingRelays({ id: 'ses_1' }), undefined);
  });
});

describe('legs that are only told, and legs that await another session', () => {
  const told = (id: string) => ({ ...aLeg(id), silent: true as const });
  const awaiting = (id: string) => ({ ...aLeg(id), awaits: { session: 'ses_2', messageId: 'm' } });

  it('are told also behind a held one, and stay where all others are held', () => {
    const legs = holdAll('because')([aLeg('m1'), told('m2')]);
    assert.equal(nextLeg(legs)?.messageId, 'm2');
    assert.deepEqual(
      claimLeg('m2', 'window', 1)(legs).map(({ messageId, state }) => [messageId, state.kind]),
      [
        ['m2', 'sending'],
        ['m1', 'held'],
      ],
    );
  });

  it('let those behind them pass until what they await is there', () => {
    const legs = [awaiting('m1'), aLeg('m2')];
    assert.equal(nextLeg(legs, ({ awaits }) => awaits === undefined)?.messageId, 'm2');
    assert.equal(nextLeg(legs)?.messageId, 'm1');
    const claimed = claimLeg('m2', 'window', 1)(legs);
    assert.deepEqual(
      claimed.map(({ messageId }) => messageId),
      ['m2', 'm1'],
    );
    assert.equal(nextLeg(claimed), undefined, 'one is being sent');
  });

  it('are taken out by whoever tells them in another way, and nothing else is', () => {
    const legs = claimLeg('m1', 'window', 1)([told('m1'), told('m2'), aLeg('m3')]);
    const left = takeSilent()(legs);
    assert.deepEqual(
      left.map(({ messageId }) => messageId),
      ['m1', 'm3'],
    );
    assert.deepEqual(
      takenOut(legs, left).map(({ messageId }) => messageId),
      ['m2'],
    );
  });

  it('are told of as taken once, however often the edit is applied', () => {
    const { edit, taken } = collecting(takeSilent());
    edit([told('m1'), told('m2'), aLeg('m3')]);
    // Another window wrote over it.
    edit([told('m1'), aLeg('m3')]);
    edit([aLeg('m3')]);
    assert.deepEqual(
      taken().map(({ messageId }) => messageId),
      ['m1', 'm2'],
    );
  });
});
