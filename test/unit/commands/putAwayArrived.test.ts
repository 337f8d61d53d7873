import assert from 'node:assert/strict';
import { findingsText } from '../../../src/core/prompts/sentByAgent.ts';
import { putAwayArrived } from '../../../src/commands/draft/putAwayArrived.ts';
import { unsentKey } from '../../../src/commands/session/tellSession.ts';
import { printApproaches } from '../../../src/core/continuation/drafts/approaches.ts';
import { printChain } from '../../../src/core/continuation/drafts/relayChain.ts';
import { printCompactDraft } from '../../../src/core/continuation/drafts/compactDraft.ts';
import type { DraftOrder } from '../../../src/core/continuation/drafts/draftOrder.ts';
import { expandTodos, goingTodos } from '../../../src/core/continuation/drafts/goingTodos.ts';
import type { WrittenDraft } from '../../../src/core/continuation/drafts/drafts.ts';
import type { DeliveryEntry } from '../../../src/core/prompts/delivery.ts';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { RelayLeg } from '../../../src/protocol/pending.ts';
import { aLeg, aSession, aTodo, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aServer } from './commands.ts';
import { aWritten, someDrafts } from './drafts.ts';

const base = { sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work/parser' };
const handOff: DraftOrder = { verb: 'handOff', goal: '', form: 'short', todos: [], ...base };
const approaches = printApproaches([
  { title: 'By hand', prompt: 'Write it.' },
  { title: 'By table', prompt: 'Generate it.' },
]);

interface Given {
  readonly told?: string;
  readonly from?: string;
  /** What was sent before. */
  readonly entries?: readonly Partial<DeliveryEntry>[];
  readonly legs?: readonly RelayLeg[];
  /** What is said of what was begun with. */
  readonly left?: readonly string[];
}

/** What the server has of messages that say something else than “Go on.”. */
const going = goingTodos([aTodo('Read strings')]);
assert.ok(going);
const withTodos = `${going.line}\n\nGo on.`;
const texts: Readonly<Record<string, string>> = {
  msg_hand: 'Write it.',
  msg_table: 'Generate it.',
  msg_todos: expandTodos(withTodos, going),
  msg_found: findingsText({ text: 'Tables win.' }, { id: 'ses_2', title: 'Parser fork' }, { id: 'ses_1' }),
};

function setUp(
  written?: WrittenDraft,
  { told = 'Go on.', from = 'ses_1', entries = [], legs = [], left = [] }: Given = {},
) {
  const kept = someDrafts(written);
  const unsent = new Map([[unsentKey('ses_2'), told]]);
  const lineage = { kind: 'fork', from, of: 'ses_2', time: 1 } as const;
  const made = aSession({ id: 'ses_2', metadata: withLineage(undefined, lineage) });
  const { judged: putAway, cutOff } = putAwayArrived({
    sessions: aStore([aSession({ id: 'ses_1' }), made]),
    openCode: aServer({
      getMessage: (_, messageId) => {
        if (messageId === 'msg_gone') throw new NotFoundProblem('It is gone.');
        return aUserMessage(messageId, { text: texts[messageId] ?? 'Go on.' });
      },
    }).openCode,
    deliveries: { all: () => entries.map(judged) },
    pending: (sessionId) => (sessionId === 'ses_1' ? legs : []),
    drafts: kept.drafts,
    left: () => left,
    unsent: {
      get: (key) => unsent.get(key),
      set: (key, text) => void (text === undefined ? unsent.delete(key) : unsent.set(key, text)),
    },
    log: { debug: () => undefined, info: assert.fail, warn: assert.fail, error: assert.fail },
  });
  return { kept, unsent, putAway, cutOff };
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
      [aWritten(handOff, { agent: 'build', body }), {}],
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

  it('is offered no more as a brief: by the folder where it began a session, else by its session as a relay', async () => {
    const directory = '/work/parser';
    const fresh: DraftOrder = { verb: 'brief', ...base, sessionId: '' };
    const gone = setUp(aWritten(fresh, { body: 'Go on.' }));
    await gone.putAway(judged({ cause: 'brief', directory }));
    assert.deepEqual(gone.kept.removed, ['draft:1']);
    const other = setUp(aWritten({ ...fresh, directory: '/work/lexer' }, { body: 'Go on.' }));
    await other.putAway(judged({ cause: 'brief', directory }));
    assert.deepEqual(other.kept.removed, [], 'the same words for another folder are another brief');
    const waiting = setUp(aWritten({ ...fresh, sessionId: 'ses_1' }, { body: 'Go on.' }, { cutOff: 5 }), {
      legs: [{ ...aLeg('msg_9'), text: 'Go on.', time: 7 }],
    });
    await waiting.cutOff();
    assert.deepEqual(waiting.kept.removed, ['draft:1']);
  });

  it('is known by what was sent of it, where a line of the draft stands for the todos that went along', async () => {
    const { kept, putAway } = setUp(aWritten({ verb: 'fork', ...base, going }, { body: withTodos }));
    await putAway(judged({ cause: 'fork', messageId: 'msg_todos' }));
    assert.deepEqual(kept.removed, ['draft:1']);
  });

  it('is known also behind the words that say which fork found it out', async () => {
    const order = { verb: 'bringBack', ...base, forkId: 'ses_2', forkTitle: 'Parser fork' } as const;
    const entry = { cause: 'tell', sessionId: 'ses_1', messageId: 'msg_found' } as const;
    const { kept, putAway } = setUp(aWritten(order, { body: 'Tables win.' }));
    await putAway(judged(entry));
    assert.deepEqual([kept.removed, kept.opened], [['draft:1'], []]);
    const other = setUp(aWritten(order, { body: 'Lists win.' }));
    await other.putAway(judged(entry));
    assert.deepEqual(other.kept.removed, []);
    const cut = setUp(aWritten(order, { body: 'Tables win.' }, { cutOff: 5 }), {
      entries: [{ ...entry, time: 6 }],
    });
    await cut.cutOff();
    assert.deepEqual([cut.kept.removed, cut.kept.marked], [['draft:1'], []]);
  });

  it('is taken out of the approaches that are still to begin', async () => {
    const order = { verb: 'forkMany', ...base } as const;
    const both = printApproaches([{ title: 'Again', prompt: 'Go on.' }]);
    const { kept, putAway } = setUp(aWritten(order, { agent: 'build', body: `${both}\n\n${approaches}` }));
    await putAway(judged({ cause: 'fork' }));
    assert.deepEqual(kept.removed, ['draft:1']);
    assert.deepEqual(kept.opened, [
      { order, draft: { agent: 'build', body: approaches }, hasOwnWords: true },
    ]);
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

  it('is taken out of a draft whose window ended while it was sent, also what was known to be there before that', async () => {
    const order = { verb: 'forkMany', ...base } as const;
    const sent = [
      { cause: 'fork', messageId: 'msg_hand', time: 6 },
      { cause: 'fork', messageId: 'msg_table', time: 7, state: { kind: 'unknown' } },
    ] as const;
    const left = ['“Parser (fork #1)” was made, but its prompt did not arrive.'];
    const cut = aWritten(order, { body: approaches }, { cutOff: 5 });
    const { kept, cutOff } = setUp(cut, { entries: sent, left });
    await cutOff();
    assert.deepEqual([kept.removed, kept.marked], [['draft:1'], left]);
    const rest = printApproaches([{ title: 'By table', prompt: 'Generate it.' }]);
    assert.deepEqual(kept.opened, [{ order, draft: { body: rest }, hasOwnWords: true }]);

    const both = [sent[0], { ...sent[1], state: { kind: 'ended', how: 'answered' } }] as const;
    const whole = setUp(aWritten(order, { body: approaches }, { cutOff: 5 }), { entries: both, left });
    await whole.cutOff();
    const { removed, opened, marked } = whole.kept;
    assert.deepEqual([removed, opened, marked], [['draft:1'], [], []]);
  });

  it('is taken out of a relay whose window ended, pending or sent, and out of a chain with its first leg', async () => {
    const chain = printChain([
      { agent: 'plan', prompt: 'Go on.' },
      { agent: 'build', prompt: 'Build it.' },
    ]);
    const first = aLeg('msg_1', { text: 'Go on.', time: 6 });
    const second = aLeg('msg_2', { agent: 'build', text: 'Build it.', time: 6 });
    const entry = { cause: 'relay', sessionId: 'ses_1', agent: 'plan', time: 6 } as const;
    const relay = aWritten({ verb: 'relay', ...base }, { agent: 'plan', body: 'Go on.' }, { cutOff: 5 });
    const chained = aWritten({ verb: 'chain', ...base }, { body: chain }, { cutOff: 5 });
    for (const [written, given] of [
      [relay, { legs: [first] }],
      [relay, { entries: [entry] }],
      [chained, { legs: [first, second] }],
      [chained, { entries: [entry], legs: [second] }],
    ] as const) {
      const { kept, cutOff } = setUp(written, given);
      await cutOff();
      assert.deepEqual([kept.removed, kept.opened], [['draft:1'], []], written.order.verb);
    }
    // The same words were relayed by hand, or to somebody else.
    for (const [written, given] of [
      [chained, { legs: [first] }],
      [relay, { legs: [{ ...first, agent: 'build' }] }],
    ] as const) {
      const { kept, cutOff } = setUp(written, given);
      await cutOff();
      assert.deepEqual([kept.removed, kept.opened], [[], []], written.order.verb);
    }
  });

  it('is taken out although something else that was sent cannot be read any more', async () => {
    const order = { verb: 'fork', ...base } as const;
    const entries = [
      { cause: 'fork', messageId: 'msg_gone', time: 6 },
      { cause: 'fork', messageId: 'msg_1', time: 7 },
    ] as const;
    const { kept, cutOff } = setUp(aWritten(order, { body: 'Go on.' }, { cutOff: 5 }), { entries });
    await cutOff();
    assert.deepEqual(kept.removed, ['draft:1']);
  });

  it('stays in a draft that nobody was sending, or that was sent before and is meant again', async () => {
    const legs = [aLeg('msg_1', { text: 'Go on.', time: 4 })];
    const entries = [{ cause: 'relay', sessionId: 'ses_1', time: 4 } as const];
    for (const given of [{}, { cutOff: 5 }]) {
      const { kept, cutOff } = setUp(aWritten({ verb: 'relay', ...base }, { body: 'Go on.' }, given), {
        legs,
        entries,
      });
      await cutOff();
      assert.deepEqual([kept.removed, kept.opened], [[], []]);
    }
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
