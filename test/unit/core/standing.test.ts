import assert from 'node:assert/strict';
import { withoutReverted } from '../../../src/core/turns/standing.ts';
import { anAnswer, aUserMessage } from './builders.ts';

describe('what stands of a session after a revert', () => {
  const step = anAnswer('m2', 'm1', {
    parts: [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
  });
  const messages = [aUserMessage('m1'), step, aUserMessage('m3'), anAnswer('m4', 'm3')];
  const standing = (messageID: string, partID?: string, known = messages) =>
    withoutReverted(known, { messageID, ...(partID === undefined ? {} : { partID }) }).map(
      ({ info }) => info.id,
    );

  it('is all where nothing was reverted', () =>
    assert.deepEqual(withoutReverted(messages, undefined), messages));

  it('is what comes before the message', () => assert.deepEqual(standing('m3'), ['m1', 'm2']));

  it('is the beginning of the message where a part of it was named', () => {
    assert.deepEqual(standing('m2', 'prt_m2_1'), ['m1', 'm2']);
    assert.deepEqual(
      withoutReverted(messages, { messageID: 'm2', partID: 'prt_m2_1' })[1]?.parts,
      step.parts.slice(0, 1),
    );
    assert.deepEqual(standing('m2', 'prt_m2_0'), ['m1']);
  });

  it('is nothing of the latest messages where the revert began before them', () => {
    assert.deepEqual(standing('m1', undefined, messages.slice(2)), []);
  });
});
