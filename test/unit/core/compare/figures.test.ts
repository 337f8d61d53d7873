import assert from 'node:assert/strict';
import { overlap, readFigures } from '../../../../src/core/compare/figures.ts';
import { nameApart } from '../../../../src/core/compare/namesApart.ts';
import { splitShared } from '../../../../src/core/compare/sharedMessages.ts';
import { printTable } from '../../../../src/core/compare/textTable.ts';
import type { MessageWithParts } from '../../../../src/protocol/records.ts';
import { anAnswer, aUserMessage } from '../builders.ts';

/** An answer of which the server counted so many tokens, at that price. */
const counted = (message: MessageWithParts, input: number, cost = 0): MessageWithParts => {
  assert.ok(message.info.role === 'assistant');
  const tokens = { input, output: 1, reasoning: 0, cache: { read: 0, write: 0 } };
  return { ...message, info: { ...message.info, tokens, cost } };
};

const read = (
  messages: readonly MessageWithParts[],
  given: Partial<Parameters<typeof readFigures>[0]> = {},
) =>
  readFigures({
    messages,
    directory: '/work',
    subagents: [],
    waits: [],
    isWorking: false,
    now: 0,
    ...given,
  });

/** A copy as a fork has it. */
const copy = (message: MessageWithParts, id: string): MessageWithParts => ({
  ...message,
  info: { ...message.info, id },
});

describe('where sessions part', () => {
  const shared = [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')];
  const copied = (prefix: string) => shared.map((message, index) => copy(message, `${prefix}${index}`));
  const [own, other] = [aUserMessage('msg_3'), aUserMessage('msg_4')];

  it('is after the last message that all of them have, whatever ids its copies have', () => {
    const { last, own: owns } = splitShared([[...copied('msg_a'), own], [...copied('msg_b'), other], shared]);
    assert.equal(last?.info.id, 'msg_a1');
    assert.deepEqual(owns, [[own], [other], []]);
  });

  it('is the earliest of the points where one was forked later than another', () => {
    const later = aUserMessage('msg_5');
    const { last, own: owns } = splitShared([
      [...shared, later, own],
      [...copied('msg_b'), other],
    ]);
    assert.equal(last?.info.id, 'msg_2');
    assert.deepEqual(owns, [[later, own], [other]]);
  });

  it('is nowhere for those that have no message in common', () => {
    assert.deepEqual(splitShared([[own], [other]]), { last: undefined, own: [[own], [other]] });
  });
});

describe('the figures of a session', () => {
  it('add up what its answers and its subagents took, and say where something was not counted', () => {
    const messages = [
      aUserMessage('msg_1'),
      counted(anAnswer('msg_2', 'msg_1'), 100, 0.5),
      counted(anAnswer('msg_3', 'msg_1'), 200, 0.25),
    ];
    const { tokens, cost } = read(messages);
    assert.deepEqual(
      [tokens, cost],
      [
        { value: 302, isLeast: false },
        { value: 0.75, isLeast: false },
      ],
    );
    const more = read([...messages, anAnswer('msg_4', 'msg_1', { running: true })], {
      subagents: [
        { cost: 1, tokens: { input: 10, output: 0, reasoning: 0, cache: { read: 0, write: 0 } } },
        {},
      ],
    });
    assert.deepEqual(
      [more.tokens, more.cost],
      [
        { value: 312, isLeast: true },
        { value: 1.75, isLeast: true },
      ],
    );
  });

  it('take no failed answer for one that nobody counted', () => {
    const { tokens } = read([aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1', { error: 'APIError' })]);
    assert.deepEqual(tokens, { value: 0, isLeast: false });
  });

  it('count calls and answers that failed, and none that a person stopped', () => {
    const failed = {
      type: 'tool',
      callID: 'c',
      tool: 'bash',
      state: { status: 'error', input: {}, error: 'no', time: { start: 1, end: 2 } },
    };
    const { failures } = read([
      aUserMessage('msg_1'),
      anAnswer('msg_2', 'msg_1', { parts: [failed] }),
      anAnswer('msg_3', 'msg_1', { error: 'APIError' }),
      anAnswer('msg_4', 'msg_1', { error: 'MessageAbortedError' }),
    ]);
    assert.deepEqual(failures, { calls: 1, answers: 1 });
  });

  it('take the time from each prompt to the last answer to it, and up to now while it works', () => {
    const prompt = aUserMessage('msg_1');
    const answer = anAnswer('msg_2', 'msg_1');
    const from = prompt.info.time.created;
    const { took, spans } = read([prompt, answer]);
    assert.deepEqual([took, spans], [1500, [{ from, to: from + 1500 }]]);
    assert.equal(read([prompt, answer], { isWorking: true, now: from + 9000 }).took, 9000);
    const waited = read([prompt, answer], { waits: [{ from: from + 500, to: from + 1000 }] });
    assert.equal(waited.waited.milliseconds, 500);
  });

  it('say whether turns of two ran at the same time', () => {
    assert.ok(overlap([{ from: 1, to: 5 }], [{ from: 4, to: 9 }]));
    assert.ok(!overlap([{ from: 1, to: 4 }], [{ from: 4, to: 9 }]));
  });
});

describe('the names of compared sessions', () => {
  it('leave out what all are called by the session that they came from', () => {
    assert.deepEqual(nameApart(['Parser: Lists', 'Parser: Maps'], 'Parser'), ['Lists', 'Maps']);
    assert.deepEqual(nameApart(['Parser: Lists', 'Parser'], 'Parser'), ['Parser: Lists', 'Parser']);
  });

  it('are counted where two are the same', () => {
    assert.deepEqual(nameApart(['One', 'One', 'One'], 'x'), ['One', 'One (2)', 'One (3)']);
  });
});

describe('a table in a text', () => {
  it('has its columns below each other, also with letters that are twice as wide', () => {
    assert.equal(
      printTable([
        ['', 'A'],
        ['Name', '日本'],
      ]),
      '|      | A    |\n| ---- | ---- |\n| Name | 日本 |',
    );
  });
});
