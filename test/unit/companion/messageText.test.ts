import assert from 'node:assert/strict';
import { messageText } from '../../../src/companion/tools/messageText.ts';
import { broughtBackMetadata } from '../../../src/protocol/broughtBack.ts';
import type { Part } from '../../../src/protocol/records.ts';
import { relayedMetadata } from '../../../src/protocol/relayed.ts';
import { aUserMessage } from '../core/builders.ts';

describe('a message that an agent reads in another session', () => {
  const speaker = (metadata: Record<string, unknown> | undefined): string => {
    const message = aUserMessage('msg_1', { text: 'Use tables.' });
    const parts = message.parts.map((part) => ({ ...part, sessionID: 'ses_1', metadata }) as Part);
    return /^\[(.*) · msg_1\]/.exec(messageText({ ...message, parts }))?.[1] ?? '';
  };
  const relayed = (from?: { session: string; agent: string }) =>
    speaker(relayedMetadata({ id: 'ses_1', agent: 'build' }, { hop: 1, from }));

  it('is said to be of the user only where no agent wrote it', () => {
    assert.equal(speaker(undefined), 'user');
    assert.equal(relayed(), 'user');
    assert.equal(relayed({ session: 'ses_1', agent: 'build' }), 'from agent build, not from the user');
    assert.equal(
      relayed({ session: 'ses_2', agent: 'plan' }),
      'from agent plan of session ses_2, not from the user',
    );
    assert.equal(speaker(broughtBackMetadata('ses_3')), 'from session ses_3, not from the user');
  });
});
