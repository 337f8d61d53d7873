import assert from 'node:assert/strict';
import { toPartEntry } from '../../../../src/core/entries/transcriptEntry.ts';
import { judgeMessages } from '../../../../src/core/turns/judgeMessages.ts';
import type { MessageWithParts } from '../../../../src/protocol/records.ts';
import { toMessage } from '../../../../src/server/openCode2/records/toMessage.ts';
import { WireMessage } from '../../../../src/server/openCode2/records/wire.ts';

const standing = { sessionId: 'ses_1', created: 10, parentId: 'msg_asked' };

function read(record: Record<string, unknown>): MessageWithParts | undefined {
  return toMessage(
    WireMessage.parse({ id: 'msg_1', time: { created: 10, completed: 20 }, ...record }),
    standing,
  );
}

describe('A record of 2.x', () => {
  it('is shown as what it is called where nobody knows its kind, and asks for no answer', () => {
    const message = read({ type: 'novelty', text: 7, anything: { a: 1 } }) ?? assert.fail();
    const [part] = message.parts;
    assert.ok(part?.type === 'text' && part.ignored === true);
    assert.match(part.text, /“novelty”/);
    assert.equal(judgeMessages([message]), undefined);
  });

  it('is shown with contents of kinds that nobody knows', () => {
    const content = [
      { type: 'hologram', data: 1 },
      { type: 'text', text: 'Seen' },
      'none',
      { text: 'no type' },
    ];
    const message = read({ type: 'assistant', content, finish: 'stop' }) ?? assert.fail();
    assert.deepEqual(
      message.parts.map((part) => (part.type === 'unknown' ? part.originalType : part.type)),
      ['hologram', 'text'],
    );
    assert.ok(message.parts.every((part) => toPartEntry(part).id === part.id));
    const ids = message.parts.map(({ id }) => id);
    assert.deepEqual(ids.toSorted(), ids);
  });

  it('is passed over that says what the heads of answers say, or what the model alone is told', () => {
    for (const type of ['idle', 'system', 'agent-switched', 'model-switched'])
      assert.equal(read({ type }), undefined);
  });

  it('is a message whatever it lacks', () => {
    for (const type of [
      'user',
      'assistant',
      'synthetic',
      'shell',
      'compaction',
      'skill',
      'location-switched',
    ]) {
      const record = WireMessage.parse({ id: 'msg_1', type });
      assert.ok(toMessage(record, standing)?.info.id === 'msg_1', type);
    }
  });

  it('keeps the calls of both generations as they were made', () => {
    const call = (name: string, state: object) => ({
      type: 'tool',
      id: `call_${name}`,
      name,
      state,
      time: { created: 1 },
    });
    const content = [
      call('bash', {
        status: 'completed',
        input: { command: 'ls' },
        content: [{ type: 'text', text: 'a' }],
        metadata: { exit: 0 },
      }),
      call('subagent', { status: 'running', input: { agent: 'helper' }, metadata: { sessionID: 'ses_2' } }),
      call('shell', { status: 'error', input: {}, error: { type: 'aborted', message: 'Aborted' } }),
      call('read', { status: 'streaming', input: '{"pa' }),
      call('view', { status: 'sideways', input: [] }),
    ];
    const message = read({ type: 'assistant', content }) ?? assert.fail();
    const entries = message.parts.map((part) => toPartEntry(part));
    assert.deepEqual(
      entries.map((entry) => (entry.type === 'tool' ? [entry.kind, entry.status] : [])),
      [
        ['command', 'completed'],
        ['startSubagent', 'running'],
        ['command', 'interrupted'],
        ['readFile', 'pending'],
        ['otherTool', 'pending'],
      ],
    );
    const [, subagent] = entries;
    assert.equal(subagent?.type === 'tool' && subagent.childSessionId, 'ses_2');
  });

  it('of a compaction is its request as well as its summary, and judges no prompt', () => {
    const prompt = read({ id: 'msg_asked', type: 'user', text: 'Do it.' }) ?? assert.fail();
    const answer = read({ id: 'msg_2', type: 'assistant', finish: 'stop', content: [] }) ?? assert.fail();
    const failed = {
      id: 'msg_3',
      type: 'compaction',
      status: 'failed',
      error: { type: 'x', message: 'Nothing' },
    };
    const summary = read({
      id: 'msg_4',
      type: 'compaction',
      status: 'completed',
      reason: 'auto',
      summary: 'All.',
    });
    assert.ok(summary?.info.role === 'assistant' && summary.info.summary === true);
    assert.deepEqual(
      summary.parts.map(({ type }) => type),
      ['compaction', 'text'],
    );
    assert.equal(judgeMessages([prompt, answer, summary])?.kind, 'settled');
    assert.equal(judgeMessages([prompt, answer, read(failed) ?? assert.fail()])?.kind, 'failed');
  });
});
