import assert from 'node:assert/strict';
import type { MessageEntry, PartEntry } from '../../../src/protocol/page/entries.ts';
import { readActivity } from '../../../src/webview/turns/activity.ts';
import { aMessage, aText, aTool } from '../../webview/builders.ts';

const prompt = aMessage(0, aText('prt_0', 'Go'));
const began = prompt.created;

function aStep(number: number, ...parts: readonly PartEntry[]): MessageEntry {
  const { completed: _, ...open } = aMessage(number, ...parts);
  return open;
}

const read = (entries: readonly MessageEntry[], waits = [] as Parameters<typeof readActivity>[1]) =>
  readActivity(
    entries.map(({ parts, ...head }) => ({ head, parts: [...parts] })),
    waits,
    began + 90_000,
  );

describe('What a session in view does', () => {
  const call = aTool({ id: 'prt_1', tool: 'read', status: 'running', input: { filePath: '/work/a.ts' } });

  it('is to wait for the model until its first word', () => {
    const waiting = { since: began, doing: '', awaited: 'echo' };
    assert.deepEqual(read([prompt]), waiting);
    assert.deepEqual(read([prompt, aStep(1, { id: 'prt_1', type: 'step-start' })]), waiting);
    assert.equal(read([]), undefined);
  });

  it('is what the newest part tells, and to wait again between two', () => {
    assert.equal(read([prompt, aStep(1, call)])?.doing, 'reading a.ts');
    assert.equal(read([prompt, aStep(1, { ...call, status: 'completed' })])?.doing, 'waiting for echo');
    assert.equal(
      read([prompt, aStep(1, call), aStep(3, { id: 'prt_3', type: 'step-start' })])?.doing,
      'waiting for echo',
    );
    assert.equal(read([prompt, aStep(1, { id: 'prt_1', type: 'text', text: 'So' })])?.doing, 'writing');
    assert.equal(
      read([prompt, aStep(1, { id: 'prt_1', type: 'reasoning', text: '', start: 1 })])?.doing,
      'thinking',
    );
  });

  it('began with the prompt that runs, not with one that waits, and without the time of a person', () => {
    const later = aMessage(2, aText('prt_2', 'And then?'));
    assert.equal(read([prompt, aStep(1, call), later])?.since, began);
    assert.equal(
      read([prompt, aStep(1, call)], [{ from: began + 10_000, to: began + 70_000 }])?.since,
      began + 60_000,
    );
  });

  it('began nobody knows how much earlier where nobody saw how long a person was waited for', () => {
    const wait = { from: began + 10_000, to: began + 10_000, isLeast: true } as const;
    const seen = read([prompt, aStep(1, call)], [wait]);
    assert.deepEqual([seen?.since, seen?.doing], [undefined, 'reading a.ts']);
  });

  it('waits as long as the call of a question tells, whatever was seen of that', () => {
    const question = aTool({ id: 'prt_1', tool: 'question', callId: 'call_1' });
    const asked = { ...question, start: began + 10_000, end: began + 40_000 };
    const wait = { from: began + 20_000, to: began + 20_000, callId: 'call_1', isLeast: true } as const;
    assert.equal(read([prompt, aStep(1, asked)], [wait])?.since, began + 30_000);
  });
});
