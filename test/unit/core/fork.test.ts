import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import { findForkEnd, type ForkPoint, forkTitle, isForkEndKnown } from '../../../src/core/turns/fork.ts';
import { anAnswer, aUserMessage } from './builders.ts';

const exchange = [aUserMessage('u1'), anAnswer('a1', 'u1'), aUserMessage('u2'), anAnswer('a2', 'u2')];

const idsOf = ({ before, at }: ForkPoint) => ({ before, at });

function aMessageOf(kind: string, index: number) {
  const id = `m${String(index).padStart(3, '0')}`;
  switch (kind) {
    case 'prompt':
      return aUserMessage(id);
    case 'request':
      return aUserMessage(id, { parts: [{ type: 'compaction', auto: true }] });
    case 'step':
      return anAnswer(id, 'm', { finish: 'tool-calls' });
    case 'running':
      return anAnswer(id, 'm', { running: true });
    case 'summary':
      return anAnswer(id, 'm', { summary: true });
    case 'failure':
      return anAnswer(id, 'm', { error: 'APIError' });
    default:
      return anAnswer(id, 'm');
  }
}

describe('the point of a fork', () => {
  it('tells when the last message was made that is included', () => {
    assert.equal(findForkEnd(exchange, { upTo: 'a1' }).end, exchange[1]?.info.time.created);
    assert.equal(findForkEnd([], {}).end, 0);
  });

  it('gives the server the message after the one that is included', () => {
    assert.deepEqual(idsOf(findForkEnd(exchange, { upTo: 'a1' })), { before: 'u2', at: 'a1' });
  });

  it('copies everything when the last message is included', () => {
    assert.deepEqual(idsOf(findForkEnd(exchange, { upTo: 'a2' })), { before: undefined, at: 'a2' });
  });

  it('refuses a message that the session does not have', () => {
    assert.throws(() => findForkEnd(exchange, { upTo: 'gone' }), NotFoundProblem);
  });

  it('leaves out a turn that is still going on', () => {
    const running = [
      ...exchange,
      aUserMessage('u3'),
      anAnswer('a3', 'u3', { finish: 'tool-calls' }),
      anAnswer('a4', 'u3', { running: true }),
    ];
    assert.deepEqual(idsOf(findForkEnd(running, { isBusy: true })), { before: 'u3', at: 'a2' });
  });

  it('leaves out a turn into which another prompt was steered', () => {
    const steered = [
      ...exchange,
      aUserMessage('u3'),
      anAnswer('a3', 'u3', { finish: 'tool-calls' }),
      aUserMessage('u4'),
    ];
    assert.deepEqual(idsOf(findForkEnd(steered, { isBusy: true })), { before: 'u3', at: 'a2' });
  });

  it('includes a turn that was stopped', () => {
    const stopped = [
      ...exchange,
      aUserMessage('u3'),
      anAnswer('a3', 'u3', { error: 'MessageAbortedError' }),
      aUserMessage('u4'),
    ];
    assert.deepEqual(idsOf(findForkEnd(stopped, { isBusy: true })), { before: 'u4', at: 'a3' });
  });

  it('is before everything while the first turn goes on', () => {
    assert.deepEqual(idsOf(findForkEnd([aUserMessage('u1')], { isBusy: true })), {
      before: 'u1',
      at: undefined,
    });
  });

  const compacted = [
    ...exchange,
    aUserMessage('u3', { parts: [{ type: 'compaction', auto: false }] }),
    anAnswer('a3', 'u3', { summary: true }),
    aUserMessage('u4'),
  ];

  it('takes the summary along where it is the row of a compaction, which would swallow the first prompt', () => {
    assert.deepEqual(idsOf(findForkEnd(compacted, { upTo: 'u3' })), { before: 'u4', at: 'a3' });
  });

  it('is before a compaction that goes on, failed or was stopped', () => {
    const request = compacted.slice(0, 5);
    const failed = anAnswer('a3', 'u3', { summary: true, error: 'MessageAbortedError' });
    const running = anAnswer('a3', 'u3', { summary: true, running: true });
    for (const messages of [request, [...request, failed], [...request, running]]) {
      for (const isBusy of [true, false]) {
        assert.deepEqual(idsOf(findForkEnd(messages, { isBusy })), { before: 'u3', at: 'a2' });
      }
    }
  });

  it('is before what was reverted, of which no message can be named', () => {
    const revert = { messageID: 'u2' };
    assert.deepEqual(idsOf(findForkEnd(exchange, { revert })), { before: 'u2', at: 'a1' });
    assert.deepEqual(idsOf(findForkEnd(exchange, { revert, upTo: 'a1' })), { before: 'u2', at: 'a1' });
    assert.throws(() => findForkEnd(exchange, { revert, upTo: 'a2' }), NotFoundProblem);
    assert.deepEqual(idsOf(findForkEnd(exchange, { revert: { messageID: 'u1' } })), {
      before: 'u1',
      at: undefined,
    });
  });

  it('never leaves an open compaction or anything reverted in the fork, whatever was asked, however little is known', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('prompt', 'answer', 'step', 'running', 'request', 'summary', 'failure')),
        fc.record({ isBusy: fc.boolean(), upTo: fc.option(fc.nat(12)), revert: fc.option(fc.nat(12)) }),
        fc.nat(12),
        (kinds, { isBusy, upTo, revert }, tail) => {
          const messages = kinds.map(aMessageOf);
          const idAt = (index: number | null) => messages[index ?? -1]?.info.id;
          const reverted = idAt(revert);
          const wish = {
            isBusy,
            upTo: idAt(upTo),
            ...(reverted === undefined ? {} : { revert: { messageID: reverted } }),
          };
          const standing = reverted === undefined ? messages.length : (revert ?? 0);
          if (wish.upTo !== undefined && (upTo ?? 0) >= standing) {
            assert.throws(() => findForkEnd(messages, wish), NotFoundProblem);
            return;
          }
          const point = findForkEnd(messages, wish);
          const end = messages.findIndex(({ info }) => info.id === point.at);
          assert.equal(point.before, messages[end + 1]?.info.id, 'both words say the same');
          assert.ok(end < standing, 'nothing that was reverted is copied');
          const copied = kinds.slice(0, end + 1);
          const request = copied.lastIndexOf('request');
          const closed = copied.slice(request + 1).some((kind) => kind === 'answer' || kind === 'summary');
          assert.ok(request === -1 || closed, `an open request: ${copied.join(' ')}`);
          const known = messages.slice(-1 - tail);
          if (isForkEndKnown(known, wish)) assert.deepEqual(findForkEnd(known, wish), point);
        },
      ),
    );
  });

  it('is the whole session when everything is settled', () => {
    assert.deepEqual(idsOf(findForkEnd(exchange, { isBusy: true })), { before: undefined, at: 'a2' });
  });
});

describe('the title of a fork', () => {
  it('is numbered', () => assert.equal(forkTitle('Parser', []), 'Parser (fork #1)'));

  it('is unique among its siblings', () =>
    assert.equal(forkTitle('Parser', ['Parser (fork #1)', 'Parser (fork #4)', 'Other']), 'Parser (fork #5)'));

  it('counts on from a fork of a fork', () =>
    assert.equal(forkTitle('Parser (fork #2)', []), 'Parser (fork #3)'));

  it('leaves out the time in the title of an untitled session', () =>
    assert.equal(forkTitle('New session - 2026-11-20T10:11:12.345Z', []), 'New session (fork #1)'));

  it('has a word even when the source has no title', () =>
    assert.equal(forkTitle(' ', []), 'Session (fork #1)'));
});
