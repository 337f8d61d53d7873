import assert from 'node:assert/strict';
import { findOrigin } from '../../../src/core/sessions/sessionKind.ts';
import { provedScratch } from '../../../src/core/sessions/scratch.ts';
import { describeOrigin, rowContext, rowLabel } from '../../../src/core/sessions/sessionRow.ts';
import { buildSessionHeader } from '../../../src/core/page/sessionHeader.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import { withPendingRelays } from '../../../src/protocol/pending.ts';
import { aProof, aSession } from './builders.ts';
import { aStore } from './stores.ts';

const created = 1_795_000_000_000;
const root = { kind: 'root', from: undefined };

function aCopy(id: string, metadata: Record<string, unknown>, after = 0) {
  const time = created + after;
  return aSession({ id, metadata, time: { created: time, updated: time } });
}

describe('where a session came from', () => {
  const handOff = withLineage(undefined, {
    of: 'ses_next',
    kind: 'handoff',
    from: 'ses_top',
    time: created,
  });

  it('is what its own lineage says', () => {
    assert.deepEqual(findOrigin(aCopy('ses_next', handOff)), { kind: 'handoff', from: 'ses_top' });
  });

  it('is, for a copy of another client, the session whose lineage it copied, and a fork of that one', () => {
    assert.deepEqual(findOrigin(aCopy('ses_copy', handOff)), {
      kind: 'fork',
      from: 'ses_next',
      inferred: 'metadata',
    });
  });

  it('is told by the pending relays that were copied as well', () => {
    const metadata = withPendingRelays({}, { session: 'ses_source', revision: 'r', legs: [] });
    assert.deepEqual(findOrigin(aCopy('ses_copy', metadata)), {
      kind: 'fork',
      from: 'ses_source',
      inferred: 'metadata',
    });
    assert.deepEqual(findOrigin(aCopy('ses_source', metadata)), root);
  });

  it('is, for a fork of a throw-away session, what that one came from', () => {
    const metadata = provedScratch(aProof(), 'ses_scratch', { from: 'ses_source', time: created });
    assert.deepEqual(findOrigin(aCopy('ses_copy', metadata)), {
      kind: 'fork',
      from: 'ses_source',
      inferred: 'metadata',
    });
  });

  it('is believed without a name only near the moment in which it was written', () => {
    const unnamed = withLineage(undefined, { kind: 'fork', from: 'ses_top', time: created });
    assert.deepEqual(findOrigin(aCopy('ses_fork', unnamed)), { kind: 'fork', from: 'ses_top' });
    assert.deepEqual(findOrigin(aCopy('ses_copy', unnamed, 3_600_000)), root);
  });

  it('is shown as inferred where it is, and nothing is offered because of it', () => {
    const sessions = aStore([
      aSession({ id: 'ses_top', title: 'Parser' }),
      aCopy('ses_next', handOff),
      aCopy('ses_copy', handOff),
    ]);
    const copy = sessions.get('ses_copy');
    assert.ok(copy);
    const facts = {
      session: copy,
      title: sessions.title(copy),
      origin: sessions.origin(copy),
      state: { kind: 'idle' as const },
      cost: 0,
      context: undefined,
      sourceTitle: 'Handoff: Parser',
      now: created,
    };
    assert.equal(describeOrigin(facts), 'fork of “Handoff: Parser”, inferred from what it copied');
    assert.match(rowLabel(facts), /fork, inferred/);
    assert.doesNotMatch(rowContext(facts, false), /handoff|fork/);
    const sources = {
      sessions,
      ends: { of: () => undefined, ranHere: () => false, worksElsewhere: () => false },
      attention: { of: () => [] },
      waits: { of: () => [] },
      todos: [],
      context: undefined,
      latestPrompt: undefined,
      isEmpty: false,
      compacting: false,
    };
    assert.equal(buildSessionHeader(copy, sources).from?.inferred, 'inferred from what it copied');
  });

  it('is taken in when somebody finds it out, and gives way to what the session says itself', () => {
    const sessions = aStore([aSession({ id: 'ses_top' }), aSession({ id: 'ses_fork' })]);
    sessions.infer(new Map([['ses_fork', { kind: 'fork', from: 'ses_top', inferred: 'messages' }]]));
    assert.deepEqual(
      sessions.derivedFrom('ses_top').map(({ id }) => id),
      ['ses_fork'],
    );
    const info = aCopy('ses_fork', withLineage({}, { of: 'ses_fork', kind: 'fork', from: 'ses_2', time: 1 }));
    sessions.apply({ type: 'session.updated', properties: { info } });
    assert.deepEqual(sessions.origin(info), { kind: 'fork', from: 'ses_2' });
    assert.deepEqual(sessions.derivedFrom('ses_top'), []);
  });
});
