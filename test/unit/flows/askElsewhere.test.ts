import assert from 'node:assert/strict';
import { maySendTo } from '../../../src/flows/prompting/askElsewhere.ts';
import { aServer } from '../commands/commands.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

describe('Whether something may be sent to a session', () => {
  const session = aSession({ id: 'ses_1' });

  it('is asked where another process may work in it, and not where this very server does', async () => {
    for (const [elsewhere, status, answer, asked, expected] of [
      [false, 'idle', false, 0, true],
      [true, 'busy', false, 0, true],
      [true, 'idle', false, 1, false],
      [true, 'idle', true, 1, true],
    ] as const) {
      let questions = 0;
      const ports = {
        openCode: aServer({ listStatuses: () => ({ ses_1: { type: status } }) }).openCode,
        sessions: aStore([session]),
        ends: { mayWorkElsewhere: async () => elsewhere },
        confirmElsewhere: async () => {
          questions += 1;
          return answer;
        },
      };
      assert.deepEqual([await maySendTo(ports, session), questions], [expected, asked]);
    }
  });
});
