import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { EntryChange, MessageEntry, PartEntry } from '../../../src/protocol/page/entries.ts';
import { Transcript } from '../../../src/core/transcript/transcript.ts';
import { TranscriptFrame } from '../../../src/core/page/transcriptFrame.ts';
import { viewEntries, type SessionLook } from '../../../src/core/page/transcriptView.ts';
import { Part } from '../../../src/protocol/records.ts';
import { anAnswer, aUserMessage } from './builders.ts';

const busy: SessionLook = { idle: false, revertedFrom: undefined };
const idle: SessionLook = { idle: true, revertedFrom: undefined };

function aTranscript(): Transcript {
  return new Transcript({
    messages: [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1', { running: true, parts: [] })],
  });
}

function aText(text: string, given: { id?: string; end?: number } = {}): Part {
  const time = { start: 1, ...(given.end === undefined ? {} : { end: given.end }) };
  return Part.parse({
    id: given.id ?? 'prt_1',
    sessionID: 'ses_1',
    messageID: 'msg_2',
    type: 'text',
    text,
    time,
  });
}

function aRunningTool(id: string, messageID = 'msg_2'): Part {
  const state = { status: 'running', input: {}, time: { start: 1 } };
  return Part.parse({ id, sessionID: 'ses_1', messageID, type: 'tool', callID: id, tool: 'bash', state });
}

function addAll(frame: TranscriptFrame, changes: Iterable<Parameters<TranscriptFrame['add']>[0]>): void {
  for (const change of changes) frame.add(change);
}

function take(frame: TranscriptFrame, transcript: Transcript, look = busy): EntryChange[] {
  return frame.take(transcript, look);
}

describe('a frame of the transcript', () => {
  it('folds the deltas of a part into one', () => {
    const [transcript, frame] = [aTranscript(), new TranscriptFrame()];
    transcript.applyPart(aText(''));
    for (const text of ['a', 'b', 'c']) addAll(frame, transcript.applyDelta('msg_2', 'prt_1', text));
    assert.deepEqual(take(frame, transcript), [
      { kind: 'append', messageId: 'msg_2', partId: 'prt_1', text: 'abc' },
    ]);
    assert.equal(frame.isEmpty, true);
  });

  it('tells a part once that came, grew and ended within it', () => {
    const [transcript, frame] = [aTranscript(), new TranscriptFrame()];
    addAll(frame, transcript.applyPart(aText('')));
    addAll(frame, transcript.applyDelta('msg_2', 'prt_1', 'Hello'));
    addAll(frame, transcript.applyPart(aText('Hello', { end: 2 })));
    assert.deepEqual(take(frame, transcript), [
      { kind: 'part', messageId: 'msg_2', part: { id: 'prt_1', type: 'text', done: true, text: 'Hello' } },
    ]);
  });

  it('does not tell a text again that the page has when it ends', () => {
    const [transcript, frame] = [aTranscript(), new TranscriptFrame()];
    addAll(frame, transcript.applyPart(aText('')));
    take(frame, transcript);
    addAll(frame, transcript.applyDelta('msg_2', 'prt_1', 'Hello'));
    addAll(frame, transcript.applyPart(aText('Hello', { end: 2 })));
    assert.deepEqual(take(frame, transcript), [
      { kind: 'append', messageId: 'msg_2', partId: 'prt_1', text: 'Hello' },
      { kind: 'ended', messageId: 'msg_2', partId: 'prt_1' },
    ]);
  });

  it('tells nothing of the parts of a message that is gone', () => {
    const [transcript, frame] = [aTranscript(), new TranscriptFrame()];
    addAll(frame, transcript.applyPart(aText('a')));
    addAll(frame, transcript.removeMessage('msg_2'));
    assert.deepEqual(take(frame, transcript), [{ kind: 'messageRemoved', messageId: 'msg_2' }]);
  });

  it('calls a tool interrupted when its session is idle, or when another answer followed', () => {
    const transcript = aTranscript();
    transcript.applyPart(aRunningTool('prt_1'));
    assert.deepEqual(statuses(transcript, busy), ['running']);
    assert.deepEqual(statuses(transcript, idle), ['interrupted']);
    const next = anAnswer('msg_3', 'msg_1', { running: true, parts: [] });
    transcript.applyMessage(next.info);
    transcript.applyPart(aRunningTool('prt_2', 'msg_3'));
    assert.deepEqual(statuses(transcript, busy), ['interrupted', 'running']);
  });

  it('calls a thought without an end interrupted as well, and takes that back when its session works', () => {
    const transcript = aTranscript();
    const frame = new TranscriptFrame();
    const thought = { id: 'prt_1', sessionID: 'ses_1', messageID: 'msg_2', type: 'reasoning', text: 'Hm' };
    transcript.applyPart(Part.parse({ ...thought, time: { start: 1 } }));
    const told = (look: SessionLook): EntryChange[] => {
      for (const part of transcript.openParts()) frame.add({ kind: 'part', ...part });
      return take(frame, transcript, look);
    };
    const part = { id: 'prt_1', type: 'reasoning', start: 1, text: 'Hm' };
    assert.deepEqual(told(idle), [
      { kind: 'part', messageId: 'msg_2', part: { ...part, interrupted: true } },
    ]);
    assert.deepEqual(told(busy), [{ kind: 'part', messageId: 'msg_2', part }]);
    transcript.applyPart(Part.parse({ ...thought, time: { start: 1, end: 2 } }));
    assert.deepEqual(told(idle), []);
  });

  it('marks the messages that a revert took back', () => {
    const transcript = aTranscript();
    const look = { idle: true, revertedFrom: 'msg_2' };
    assert.deepEqual(
      viewEntries(transcript, look, transcript.messageIds).map(({ reverted }) => reverted),
      [undefined, true],
    );
  });

  it('marks them also where the first of them is not loaded', () => {
    const transcript = aTranscript();
    const reverted = (revertedFrom: string) =>
      viewEntries(transcript, { idle: true, revertedFrom }, transcript.messageIds).map(
        (entry) => entry.reverted,
      );
    assert.deepEqual(reverted('msg_0'), [true, true]);
    assert.deepEqual(reverted('msg_9'), [undefined, undefined]);
  });

  it('ends, applied frame by frame, in what the transcript holds, however it is cut into frames', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 80 }), (steps) => {
        const [transcript, frame, page] = [aTranscript(), new TranscriptFrame(), new PageModel()];
        page.show(viewEntries(transcript, busy, transcript.messageIds));
        steps.forEach((step, index) => {
          addAll(frame, runStep(transcript, step, index));
          if (step.flush) page.apply(take(frame, transcript));
        });
        page.apply(take(frame, transcript));
        assert.deepEqual(page.entries(), viewEntries(transcript, busy, transcript.messageIds));
      }),
      { numRuns: 300 },
    );
  });
});

