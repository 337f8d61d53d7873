import assert from 'node:assert/strict';
import { showToasts } from '../../../src/companion/executor/toasts.ts';
import { Emitter } from '../../../src/core/event.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import type { RelayNotice } from '../../../src/flows/relaying/relay.ts';
import type { RelayLeg } from '../../../src/protocol/pending.ts';

describe('what is shown at the terminal of what was sent from there', () => {
  const leg: RelayLeg = {
    messageId: 'msg_1',
    agent: 'reviewer',
    model: { providerID: 'p', modelID: 'm' },
    text: 'Review it.',
    chain: 'msg_2',
    hop: 1,
    time: 1,
    behind: true,
    state: { kind: 'waiting' },
  };
  const from = { session: 'ses_1', agent: 'build' };

  it('is who goes on on the word of an agent, and what went otherwise than it was asked', () => {
    const notices = new Emitter<RelayNotice>();
    const shown: { message: string; variant: string }[] = [];
    showToasts({
      relays: { onDidNotice: notices.event },
      sessions: new SessionStore(),
      show: async (toast) => void shown.push(toast),
      log: { warn: () => undefined },
    });
    const sessionId = 'ses_1';
    notices.fire({ kind: 'sent', sessionId, leg });
    notices.fire({ kind: 'sent', sessionId, leg: { ...leg, from, silent: true } });
    notices.fire({ kind: 'cancelled', sessionId, legs: [leg] });
    notices.fire({ kind: 'waits', sessionId, leg, reason: 'typing' });
    assert.deepEqual(shown, [], 'a person did it, or sees it');
    notices.fire({ kind: 'sent', sessionId, leg: { ...leg, from } });
    notices.fire({ kind: 'held', sessionId, legs: [leg], reason: 'The turn failed.' });
    assert.deepEqual(shown, [
      { message: 'reviewer goes on in “ses_1” on what build wrote.', variant: 'info' },
      { message: 'The relay to reviewer in “ses_1” waits for you. The turn failed.', variant: 'warning' },
    ]);
  });
});
