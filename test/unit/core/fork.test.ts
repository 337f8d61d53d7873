import assert from 'node:assert/strict';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import { exclusiveForkPoint, forkTitle, lastSettledPoint } from '../../../src/core/turns/fork.ts';
import { anAnswer, aUserMessage } from './builders.ts';

const exchange = [aUserMessage('u1'), anAnswer('a1', 'u1'), aUserMessage('u2'), anAnswer('a2', 'u2')];

describe('the point of a fork', () => {
  it('gives the server the message after the one that is included', () => {
    assert.deepEqual(exclusiveForkPoint(exchange, 'a1'), { before: 'u2', at: 'a1' });
  });

  it('copies everything when the last message is included', () => {
    assert.deepEqual(exclusiveForkPoint(exchange, 'a2'), { before: undefined, at: 'a2' });
  });

  it('refuses a message that the session does not have', () => {
    assert.throws(() => exclusiveForkPoint(exchange, 'gone'), NotFoundProblem);
  });

  it('leaves out a turn that is still going on', () => {
    const running = [
      ...exchange,
      aUserMessage('u3'),
      anAnswer('a3', 'u3', { finish: 'tool-calls' }),
      anAnswer('a4', 'u3', { running: true }),
    ];
    assert.deepEqual(lastSettledPoint(running), { before: 'u3', at: 'a2' });
  });

  it('leaves out a turn into which another prompt was steered', () => {
    const steered = [
      ...exchange,
      aUserMessage('u3'),
      anAnswer('a3', 'u3', { finish: 'tool-calls' }),
      aUserMessage('u4'),
    ];
    assert.deepEqual(lastSettledPoint(steered), { before: 'u3', at: 'a2' });
  });

  it('includes a turn that was stopped', () => {
    const stopped = [
      ...exchange,
      aUserMessage('u3'),
      anAnswer('a3', 'u3', { error: 'MessageAbortedError' }),
      aUserMessage('u4'),
    ];
    assert.deepEqual(lastSettledPoint(stopped), { before: 'u4', at: 'a3' });
  });

  it('is before everything while the first turn goes on', () => {
    assert.deepEqual(lastSettledPoint([aUserMessage('u1')]), { before: 'u1', at: undefined });
  });

  it('is the whole session when everything is settled', () => {
    assert.deepEqual(lastSettledPoint(exchange), { before: undefined, at: 'a2' });
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
