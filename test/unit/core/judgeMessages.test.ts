import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeMessages, judgePrompt } from '../../../src/core/turns/judgeMessages.ts';
import { broughtBackMetadata } from '../../../src/protocol/broughtBack.ts';
import { knownEventTypes, ServerEvent } from '../../../src/protocol/events.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { anAnswer, aUserMessage } from './builders.ts';

const asked = aUserMessage('u1');
const answered = [asked, anAnswer('a1', 'u1')];
const told = aUserMessage('t1', { parts: [{ type: 'text', text: 'Problems: none', synthetic: true }] });
const note = aUserMessage('n1', { parts: [{ type: 'text', text: 'For people', ignored: true }] });
const broughtBack = aUserMessage('b1', {
  parts: [{ type: 'text', text: 'Tables win.', metadata: broughtBackMetadata('ses_2') }],
});
const compaction = (id: string) => aUserMessage(id, { parts: [{ type: 'compaction', auto: false }] });
const goOn = aUserMessage('c9', {
  parts: [{ type: 'text', text: 'Continue', synthetic: true, metadata: { compaction_continue: true } }],
});

const shellCall = aCall('bash', { status: 'completed', input: {}, output: '', time: { start: 1, end: 2 } });
const shell = [
  aUserMessage('s1', {
    parts: [{ type: 'text', text: 'The following tool was executed by the user', synthetic: true }],
  }),
  withoutFinish(anAnswer('s2', 's1', { parts: [shellCall] })),
];

function aCall(tool: string, state: unknown, metadata?: unknown): Record<string, unknown> {
  return { type: 'tool', tool, callID: 'call_1', state, ...(metadata === undefined ? {} : { metadata }) };
}

function anError(error: string, metadata = {}): Record<string, unknown> {
  return aCall('bash', { status: 'error', input: {}, error, metadata, time: { start: 1, end: 2 } });
}

/** Completed, and no end is named: what a command in the shell leaves, and an abort while a request is tried again. */
function withoutFinish({ info, parts }: MessageWithParts): MessageWithParts {
  const { finish: _, ...rest } = info.role === 'assistant' ? info : { ...info, finish: '' };
  return { info: rest, parts };
}

const kindOf = (...messages: MessageWithParts[]) => judgeMessages(messages)?.kind;

