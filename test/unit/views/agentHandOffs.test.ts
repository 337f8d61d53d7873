import assert from 'node:assert/strict';
import { Part } from '../../../src/protocol/records.ts';
import { AgentHandOffs } from '../../../src/views/told/agentHandOffs.ts';

describe('an agent that hands a session off', () => {
  const now = 1_000_000;
  const part = (given: { id?: string; tool?: string; end?: number; status?: string } = {}): Part =>
    Part.parse({
      id: given.id ?? 'prt_1',
      messageID: 'msg_1',
      sessionID: 'ses_1',
      type: 'tool',
      tool: given.tool ?? 'session_handoff',
      callID: 'call_1',
      state: {
        status: given.status ?? 'completed',
        input: { summary: 'It stands.' },
        output: 'The work was handed off to a new session (ses_2, "Handoff").',
        metadata: { sessionId: 'ses_2' },
        time: { start: now - 10, end: given.end ?? now },
      },
    });
  const setUp = ({ isLookedAt = true, typing = 0 } = {}) => {
    const opened: string[] = [];
    const followed = new AgentHandOffs({
      isLookedAt: (id) => isLookedAt && id === 'ses_1',
      typing: { remaining: () => typing },
      open: (id) => opened.push(id),
      now: () => now,
    });
    const tell = (told: Part): void =>
      followed.apply({ type: 'message.part.updated', properties: { part: told } });
    return { opened, tell };
  };

  it('is followed once, when it did', () => {
    const { opened, tell } = setUp();
    tell(part({ status: 'running' }));
    assert.deepEqual(opened, []);
    tell(part());
    tell(part());
    assert.deepEqual(opened, ['ses_2']);
    tell(part({ id: 'prt_2', tool: 'bash' }));
    assert.deepEqual(opened, ['ses_2']);
  });

  it('is not followed by who looks elsewhere or types there, nor long afterwards', () => {
    for (const told of [{ isLookedAt: false }, { typing: 1 }]) {
      const { opened, tell } = setUp(told);
      tell(part());
      assert.deepEqual(opened, []);
    }
    const { opened, tell } = setUp();
    tell(part({ end: now - 60_000 }));
    assert.deepEqual(opened, []);
  });
});
