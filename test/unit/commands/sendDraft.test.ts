import assert from 'node:assert/strict';
import { type DraftSenders, sendDraft } from '../../../src/commands/draft/sendDraft.ts';
import { CancelledError } from '../../../src/core/cancellation.ts';
import type { Draft } from '../../../src/core/continuation/drafts/draft.ts';
import { Problem, UncertainProblem } from '../../../src/core/errors.ts';
import { Agent } from '../../../src/protocol/records.ts';
import { someProviders } from './commands.ts';
import { aWritten, someDrafts } from './drafts.ts';

const order = { verb: 'relay', sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work' } as const;
const draft: Draft = { agent: 'build', model: { providerID: 'local', modelID: 'echo' }, body: 'Go on.' };
const agents = [Agent.parse({ name: 'build', mode: 'primary' })];

function setUp(send: DraftSenders['relay'], given: { draft?: Draft; text?: string; none?: boolean } = {}) {
  const written = aWritten(order, given.draft ?? draft, given.text === undefined ? {} : { text: given.text });
  const kept = someDrafts(given.none === true ? undefined : written);
  const unexpected = () => Promise.reject(new Error('another verb'));
  const senders = {
    relay: send,
    chain: unexpected,
    handOff: unexpected,
    fork: unexpected,
    forkMany: unexpected,
    compact: unexpected,
  };
  const offer = () => Promise.resolve({ agents, providers: someProviders });
  return { ...kept, run: sendDraft({ drafts: kept.drafts, offer, senders }) };
}

describe('sending a draft', () => {
  it('hands over exactly what stands in it, and closes it', async () => {
    const sent: Draft[] = [];
    const { run, removed } = setUp(async (_, given) => {
      sent.push(given);
      return 'ses_1';
    });
    assert.equal(await run(), 'ses_1');
    assert.deepEqual(sent, [draft]);
    assert.deepEqual(removed, ['draft:1']);
  });

  it('does nothing while something is wrong with it, and says on which line', async () => {
    const { run, removed, marked } = setUp(() => Promise.reject(new Error('sent')), {
      draft: { ...draft, agent: 'ghost' },
    });
    await assert.rejects(run(), /Line 2 keeps the draft from being sent: There is no agent "ghost"/);
    assert.deepEqual(removed, []);
    assert.equal(marked.length, 1);
  });

  it('refuses an empty draft', async () => {
    const { run } = setUp(() => Promise.reject(new Error('sent')), { draft: { ...draft, body: '' } });
    await assert.rejects(run(), /There is nothing to send/);
  });

  it('keeps it with the reason when it does not arrive', async () => {
    const { run, removed, marked } = setUp(() => Promise.reject(new Problem('The server is gone.')));
    await assert.rejects(run(), Problem);
    assert.deepEqual(marked, ['The server is gone.']);
    assert.deepEqual(removed, []);
  });

  it('leaves open what became of it where nobody knows whether it arrived, and nothing else', async () => {
    for (const [problem, how] of [
      [new UncertainProblem('Nobody knows.'), 'open'],
      [new Problem('The server is gone.'), 'done'],
    ] as const) {
      const { run, left } = setUp(() => Promise.reject(problem));
      await assert.rejects(run(), Problem);
      assert.deepEqual(left, [how]);
    }
  });

  it('keeps it when the person thought better of it, or cancelled', async () => {
    const changed = setUp(() => Promise.resolve(undefined));
    assert.equal(await changed.run(), undefined);
    const cancelled = setUp(() => Promise.reject(new CancelledError()));
    assert.equal(await cancelled.run(), undefined);
    assert.deepEqual([...changed.removed, ...cancelled.removed, ...cancelled.marked], []);
  });

  it('sends it once, however often the button is pressed', async () => {
    const arrived = Promise.withResolvers<string>();
    let count = 0;
    const { run, removed } = setUp(() => {
      count += 1;
      return arrived.promise;
    });
    const first = run();
    assert.equal(await run(), undefined);
    arrived.resolve('ses_1');
    assert.equal(await first, 'ses_1');
    assert.equal(count, 1);
    assert.deepEqual(removed, ['draft:1']);
  });

  it('stays with what was written in it while it was on its way', async () => {
    const arrived = Promise.withResolvers<string>();
    const { run, removed, marked, write } = setUp(() => arrived.promise);
    const running = run();
    await Promise.resolve();
    write('And another thing.');
    arrived.resolve('ses_1');
    assert.equal(await running, 'ses_1');
    assert.deepEqual(removed, []);
    assert.match(marked[0] ?? '', /What you wrote meanwhile is here and was not sent/);
  });

  it('can be tried again after it failed', async () => {
    let attempts = 0;
    const { run } = setUp(() => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Problem('Busy.')) : Promise.resolve('ses_1');
    });
    await assert.rejects(run(), Problem);
    assert.equal(await run(), 'ses_1');
  });

  it('says so where there is none', async () => {
    const { run } = setUp(() => Promise.resolve('ses_1'), { none: true });
    await assert.rejects(run(), /There is no draft to send here/);
  });
});
