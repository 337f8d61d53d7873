import assert from 'node:assert/strict';
import { Unread } from '../../../src/core/sessions/unread.ts';
import type { SessionStatus } from '../../../src/protocol/records.ts';
import { anAnswer, aSession } from './builders.ts';
import { aStore, someEnds } from './stores.ts';

function setUp(given: { remembered?: string[]; lookedAt?: string } = {}) {
  const store = aStore([aSession({ id: 'a' }), aSession({ id: 'sub', parentID: 'a' })]);
  const { ends, say: tell, reset } = someEnds(store);
  const saved: string[][] = [];
  const unread = new Unread({
    sessions: store,
    ends,
    memory: { read: () => given.remembered ?? [], write: (ids) => saved.push([...ids]) },
    isLookedAt: (id) => id === given.lookedAt,
  });
  const say = (sessionID: string, type: 'busy' | 'idle'): void => {
    const status: SessionStatus = { type };
    if (type === 'idle')
      tell({ type: 'message.updated', properties: anAnswer('msg_2', 'msg_1', { sessionID }) });
    tell({ type: 'session.status', properties: { sessionID, status } });
  };
  return { tell, reset, unread, saved, say };
}

describe('unread', () => {
  it('marks a session that finished while nobody looked, and remembers it', () => {
    const { unread, saved, say } = setUp();
    say('a', 'busy');
    assert.equal(unread.has('a'), false);
    say('a', 'idle');
    assert.equal(unread.has('a'), true);
    assert.deepEqual(saved, [['a']]);
  });

  it('does not mark the session that the user looks at', () => {
    const { unread, say } = setUp({ lookedAt: 'a' });
    say('a', 'busy');
    say('a', 'idle');
    assert.equal(unread.has('a'), false);
  });

  it('does not mark subagents', () => {
    const { unread, say } = setUp();
    say('sub', 'busy');
    say('sub', 'idle');
    assert.equal(unread.has('sub'), false);
  });

  it('does not mark a session that was idle all the time', () => {
    const { unread, say } = setUp();
    say('a', 'idle');
    assert.equal(unread.has('a'), false);
  });

  it('does not take it for an end that a session works no longer after the connection broke', () => {
    const { reset, unread, say } = setUp();
    say('a', 'busy');
    reset({ sessions: [aSession({ id: 'a' })] });
    assert.equal(unread.has('a'), false);
  });

  it('takes the mark away once, and says so', () => {
    const { unread, saved } = setUp({ remembered: ['a'] });
    const told: string[] = [];
    unread.onDidChange(({ sessionId }) => told.push(sessionId));
    unread.markRead('a');
    unread.markRead('a');
    assert.deepEqual(told, ['a']);
    assert.deepEqual(saved, [[]]);
  });

  it('forgets a session that was deleted', () => {
    const { tell, unread, saved } = setUp({ remembered: ['a'] });
    tell({ type: 'session.deleted', properties: { info: aSession({ id: 'a' }) } });
    assert.equal(unread.has('a'), false);
    assert.deepEqual(saved, [[]]);
  });
});
