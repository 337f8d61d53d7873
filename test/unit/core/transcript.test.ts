import assert from 'node:assert/strict';
import { Transcript } from '../../../src/core/transcript/transcript.ts';
import { entryLimits } from '../../../src/core/entries/transcriptEntry.ts';
import { Part } from '../../../src/protocol/records.ts';
import { anAnswer, aUserMessage } from './builders.ts';

function aText(id: string, text: string, given: { messageID?: string; end?: number } = {}): Part {
  const time = { start: 1, ...(given.end === undefined ? {} : { end: given.end }) };
  return Part.parse({
    id,
    sessionID: 'ses_1',
    messageID: given.messageID ?? 'msg_2',
    type: 'text',
    text,
    time,
  });
}

function streaming(): Transcript {
  return new Transcript({
    messages: [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1', { running: true, parts: [] })],
  });
}

function textOf(transcript: Transcript, partId: string): string | undefined {
  const part = transcript.part('msg_2', partId);
  return part?.type === 'text' ? part.text : undefined;
}

describe('a transcript', () => {
  it('orders messages by time and then by id', () => {
    const [first, second] = [aUserMessage('msg_9'), aUserMessage('msg_1')];
    const transcript = new Transcript({ messages: [second, first] });
    assert.deepEqual(transcript.messageIds, ['msg_9', 'msg_1']);
  });

  it('puts a message that came late where it belongs', () => {
    const [first, second, third] = [aUserMessage('msg_1'), aUserMessage('msg_2'), aUserMessage('msg_3')];
    const transcript = new Transcript({ messages: [first, third] });
    transcript.applyMessage(second.info);
    assert.deepEqual(transcript.messageIds, ['msg_1', 'msg_2', 'msg_3']);
  });

  it('passes over a message before its first page', () => {
    const [early, later] = [aUserMessage('msg_1'), aUserMessage('msg_2')];
    const transcript = new Transcript({ messages: [later], before: 'cursor' });
    assert.deepEqual(transcript.applyMessage(early.info), []);
    assert.deepEqual(transcript.messageIds, ['msg_2']);
  });

  it('gives parts that came before their message to it', () => {
    const transcript = streaming();
    const next = anAnswer('msg_3', 'msg_1', { running: true, parts: [] });
    assert.deepEqual(transcript.applyPart(aText('prt_1', 'a', { messageID: 'msg_3' })), []);
    const changes = transcript.applyMessage(next.info);
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ['head', 'part'],
    );
    assert.equal(transcript.entry('msg_3')?.parts.length, 1);
  });

  it('brings back no part that came before the page of its message', () => {
    const first = aUserMessage('msg_1');
    const { info } = anAnswer('msg_2', 'msg_1', { running: true });
    const last = aUserMessage('msg_3');
    const transcript = new Transcript({ messages: [last], before: 'cursor' });
    transcript.applyPart(aText('prt_1', 'second'));
    transcript.merge({ messages: [first, { info, parts: [aText('prt_1', 'second')] }] }, 'msg_3');
    transcript.applyPart(aText('prt_1', 'third'));
    assert.deepEqual(transcript.applyMessage(info), [{ kind: 'head', messageId: 'msg_2' }]);
    assert.equal(textOf(transcript, 'prt_1'), 'third');
  });

  it('orders parts by id', () => {
    const transcript = streaming();
    for (const id of ['prt_2', 'prt_3', 'prt_1']) transcript.applyPart(aText(id, id));
    assert.deepEqual(
      transcript.entry('msg_2')?.parts.map(({ id }) => id),
      ['prt_1', 'prt_2', 'prt_3'],
    );
  });

  it('appends deltas and tells only what was appended', () => {
    const transcript = streaming();
    transcript.applyPart(aText('prt_1', ''));
    assert.deepEqual(transcript.applyDelta('msg_2', 'prt_1', 'Hel'), [
      { kind: 'append', messageId: 'msg_2', partId: 'prt_1', text: 'Hel' },
    ]);
    transcript.applyDelta('msg_2', 'prt_1', 'lo');
    assert.equal(textOf(transcript, 'prt_1'), 'Hello');
  });

  it('does not tell a streamed text a second time when it ends', () => {
    const transcript = streaming();
    transcript.applyPart(aText('prt_1', ''));
    transcript.applyDelta('msg_2', 'prt_1', 'Hello');
    assert.deepEqual(transcript.applyPart(aText('prt_1', 'Hello', { end: 2 })), [
      { kind: 'ended', messageId: 'msg_2', partId: 'prt_1' },
    ]);
  });

  it('tells the whole text if it ends as another one', () => {
    const transcript = streaming();
    transcript.applyPart(aText('prt_1', ''));
    transcript.applyDelta('msg_2', 'prt_1', 'Hello ');
    const [change] = transcript.applyPart(aText('prt_1', 'Hello', { end: 2 }));
    assert.equal(change?.kind, 'part');
    assert.equal(textOf(transcript, 'prt_1'), 'Hello');
  });

  it('takes no delta after the end, for a part that it does not have, or for a tool', () => {
    const transcript = streaming();
    transcript.applyPart(aText('prt_1', 'done', { end: 2 }));
    assert.deepEqual(transcript.applyDelta('msg_2', 'prt_1', '!'), []);
    assert.deepEqual(transcript.applyDelta('msg_2', 'prt_x', '!'), []);
    assert.deepEqual(transcript.applyDelta('msg_x', 'prt_1', '!'), []);
    assert.equal(textOf(transcript, 'prt_1'), 'done');
  });

  it('stops telling of a text that grows past the limit, and keeps counting', () => {
    const transcript = streaming();
    transcript.applyPart(aText('prt_1', ''));
    transcript.applyDelta('msg_2', 'prt_1', 'x'.repeat(entryLimits.text));
    assert.equal(transcript.applyDelta('msg_2', 'prt_1', 'yy')[0]?.kind, 'part');
    assert.deepEqual(transcript.applyDelta('msg_2', 'prt_1', 'zzz'), []);
    const part = transcript.part('msg_2', 'prt_1');
    assert.ok(part?.type === 'text');
    assert.equal(part.text.length, entryLimits.text);
    assert.equal(part.clamped, entryLimits.text + 5);
  });

  it('lets a part shrink when the server says so', () => {
    const transcript = streaming();
    transcript.applyPart(aText('prt_1', 'a long text'));
    transcript.applyPart(aText('prt_1', 'short'));
    assert.equal(textOf(transcript, 'prt_1'), 'short');
  });

  it('knows which tool calls have no end', () => {
    const transcript = streaming();
    const call = {
      id: 'prt_1',
      sessionID: 'ses_1',
      messageID: 'msg_2',
      type: 'tool',
      callID: 'c',
      tool: 'bash',
    };
    transcript.applyPart(
      Part.parse({ ...call, state: { status: 'running', input: {}, time: { start: 1 } } }),
    );
    assert.deepEqual(transcript.openParts(), [{ messageId: 'msg_2', partId: 'prt_1' }]);
    transcript.applyPart(
      Part.parse({
        ...call,
        state: { status: 'completed', input: {}, output: '', time: { start: 1, end: 2 } },
      }),
    );
    assert.deepEqual(transcript.openParts(), []);
  });

  it('says nothing about what it never had', () => {
    const transcript = streaming();
    assert.deepEqual(transcript.removeMessage('msg_x'), []);
    assert.deepEqual(transcript.removePart('msg_2', 'prt_x'), []);
  });

  it('takes ten thousand parts in any order', () => {
    const transcript = streaming();
    for (let index = 0; index < 10_000; index++) {
      transcript.applyPart(aText(`prt_${String(index).padStart(6, '0')}`, 'x', { end: 2 }));
    }
    const parts = transcript.entry('msg_2')?.parts ?? [];
    assert.equal(parts.length, 10_000);
    assert.equal(parts.at(-1)?.id, 'prt_009999');
  });
});
