import assert from 'node:assert/strict';
import { Results } from '../../../src/core/rows/results.ts';
import { Unread } from '../../../src/core/sessions/unread.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { anAnswer, aSession, aUserMessage } from './builders.ts';
import { aStore, someEnds } from './stores.ts';

const prompt = aUserMessage('msg_1', { text: 'Count' });

/** A session that worked and ended with these messages, while nobody looked. */
async function finish(messages: readonly MessageWithParts[], failures = 0) {
  const sessions = aStore([aSession({ id: 'ses_1' })]);
  const { ends, say } = someEnds(sessions);
  const memory = { read: () => [], write: () => undefined };
  const unread = new Unread({ sessions, ends, memory, isLookedAt: () => false });
  let left = failures;
  const timers: (() => void)[] = [];
  const results = new Results({
    unread,
    ends,
    readMessages: (_id, limit) =>
      left-- > 0 ? Promise.reject(new Error('Gone')) : Promise.resolve(messages.slice(-limit)),
    startTimer: (callback) => {
      timers.push(callback);
      return { dispose: () => undefined };
    },
    log: { debug: () => undefined },
  });
  const told: string[] = [];
  results.onDidChange(({ sessionId }) => told.push(sessionId));
  const run = (answer: MessageWithParts | undefined): void => {
    say({ type: 'session.status', properties: { sessionID: 'ses_1', status: { type: 'busy' } } });
    if (answer === undefined) return;
    say({ type: 'message.updated', properties: answer });
    say({ type: 'session.status', properties: { sessionID: 'ses_1', status: { type: 'idle' } } });
  };
  run(messages.at(-1));
  const result = await results.soon('ses_1');
  return { results, result, unread, run, told, timers };
}

describe('what an unread session came to', () => {
  it('is the first sentence of its answer, until somebody looks at it or it works again', async () => {
    const messages = [prompt, anAnswer('msg_2', 'msg_1', { text: '## Done\n\nAll of it. And more.' })];
    const { result, results, unread, told } = await finish(messages);
    assert.equal(result, 'All of it.');
    assert.deepEqual(told, ['ses_1']);
    unread.markRead('ses_1');
    assert.equal(results.of('ses_1'), undefined);
    const again = await finish(messages);
    again.run(undefined);
    assert.equal(again.results.of('ses_1'), undefined);
  });

  it('is nothing where nothing was answered, as far as that is known', async () => {
    const silent = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        anAnswer(`msg_2${at}`, 'msg_1', { text: '', finish: at === count - 1 ? 'stop' : 'tool-calls' }),
      );
    assert.equal((await finish([prompt, ...silent(2)])).result, '');
    assert.equal((await finish([prompt, ...silent(12)])).result, undefined);
    const structured = anAnswer('msg_2', 'msg_1', { text: '', structured: { sum: 1 } });
    assert.equal((await finish([prompt, structured])).result, undefined);
    const code = anAnswer('msg_2', 'msg_1', { text: '```\n1\n```' });
    assert.equal((await finish([prompt, code])).result, undefined);
  });

  it('is read again where that failed', async () => {
    const messages = [prompt, anAnswer('msg_2', 'msg_1', { text: 'Counted.' })];
    const { results, result, timers } = await finish(messages, 1);
    assert.equal(result, undefined);
    timers.at(-1)?.();
    assert.equal(await results.soon('ses_1'), 'Counted.');
  });
});
