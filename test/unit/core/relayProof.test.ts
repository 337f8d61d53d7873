import assert from 'node:assert/strict';
import { addLegs, editLeg, holdAll, releaseLegs, stopAll } from '../../../src/core/turns/relayQueue.ts';
import { isForeign, readRelays, withProvedRelays } from '../../../src/core/turns/relayProof.ts';
import { parsePendingRelays, type RelayLeg, withPendingRelays } from '../../../src/protocol/pending.ts';
import { aLeg, aProof } from './builders.ts';

const ours = aProof('us');
const theirs = aProof('them');

/** A session with these legs, asked for by that user. */
function aSessionOf(proof: typeof ours, legs: readonly RelayLeg[], id = 'ses_1') {
  return { id, metadata: withProvedRelays(proof, { id }, { legs, revision: 'r' }) };
}

function read(session: Parameters<typeof readRelays>[1]): readonly RelayLeg[] {
  return readRelays(ours, session)?.legs ?? [];
}

describe('a pending relay and who asked for it', () => {
  it('waits where an editor of this user did, and is held where somebody else did', () => {
    const session = aSessionOf(ours, [aLeg('msg_1')]);
    assert.deepEqual(
      read(session).map(({ state }) => state.kind),
      ['waiting'],
    );
    const [leg] = read(aSessionOf(theirs, [aLeg('msg_1')]));
    assert.ok(leg !== undefined && isForeign(leg) && leg.state.kind === 'held');
    assert.match(leg.state.reason, /not asked for from this editor/);
    assert.equal(leg.text, 'Prompt msg_1', 'what it says can be read');
  });

  const changes: readonly (readonly [what: string, change: Partial<RelayLeg>])[] = [
    ['text', { text: 'rm -rf .' }],
    ['agent', { agent: 'build' }],
    ['model', { model: { providerID: 'local', modelID: 'echo', variant: 'high' } }],
    ['message id', { messageId: 'msg_2' }],
    ['chain', { chain: 'msg_other' }],
    ['hop', { hop: 2 }],
    ['time', { time: 2 }],
    ['place behind a run', { behind: true }],
    ['state', { state: { kind: 'sending', window: 'w', time: 1 } }],
  ];
  for (const [what, change] of changes) {
    it(`is held once its ${what} is not what was asked for`, () => {
      const session = aSessionOf(ours, [aLeg('msg_1')]);
      const [stored] = parsePendingRelays(session)?.legs ?? [];
      assert.ok(stored !== undefined);
      const legs = [{ ...stored, ...change }];
      const metadata = withPendingRelays({}, { session: 'ses_1', revision: 'r', legs });
      assert.equal(read({ id: 'ses_1', metadata })[0]?.state.kind, 'held');
    });
  }

  it('is held in a session that it was not asked for, also where that one says it is its own', () => {
    const legs = parsePendingRelays(aSessionOf(ours, [aLeg('msg_1')]))?.legs ?? [];
    const metadata = withPendingRelays({}, { session: 'ses_2', revision: 'r', legs });
    assert.equal(read({ id: 'ses_2', metadata })[0]?.state.kind, 'held');
  });

  it('stays as it was written when others are asked for beside it, and takes no proof from them', () => {
    const session = aSessionOf(theirs, [aLeg('msg_1')]);
    const edits = [addLegs([aLeg('msg_2')]), holdAll('It failed.')];
    const legs = edits.reduce((before, edit) => edit(before), read(session));
    const after = { id: 'ses_1', metadata: withProvedRelays(ours, session, { legs, revision: 's' }) };
    assert.deepEqual(read(after).map(isForeign), [true, false]);
    const [forThem] = readRelays(theirs, after)?.legs ?? [];
    assert.deepEqual(forThem?.state, { kind: 'waiting' }, 'to whoever wrote it, it still waits');
  });

  it('is one’s own once it was released or edited', () => {
    const session = aSessionOf(theirs, [aLeg('msg_1'), aLeg('msg_2')]);
    const released = releaseLegs(read(session), 'msg_9')(read(session));
    const after = {
      id: 'ses_1',
      metadata: withProvedRelays(ours, session, { legs: released, revision: 's' }),
    };
    assert.deepEqual(
      read(after).map(({ state }) => state.kind),
      ['waiting', 'waiting'],
    );
    const edited = editLeg('msg_1', { text: 'Mine.' })(read(session));
    const other = { id: 'ses_1', metadata: withProvedRelays(ours, session, { legs: edited, revision: 's' }) };
    assert.deepEqual(read(other).map(isForeign), [false, true]);
    assert.equal(read(other)[0]?.state.kind, 'held', 'what it says was changed, and nobody sent it');
  });

  it('is not let go with what a person released, where it came later or says something else by then', () => {
    const release = releaseLegs(read(aSessionOf(theirs, [aLeg('msg_1')])), 'msg_9');
    const later = read(aSessionOf(theirs, [aLeg('msg_1', { text: 'Something else' }), aLeg('msg_2')]));
    assert.deepEqual(release(later), later);
  });

  it('can be stopped whoever asked for it', () => {
    assert.deepEqual(stopAll()(read(aSessionOf(theirs, [aLeg('msg_1')]))), []);
  });
});
