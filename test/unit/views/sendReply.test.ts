import assert from 'node:assert/strict';
import { NotFoundProblem, UnavailableProblem } from '../../../src/core/errors.ts';
import { sendReply } from '../../../src/views/transcript/sendReply.ts';
import { aServer } from '../commands/commands.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

const request = {
  id: 'per_1',
  sessionID: 'ses_1',
  permission: 'bash',
  patterns: ['ls'],
  metadata: {},
  always: [],
};

function setUp(send: () => unknown) {
  const server = aServer({ replyPermission: send });
  let told = 0;
  const feed = {
    waiting: () => [{ kind: 'permission' as const, request }],
    tellRequests: () => void (told += 1),
  };
  const sessions = aStore([aSession({ id: 'ses_1', directory: '/work' })]);
  const reply = (requestId: string) =>
    sendReply({ sessions, openCode: server.openCode }, feed, {
      type: 'replyPermission',
      sessionId: 'ses_1',
      requestId,
      reply: 'once',
    });
  return { reply, calls: server.calls, told: () => told };
}

describe('an answer to what a transcript asks', () => {
  it('goes to where it is awaited', async () => {
    const { reply, calls, told } = setUp(() => undefined);
    await reply('per_1');
    assert.deepEqual(calls, [['replyPermission', '/work', request, 'once', undefined]]);
    assert.equal(told(), 0);
  });

  it('can be given again when it was not taken', async () => {
    const { reply, told } = setUp(() => {
      throw new UnavailableProblem('There is no server.');
    });
    await assert.rejects(reply('per_1'), UnavailableProblem);
    assert.equal(told(), 1);
  });

  it('is not given to what is no longer asked, which is taken off the page', async () => {
    const { reply, calls, told } = setUp(() => undefined);
    await assert.rejects(reply('per_2'), NotFoundProblem);
    assert.deepEqual(calls, []);
    assert.equal(told(), 1);
  });
});
