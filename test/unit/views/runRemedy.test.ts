import assert from 'node:assert/strict';
import type { Outcome } from '../../../src/core/turns/outcome.ts';
import { AssistantMessage } from '../../../src/protocol/records.ts';
import { runRemedy } from '../../../src/views/transcript/runRemedy.ts';
import { aServer } from '../commands/commands.ts';
import { aSession, anAnswer } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

describe('What an error on a page offers', () => {
  const error = { name: 'APIError', data: { message: 'Wrong key.', statusCode: 401 } };
  const connect = 'opencodeSessions.provider.connect';

  const setUp = (end?: Outcome) => {
    const ran: unknown[][] = [];
    const answer = anAnswer('msg_2', 'msg_1');
    const info = AssistantMessage.parse({ ...answer.info, providerID: 'made', error });
    const { openCode } = aServer({
      getMessage: (_: string, id: string) => (id === 'msg_2' ? { info, parts: [] } : anAnswer(id, 'msg_1')),
    });
    const ports = {
      openCode,
      sessions: aStore([aSession({ id: 'ses_1' })]),
      ends: { of: () => end },
      executeCommand: async (...run: unknown[]) => void ran.push(run),
    };
    return { ports, ran };
  };

  it('is done with what goes with it, which the page does not say', async () => {
    const { ports, ran } = setUp();
    await runRemedy(ports, { sessionId: 'ses_1', messageId: 'msg_2', command: connect });
    await runRemedy(ports, {
      sessionId: 'ses_1',
      messageId: 'msg_2',
      command: 'opencodeSessions.session.retry',
    });
    assert.deepEqual(ran, [
      [connect, { providerId: 'made' }],
      ['opencodeSessions.session.retry', { sessionId: 'ses_1' }],
    ]);
  });

  it('is that of the last run where no message is named', async () => {
    const { ports, ran } = setUp({ kind: 'failed', error });
    await runRemedy(ports, { sessionId: 'ses_1', command: connect });
    assert.deepEqual(ran, [[connect, { providerId: 'local' }]]);
  });

  it('is nothing else, whatever the page asks for', async () => {
    const { ports, ran } = setUp();
    for (const asked of [
      { messageId: 'msg_2', command: 'workbench.action.terminal.sendSequence' },
      { messageId: 'msg_9', command: connect },
      { command: connect },
    ]) {
      await assert.rejects(runRemedy(ports, { sessionId: 'ses_1', ...asked }), /this error no more/);
    }
    assert.deepEqual(ran, []);
  });
});
