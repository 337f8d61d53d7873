import assert from 'node:assert/strict';
import { AskedCallStore } from '../../../src/core/requests/askedCalls.ts';
import { ServerEvent } from '../../../src/protocol/events.ts';
import { MessageWithParts, type PermissionRequest } from '../../../src/protocol/records.ts';
import { aPermission } from './stores.ts';

const request: PermissionRequest = aPermission({
  sessionID: 'ses_1',
  permission: 'till_pay',
  patterns: ['*'],
  tool: { messageID: 'msg_1', callID: 'call_1' },
});

const aCall = (state: Record<string, unknown>, given: Record<string, unknown> = {}) => ({
  id: 'prt_1',
  sessionID: 'ses_1',
  messageID: 'msg_1',
  type: 'tool',
  callID: 'call_1',
  tool: 'till_pay',
  state,
  ...given,
});

const pending = { status: 'pending', input: {} };
const running = { status: 'running', input: { amount: 5 }, time: { start: 1 } };
const known = { kind: 'known', tool: 'till_pay', input: { amount: 5 } };

function setUp(answer: () => Record<string, unknown>) {
  const asked: string[] = [];
  const told: string[] = [];
  const timers: (() => void)[] = [];
  const calls = new AskedCallStore({
    getMessage: async (sessionId, messageId) => {
      asked.push(messageId);
      const info = {
        id: messageId,
        sessionID: sessionId,
        role: 'assistant',
        time: { created: 1 },
        parentID: 'msg_0',
      };
      return MessageWithParts.parse({ info, parts: [answer()] });
    },
    wait: () => Promise.resolve(),
    startTimer: (callback) => {
      timers.push(callback);
      return { dispose: () => void timers.splice(timers.indexOf(callback), 1) };
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  calls.onDidChange(({ sessionId }) => told.push(sessionId));
  const tell = (type: string, properties: unknown): void =>
    calls.apply(ServerEvent.parse({ type, properties }));
  return { calls, tell, asked, told, timers };
}

describe('The call that a permission is asked for', () => {
  it('is looked for as soon as it is asked, and told of when it is known', async () => {
    const { calls, tell, told } = setUp(() => aCall(running));
    tell('permission.asked', request);
    assert.deepEqual(calls.of(request), { kind: 'loading' });
    assert.deepEqual(await calls.load(request), known);
    assert.deepEqual(told, ['ses_1']);
  });

  it('is not known while its arguments are still written', async () => {
    const { calls, tell, asked } = setUp(() => aCall(pending));
    tell('permission.asked', request);
    assert.deepEqual(await calls.load(request), { kind: 'unknown' });
    assert.ok(asked.length > 1);
    tell('message.part.updated', { part: aCall(running) });
    assert.deepEqual(calls.of(request), known);
  });

  it('is of this very message and session', async () => {
    const { calls, tell } = setUp(() => aCall(running, { callID: 'call_2' }));
    tell('permission.asked', request);
    await calls.load(request);
    tell('message.part.updated', { part: aCall(running, { messageID: 'msg_2' }) });
    tell('message.part.updated', { part: aCall(running, { sessionID: 'ses_2' }) });
    assert.deepEqual(calls.of(request), { kind: 'unknown' });
  });

  it('is not known where it cannot be read, and is looked for again when it is needed', async () => {
    let answer = (): Record<string, unknown> => {
      throw new Error('gone');
    };
    const { calls, tell } = setUp(() => answer());
    tell('permission.asked', request);
    assert.deepEqual(await calls.load(request), { kind: 'unknown' });
    answer = () => aCall(running);
    assert.deepEqual(await calls.load(request), known);
  });

  it('is looked for again by itself for as long as its request is open, with one look each time', async () => {
    let answer = (): Record<string, unknown> => {
      throw new Error('gone');
    };
    const { calls, tell, asked, told, timers } = setUp(() => answer());
    tell('permission.asked', request);
    await calls.load(request);
    const before = asked.length;
    timers.shift()?.();
    await new Promise(setImmediate);
    assert.deepEqual([asked.length, timers.length], [before + 1, 1]);
    answer = () => aCall(running);
    timers.shift()?.();
    await new Promise(setImmediate);
    assert.deepEqual([calls.of(request), told.length, timers.length], [known, 2, 0]);
  });

  it('is not looked for any more once its request is answered', async () => {
    const { calls, tell, timers } = setUp(() => aCall(pending));
    tell('permission.asked', request);
    await calls.load(request);
    tell('permission.replied', { sessionID: 'ses_1', requestID: request.id, reply: 'once' });
    assert.equal(timers.length, 0);
  });

  it('is looked for after a connection came back, too', async () => {
    const { calls } = setUp(() => aCall(running));
    calls.reset([{ directory: '/work', sessions: [], statuses: {}, permissions: [request], questions: [] }]);
    assert.deepEqual(await calls.load(request), known);
  });

  it('is none where the request names none', async () => {
    const { calls, asked } = setUp(() => aCall(running));
    const { tool: _tool, ...bare } = request;
    assert.deepEqual(
      [calls.of(bare), await calls.load(bare), asked],
      [{ kind: 'none' }, { kind: 'none' }, []],
    );
  });

  it('is forgotten with its request', async () => {
    const { calls, tell } = setUp(() => aCall(running));
    for (const [type, properties] of [
      ['permission.replied', { sessionID: 'ses_1', requestID: request.id }],
      ['session.status', { sessionID: 'ses_1', status: { type: 'idle' } }],
    ] as const) {
      tell('permission.asked', request);
      assert.deepEqual(await calls.load(request), known);
      tell(type, properties);
      assert.deepEqual(calls.of(request), { kind: 'unknown' });
    }
  });
});
