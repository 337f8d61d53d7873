import assert from 'node:assert/strict';
import { lastConclusion, ownText } from '../../../src/core/continuation/conversation.ts';
import { buildSessionMarkdown } from '../../../src/core/export/sessionMarkdown.ts';
import { toSections } from '../../../src/core/export/toSection.ts';
import { toPartEntry } from '../../../src/core/entries/transcriptEntry.ts';
import { messageText } from '../../../src/webview/turns/answerFigures.ts';
import { transcriptText } from '../../../src/webview/turns/transcriptText.ts';
import { anAnswer } from './builders.ts';

describe('An answer that was tried several times', () => {
  const begin = { type: 'step-start' };
  const end = { type: 'step-finish', reason: 'stop', cost: 0 };
  const call = {
    type: 'tool',
    tool: 'bash',
    callID: 'call_1',
    state: {
      status: 'completed',
      input: { command: 'ls' },
      output: '',
      title: '',
      time: { start: 1, end: 2 },
    },
  };
  const say = (text: string) => ({ type: 'text', text, time: { start: 1, end: 2 } });
  const tried = [begin, say('It is'), call, begin, say('It is done'), begin, say('It is done.'), end];
  const answer = anAnswer('msg_2', 'msg_1', { parts: tried });

  it('says but once what it says, to whoever reads it', () => {
    assert.equal(ownText(answer), 'It is done.');
    assert.equal(lastConclusion([answer]), 'It is done.');
    const exported = buildSessionMarkdown({
      sections: toSections([answer], '/work'),
      reverted: 0,
      isPartial: false,
    });
    assert.equal(exported.match(/It is/g)?.length, 1);
    assert.match(exported, /ls/, 'what it did stays done');
    const message = {
      head: { id: 'msg_2', role: 'assistant' as const, agent: 'build', created: 1 },
      parts: answer.parts.map((part) => toPartEntry(part)),
    };
    assert.equal(messageText(message), 'It is done.');
    assert.equal(transcriptText('Title', [message], false).match(/It is/g)?.length, 1);
  });

  it('is whole where each of its steps came to its end', () => {
    const steps = anAnswer('msg_2', 'msg_1', { parts: [begin, say('One.'), end, begin, say('Two.'), end] });
    assert.equal(ownText(steps), 'One.\nTwo.');
  });

  it('says what it said as far as it came', () => {
    const open = anAnswer('msg_2', 'msg_1', { parts: [begin, say('One'), begin, say('Two')] });
    assert.equal(ownText(open), 'Two');
  });
});