interface Step {
  readonly kind: 'begin' | 'delta' | 'end' | 'drop' | 'revive';
  readonly part: number;
  readonly flush: boolean;
}

const aStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('begin', 'delta', 'delta', 'delta', 'end', 'drop', 'revive'),
  part: fc.nat(2),
  flush: fc.boolean(),
});

function runStep(transcript: Transcript, { kind, part }: Step, index: number) {
  const id = `prt_${part}`;
  const entry = transcript.part('msg_2', id);
  switch (kind) {
    case 'begin':
      return transcript.applyPart(aText('', { id }));
    case 'delta':
      return transcript.applyDelta('msg_2', id, `${index} `);
    case 'end':
      return entry?.type === 'text' ? transcript.applyPart(aText(entry.text, { id, end: 2 })) : [];
    case 'drop':
      return transcript.removePart('msg_2', id);
    case 'revive':
      return [
        ...transcript.removePart('msg_2', id),
        ...transcript.applyPart(aText(`again ${index}`, { id })),
      ];
  }
}

/** What a page does with the changes, as the protocol says. */
class PageModel {
  readonly #messages = new Map<string, MessageEntry>();

  show(entries: readonly MessageEntry[]): void {
    for (const entry of entries) this.#messages.set(entry.id, entry);
  }

  entries(): MessageEntry[] {
    return [...this.#messages.values()];
  }

  apply(changes: readonly EntryChange[]): void {
    for (const change of changes) {
      const messageId = change.kind === 'message' ? change.head.id : change.messageId;
      const entry = this.#messages.get(messageId);
      if (entry !== undefined) this.#messages.set(messageId, applyTo(entry, change));
    }
  }
}

function applyTo(entry: MessageEntry, change: EntryChange): MessageEntry {
  const others = (id: string) => entry.parts.filter((part) => part.id !== id);
  const changed = (id: string, update: (part: PartEntry) => PartEntry) =>
    entry.parts.map((part) => (part.id === id ? update(part) : part));
  switch (change.kind) {
    case 'part':
      return {
        ...entry,
        parts: [...others(change.part.id), change.part].sort((a, b) => (a.id < b.id ? -1 : 1)),
      };
    case 'append':
      return { ...entry, parts: changed(change.partId, (part) => appended(part, change.text)) };
    case 'ended':
      return {
        ...entry,
        parts: changed(change.partId, (part) => (part.type === 'text' ? { ...part, done: true } : part)),
      };
    case 'partRemoved':
      return { ...entry, parts: others(change.partId) };
    default:
      return entry;
  }
}

function appended(part: PartEntry, text: string): PartEntry {
  return part.type === 'text' ? { ...part, text: part.text + text } : part;
}

function statuses(transcript: Transcript, look: SessionLook): string[] {
  return viewEntries(transcript, look, transcript.messageIds)
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.type === 'tool' ? [part.status] : []));
}
