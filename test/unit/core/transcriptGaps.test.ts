import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Transcript } from '../../../src/core/transcript/transcript.ts';
import { TranscriptStore } from '../../../src/core/transcript/transcriptStore.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { aHistory, aUserMessage } from './builders.ts';

const count = 900;

/** Messages with such pauses between them, in milliseconds. */
function session(pauses: readonly number[], length = count): MessageWithParts[] {
  let created = 1_700_000_000_000;
  return Array.from({ length }, (_, index) => {
    created += pauses[index % pauses.length] ?? 1;
    const message = aUserMessage(idOf(index), { parts: [] });
    return { ...message, info: { ...message.info, time: { created } } };
  });
}

const idOf = (index: number): string => `msg_${String(index).padStart(4, '0')}`;
const indexOf = (id: string): number => Number(id.slice(4));

/** Fails where messages that stand side by side without a gap are not neighbours in the session. */
function assertSound(transcript: Transcript): void {
  const ids = transcript.messageIds;
  assert.deepEqual(ids, [...new Set(ids)].sort());
  for (const [index, id] of ids.entries()) {
    const [next] = transcript.beside(id, 'after', 1);
    if (next === undefined) continue;
    assert.equal(next, ids[index + 1]);
    assert.equal(indexOf(next), indexOf(id) + 1, `${id} and ${next} do not follow on each other`);
  }
}

const pauses = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 90_000_000 })), {
  minLength: 1,
  maxLength: 30,
});
const step = fc.oneof(
  fc.record({ do: fc.constant('around' as const), at: fc.nat(count - 1) }),
  fc.record({ do: fc.constantFrom('before' as const, 'after' as const), at: fc.nat(count - 1) }),
  fc.record({ do: fc.constant('before' as const), at: fc.constant(0) }),
);

describe('a transcript with messages missing between', () => {
  it('has the message that was asked for, joins none that do not follow on each other, and can be filled', async () => {
    await fc.assert(
      fc.asyncProperty(pauses, fc.array(step, { maxLength: 12 }), async (given, steps) => {
        const messages = session(given);
        const store = new TranscriptStore(aHistory(() => messages));
        const transcript = await store.load('ses_1');
        for (const one of steps) {
          const known = transcript.messageIds[one.at % transcript.size] ?? '';
          if (one.do === 'around') await store.loadAround('ses_1', idOf(one.at));
          else await store.loadBeside('ses_1', known, one.do);
          if (one.do === 'around') assert.ok(transcript.has(idOf(one.at)));
          assertSound(transcript);
        }
        for (let id = idOf(count - 1); ;) {
          const [first = id] = transcript.beside(id, 'before', count);
          id = first;
          if (id === idOf(0)) break;
          const added = await store.loadBeside('ses_1', id, 'before');
          assert.ok(added.length > 0 || transcript.beside(id, 'before', 1).length > 0, `stuck before ${id}`);
        }
        assert.deepEqual(
          transcript.messageIds,
          messages.map(({ info }) => info.id),
        );
        assertSound(transcript);
        assert.equal(transcript.before, undefined);
      }),
      { numRuns: 60 },
    );
  });

  it('grows downwards until it meets what is there', async () => {
    await fc.assert(
      fc.asyncProperty(pauses, fc.nat(count - 100), async (given, at) => {
        const store = new TranscriptStore(aHistory(() => session(given)));
        const transcript = await store.load('ses_1');
        await store.loadAround('ses_1', idOf(at));
        let last = idOf(at);
        for (let asked = 0; asked < 60; asked += 1) {
          last = transcript.beside(last, 'after', count).at(-1) ?? last;
          if (last === idOf(count - 1)) return;
          if ((await store.loadBeside('ses_1', last, 'after')).length === 0) break;
        }
        // Where many were written in one moment no time stands between them: the rest comes from the other side.
        const next = transcript.messageIds[transcript.messageIds.indexOf(last) + 1] ?? '';
        await store.loadBeside('ses_1', next, 'before');
        assert.equal(transcript.beside(next, 'before', 1).length, 1);
      }),
      { numRuns: 40 },
    );
  });

  it('is no longer than a reader comes by soon, however far they read, and can be read again', async () => {
    const all = 6000;
    const messages = session([1000, 90_000], all);
    const store = new TranscriptStore(aHistory(() => messages));
    store.hold('ses_1');
    const transcript = await store.load('ses_1');
    let most = 0;
    const go = async (from: number, side: 'before' | 'after', to: number): Promise<void> => {
      let id = idOf(from);
      while (id !== idOf(to)) {
        await store.loadBeside('ses_1', id, side);
        most = Math.max(most, transcript.size);
        const run = transcript.beside(id, side, 100);
        const next = run.at(side === 'before' ? 0 : -1);
        assert.ok(next !== undefined, `nothing stands ${side} ${id}`);
        id = next;
      }
      assertSound(transcript);
    };
    await go(all - 1, 'before', 0);
    assert.equal(transcript.before, undefined);
    assert.ok(transcript.has(idOf(all - 1)));
    assert.ok(!transcript.has(idOf(3000)));
    await store.loadAround('ses_1', idOf(3000));
    await go(3000, 'before', 2000);
    await go(2000, 'before', 0);
    assert.ok(most <= 2000, `${most} messages`);
  });

  it('says what was removed of the messages that it has left out', async () => {
    const messages = session([1000], 3000);
    const store = new TranscriptStore(aHistory(() => messages));
    const transcript = await store.load('ses_1');
    assert.deepEqual(transcript.removeMessage('msg_9999'), []);
    for (let id = idOf(2999); id !== idOf(0);) {
      await store.loadBeside('ses_1', id, 'before');
      id = transcript.beside(id, 'before', 100)[0] ?? assert.fail();
    }
    const [messageId, partId] = [idOf(1500), 'prt_1'];
    assert.ok(!transcript.has(messageId));
    assert.deepEqual(transcript.removePart(messageId, partId), [{ kind: 'partRemoved', messageId, partId }]);
    assert.deepEqual(transcript.removeMessage(messageId), [{ kind: 'messageRemoved', messageId }]);
  });

  it('has nothing of a message that the session does not have', async () => {
    const store = new TranscriptStore(aHistory(() => session([1000])));
    const transcript = await store.load('ses_1');
    assert.deepEqual(await store.loadAround('ses_1', 'msg_9999'), []);
    assert.equal(transcript.size, 40);
  });

  it('passes over what is told of messages that are missing', async () => {
    const messages = session([1000]);
    const store = new TranscriptStore(aHistory(() => messages));
    const transcript = await store.load('ses_1');
    await store.loadAround('ses_1', idOf(100));
    const told = (index: number) => messages[index]?.info ?? assert.fail();
    assert.deepEqual(transcript.applyMessage(told(500)), []);
    assert.deepEqual(transcript.applyMessage(told(10)), []);
    assert.equal(transcript.applyMessage(told(100)).length, 1);
    const last = transcript.beside(idOf(100), 'after', count).at(-1) ?? '';
    transcript.removeMessage(last);
    assert.deepEqual(transcript.applyMessage(told(500)), []);
    assertSound(transcript);
  });
});