describe('judging the last run of an idle session by its messages', () => {
  it('knows nothing where nothing was asked', () => {
    assert.equal(kindOf(), undefined);
    assert.equal(kindOf(told, note, broughtBack), undefined);
  });

  it('calls a finished answer settled, also with contexts, notes and commands in the shell behind it', () => {
    assert.equal(kindOf(...answered), 'settled');
    assert.equal(kindOf(...answered, told, note, broughtBack), 'settled');
    assert.equal(kindOf(...answered, ...shell), 'settled');
    assert.equal(kindOf(...shell), 'settled');
  });

  it('calls a prompt that no message answers unanswered', () => {
    assert.equal(kindOf(asked), 'unanswered');
    const outcome = judgeMessages([...answered, aUserMessage('u2')]);
    assert.equal(outcome?.kind === 'unanswered' && outcome.prompt.id, 'u2');
    assert.equal(kindOf(...answered, aUserMessage('u2'), aUserMessage('u3')), 'unanswered');
  });

  it('calls a prompt of files, of agents or of a subtask a prompt', () => {
    for (const part of [
      { type: 'file', mime: 'text/plain', url: 'file:///a.ts' },
      { type: 'agent', name: 'helper' },
      { type: 'subtask', agent: 'helper', description: 'Look', prompt: 'Look it up' },
    ]) {
      assert.equal(kindOf(...answered, aUserMessage('u2', { parts: [part] })), 'unanswered', part.type);
    }
  });

  it('calls a message that came back without its parts no prompt', () =>
    assert.equal(kindOf(...answered, aUserMessage('u2', { parts: [] })), 'settled'));

  it('calls a prompt that was steered into a run unanswered until a message answers it', () => {
    const steered = [asked, anAnswer('a1', 'u1', { error: 'MessageAbortedError' }), aUserMessage('u2')];
    assert.equal(kindOf(...steered), 'unanswered');
    assert.equal(kindOf(...steered, anAnswer('a2', 'u2')), 'settled');
    // The step of the run began after the prompt was stored and does not know it yet.
    assert.equal(kindOf(asked, aUserMessage('u2'), anAnswer('a1', 'u1')), 'unanswered');
  });

  it('takes neither a command in the shell nor a compaction for the answer to a prompt', () => {
    assert.equal(kindOf(asked, ...shell), 'unanswered');
    assert.equal(kindOf(asked, compaction('c1'), anAnswer('c2', 'c1', { summary: true })), 'unanswered');
  });

  it('finds the prompt that a compaction sends after itself answered or not', () => {
    const compacted = [...answered, compaction('c1'), anAnswer('c2', 'c1', { summary: true })];
    assert.equal(kindOf(...compacted), 'settled');
    assert.equal(kindOf(...compacted, goOn), 'unanswered');
    assert.equal(kindOf(...compacted, goOn, anAnswer('a9', 'c9')), 'settled');
  });

  it('calls a compaction that never began unanswered, and one that was cut off interrupted', () => {
    assert.equal(kindOf(...answered, compaction('c1')), 'unanswered');
    const cut = anAnswer('c2', 'c1', { summary: true, running: true });
    assert.equal(kindOf(...answered, compaction('c1'), cut), 'interrupted');
  });

  it('calls an answer without an end interrupted, whatever its parts say', () => {
    assert.equal(kindOf(asked, anAnswer('a1', 'u1', { running: true })), 'interrupted');
    assert.equal(kindOf(asked, anAnswer('a1', 'u1', { running: true, parts: [] })), 'interrupted');
    const call = aCall('bash', { status: 'running', input: {}, time: { start: 1 } });
    assert.equal(kindOf(asked, anAnswer('a1', 'u1', { running: true, parts: [call] })), 'interrupted');
  });

  it('calls a run interrupted of which the last step wanted another one', () => {
    for (const finish of ['tool-calls', 'unknown', 'stop', 'length']) {
      const step = anAnswer('a1', 'u1', { finish, parts: [{ type: 'step-start' }, shellCall] });
      assert.equal(kindOf(asked, step), 'interrupted', finish);
    }
    const failedCall = anAnswer('a1', 'u1', { finish: 'tool-calls', parts: [anError('No such file')] });
    assert.equal(kindOf(asked, failedCall), 'interrupted');
  });

  it('wants no other step after calls of an earlier one, of the provider, or that were broken off', () => {
    const step = [{ type: 'step-start' }, { type: 'text', text: 'Done' }];
    for (const parts of [
      [{ type: 'step-start' }, shellCall, ...step],
      [...step, { ...shellCall, metadata: { providerExecuted: true } }],
      [...step, anError('Tool execution aborted', { interrupted: true })],
    ]) {
      assert.equal(kindOf(asked, anAnswer('a1', 'u1', { parts })), 'settled');
    }
  });

  it('calls a structured answer settled although it ends with a call', () => {
    const given = { finish: 'tool-calls', structured: { a: 1 }, parts: [shellCall] };
    assert.equal(kindOf(asked, anAnswer('a1', 'u1', given)), 'settled');
  });

  it('calls an answer incomplete that the output limit cut, or that ended in a way that is not known', () => {
    for (const finish of ['length', 'content-filter', 'error', 'other']) {
      assert.equal(kindOf(asked, anAnswer('a1', 'u1', { finish })), 'incomplete', finish);
    }
    const thought = { type: 'reasoning', text: 'Hm', time: { start: 1, end: 2 } };
    assert.equal(kindOf(asked, anAnswer('a1', 'u1', { finish: 'length', parts: [thought] })), 'incomplete');
  });

  it('tells a rejected permission and a dismissed question from what else ends with a call', () => {
    for (const words of [
      'The user rejected permission to use this specific tool call.',
      'The user dismissed this question',
    ]) {
      const ended = anAnswer('a1', 'u1', { finish: 'tool-calls', parts: [anError(words)] });
      assert.equal(kindOf(asked, ended), 'rejected', words);
    }
  });

  it('tells an abort from an error, and finds one while the request was tried again', () => {
    assert.equal(kindOf(asked, anAnswer('a1', 'u1', { error: 'MessageAbortedError' })), 'aborted');
    assert.equal(kindOf(asked, anAnswer('a1', 'u1', { error: 'APIError' })), 'failed');
    assert.equal(kindOf(asked, withoutFinish(anAnswer('a1', 'u1', { parts: [] }))), 'aborted');
    const half = [{ type: 'step-start' }, { type: 'text', text: 'Half an' }];
    assert.equal(kindOf(asked, withoutFinish(anAnswer('a1', 'u1', { parts: half }))), 'aborted');
  });

  it('judges by the newest answer where the prompt is further back than it was asked for', () =>
    assert.equal(kindOf(anAnswer('a8', 'u1', { finish: 'tool-calls' }), anAnswer('a9', 'u1')), 'settled'));

  it('leaves out what is reverted', () => {
    const messages = [...answered, aUserMessage('u2'), anAnswer('v2', 'u2', { error: 'APIError' })];
    assert.equal(judgeMessages(messages)?.kind, 'failed');
    assert.equal(judgeMessages(messages, { messageID: 'u2' })?.kind, 'settled');
    assert.equal(judgeMessages(messages.slice(3), { messageID: 'u2' }), undefined);
    const parts = [
      { type: 'text', text: 'First' },
      { type: 'text', text: 'Second' },
    ];
    const cut = [asked, anAnswer('a1', 'u1', { parts })];
    assert.equal(judgeMessages(cut, { messageID: 'a1', partID: 'prt_a1_1' })?.kind, 'settled');
    assert.equal(judgeMessages(cut, { messageID: 'a1', partID: 'prt_a1_0' })?.kind, 'unanswered');
  });
});

