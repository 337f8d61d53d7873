import assert from 'node:assert/strict';
import { putAwayArrived } from '../../../src/commands/draft/putAwayArrived.ts';
import { unsentKey } from '../../../src/commands/session/tellSession.ts';
import { printApproaches } from '../../../src/core/continuation/drafts/approaches.ts';
import { printCompactDraft } from '../../../src/core/continuation/drafts/compactDraft.ts';
import type { DraftOrder } from '../../../src/core/continuation/drafts/draftOrder.ts';
import type { WrittenDraft } from '../../../src/core/continuation/drafts/drafts.ts';
import type { DeliveryEntry } from '../../../src/core/prompts/delivery.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import { aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aServer } from './commands.ts';
import { aWritten, someDrafts } from './drafts.ts';

const base = { sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work/parser' };
const handOff: DraftOrder = { verb: 'handOff', goal: '', form: 'short', todos: [], ...base };
const approaches = printApproaches([
  { title: 'By hand', prompt: 'Write it.' },
  { title: 'By table', prompt: 'Generate it.' },
]);

function setUp(
  written?: WrittenDraft,
  { told = 'Go on.', from = 'ses_1' }: { readonly told?: string; readonly from?: string } = {},
) {
  const kept = someDrafts(written);
  const unsent = new Map([[unsentKey('ses_2'), told]]);
  const lineage = { kind: 'fork', from, of: 'ses_2', time: 1 } as const;
  const made = aSession({ id: 'ses_2', metadata: withLineage(undefined, lineage) });
  const putAway = putAwayArrived({
    sessions: aStore([aSession({ id: 'ses_1' }), made]),
    openCode: aServer({ getMessage: () => aUserMessage('msg_1', { text: 'Go on.' }) }).openCode,
    drafts: kept.drafts,
    unsent: {
      get: (key) => unsent.get(key),
      set: (key, text) => void (text === undefined ? unsent.delete(key) : unsent.set(key, text)),
    },
    log: { debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail },
  });
  return { kept, unsent, putAway };
}

function judged(given: Partial<DeliveryEntry>): DeliveryEntry {
  return {
    messageId: 'msg_1',
    sessionId: 'ses_2',
    directory: '/work/parser',
    cause: 'handOff',
    agent: 'build',
    text: 'Go',
    time: 1,
    state: { kind: 'stored' },
    ...given,
  };
}

describe('What arrived although nobody saw it', () => {
  it('is offered no more: as a draft of a hand off, a fork, or a compaction', async () => {
    const body = 'Go on.';
    for (const [written, entry] of [
      [aWritten(handOff, { agent: 'plan', body }), {}],
      [aWritten({ verb: 'fork', ...base }, { body }), { cause: 'fork' }],
      [
        aWritten(
          { verb: 'compact', preflight: '', ...base },
          { body: printCompactDraft({ guidance: 'Keep.', message: body }) },
        ),
        { cause: 'compaction', sessionId: 'ses_1' },
      ],
    ] as const) {
      const { kept, putAway } = setUp(written);
      await putAway(judged(entry));
      assert.deepEqual(kept.removed, ['draft:1'], written.order.verb);
      assert.deepEqual(kept.opened, []);
    }
  });

  it('is taken out of the approaches that are still to begin', async () => {
    const order = { verb: 'forkMany', ...base } as const;
    const both = printApproaches([{ title: 'Again', prompt: 'Go on.' }]);
    const { kept, putAway } = setUp(aWritten(order, { agent: 'plan', body: `${both}\n\n${approaches}` }));
    await putAway(judged({ cause: 'fork' }));
    assert.deepEqual(kept.removed, ['draft:1']);
    assert.deepEqual(kept.opened, [{ order, draft: { agent: 'plan', body: approaches } }]);
    const alone = setUp(aWritten(order, { body: both }));
    await alone.putAway(judged({ cause: 'fork' }));
    assert.deepEqual([alone.kept.removed, alone.kept.opened], [['draft:1'], []]);
  });

  it('leaves what says something else, goes elsewhere, is being sent, or did not arrive', async () => {
    const same = aWritten(handOff, { body: 'Go on.' });
    const left = async (
      written: WrittenDraft,
      entry: Partial<DeliveryEntry>,
      given: { from?: string; held?: true } = {},
    ) => {
      const { kept, putAway } = setUp(written, given);
      if (given.held) kept.drafts.hold('draft:1');
      await putAway(judged(entry));
      assert.deepEqual([kept.removed, kept.opened], [[], []]);
    };
    await left(aWritten(handOff, { body: 'Go on. And test it.' }), {});
    await left(same, { cause: 'fork' });
    await left(same, { cause: 'typed' });
    await left(same, { state: { kind: 'absent', reason: 'No.' } });
    await left(same, {}, { from: 'ses_other' });
    await left(same, {}, { held: true });
    await left(aWritten({ verb: 'forkMany', ...base }, { body: approaches }), { cause: 'fork' });
    await left(aWritten({ verb: 'relay', ...base }, { body: 'Go on.' }), {});
  });

  it('stands no more in the box of what is told, unless more was typed there since', async () => {
    const { unsent, putAway } = setUp();
    await putAway(judged({ cause: 'tell' }));
    assert.deepEqual([...unsent], []);
    const changed = setUp(undefined, { told: 'Go on. And test it.' });
    await changed.putAway(judged({ cause: 'tell' }));
    assert.equal(changed.unsent.size, 1);
  });
});