/** The messages as a real OpenCode 1.18.33 left them when it had sent all of the recording. */
function readMessages(name: string): MessageWithParts[] {
  const file = join(import.meta.dirname, '..', 'recordings', `${name}.json`);
  const events = JSON.parse(readFileSync(file, 'utf8')) as { type: string }[];
  const messages = new Map<string, MessageWithParts>();
  for (const event of events.filter(({ type }) => knownEventTypes.has(type))) {
    const { type, properties } = ServerEvent.parse(event);
    if (type === 'message.updated') {
      messages.set(properties.info.id, {
        parts: [],
        ...messages.get(properties.info.id),
        info: properties.info,
      });
    } else if (type === 'message.part.updated') {
      const { part } = properties;
      const message = messages.get(part.messageID);
      if (message === undefined) continue;
      const others = message.parts.filter(({ id }) => id !== part.id);
      messages.set(part.messageID, { ...message, parts: [...others, part] });
    } else if (type === 'message.removed') messages.delete(properties.messageID);
  }
  const all = [...messages.values()];
  const last = all.at(-1)?.info.sessionID;
  return all.filter(({ info }) => info.sessionID === last);
}

describe('judging what a real server left', () => {
  const expected: Readonly<Record<string, string | undefined>> = {
    answer: 'settled',
    shell: 'settled',
    rejection: 'rejected',
    abort: 'aborted',
    abortAndGoOn: 'settled',
    providerError: 'failed',
    retryThenAnswer: 'settled',
    retryAbort: 'aborted',
    unknownModel: 'unanswered',
    missingFile: 'settled',
    steered: 'settled',
    overflow: 'settled',
    compaction: 'settled',
    failedCompaction: 'unanswered',
    structured: 'settled',
  };
  for (const [name, kind] of Object.entries(expected)) {
    it(`reads "${name}" as ${kind}`, () => assert.equal(judgeMessages(readMessages(name))?.kind, kind));
  }
});

describe('judging one prompt by the messages', () => {
  it('finds its own end, whatever was sent after it', () => {
    const later = [...answered, aUserMessage('u2')];
    assert.equal(judgePrompt(later, 'u1').kind, 'answered');
    assert.equal(judgePrompt(later, 'u2').kind, 'unanswered');
    const cut = [asked, anAnswer('a1', 'u1', { finish: 'length' }), aUserMessage('u2'), anAnswer('a2', 'u2')];
    assert.equal(judgePrompt(cut, 'u1').kind, 'incomplete');
    assert.equal(judgePrompt(cut, 'u2').kind, 'answered');
  });

  it('says that the run went on with another one', () =>
    assert.equal(judgePrompt([asked, aUserMessage('u2'), anAnswer('a2', 'u2')], 'u1').kind, 'superseded'));
});
