import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import { RelayPrompts } from '../../../src/core/prompts/pendingPrompts.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { withProvedRelays } from '../../../src/core/turns/relayProof.ts';
import type { RelayLeg } from '../../../src/protocol/pending.ts';
import { aLeg, aProof, aSession } from './builders.ts';

function setUp() {
  const sessions = new SessionStore();
  const calls: unknown[][] = [];
  const proof = aProof();
  const reasons: string[] = [];
  const didChangeWhy = new Emitter<{ sessionId: string }>();
  const prompts = new RelayPrompts({
    sessions,
    proof,
    why: () => reasons.at(-1),
    onDidChangeWhy: didChangeWhy.event,
    edit: async (...edited) => void calls.push(['edit', ...edited]),
    cancel: async (...cancelled) => void calls.push(['cancel', ...cancelled]),
  });
  const told: string[] = [];
  prompts.onDidChange(({ sessionId }) => told.push(sessionId));
  const show = (legs: RelayLeg[]): void => {
    const metadata = withProvedRelays(proof, { id: 'ses_1' }, { revision: 'a', legs });
    const info = aSession({ id: 'ses_1', metadata });
    sessions.apply({ type: 'session.updated', properties: { info } });
  };
  const explain = (reason: string): void => {
    reasons.push(reason);
    didChangeWhy.fire({ sessionId: 'ses_1' });
  };
  return { prompts, calls, told, show, explain };
}

describe('pending relays below a transcript', () => {
  it('are what the server holds, in its order', () => {
    const { prompts, show } = setUp();
    show([
      { ...aLeg('msg_1', { text: 'Look.' }), state: { kind: 'held', reason: 'The turn failed.' } },
      aLeg('msg_2', { text: 'Go on.' }),
    ]);
    assert.deepEqual(prompts.of('ses_1'), [
      { id: 'msg_1', text: 'Look.', agent: 'plan', relay: { held: 'The turn failed.' } },
      { id: 'msg_2', text: 'Go on.', agent: 'plan', relay: {} },
    ]);
  });

  it('say which of them is being sent and can be changed no more', () => {
    const { prompts, show } = setUp();
    show([
      { ...aLeg('msg_1', { text: 'Look.' }), state: { kind: 'sending', window: 'one', time: 1 } },
      aLeg('msg_2', { text: 'Go on.' }),
    ]);
    assert.deepEqual(
      prompts.of('ses_1').map(({ sending }) => sending),
      [true, undefined],
    );
  });

  it('say that they changed, and only then', () => {
    const { told, show } = setUp();
    show([]);
    show([aLeg('msg_1', { text: 'Look.' })]);
    show([aLeg('msg_1', { text: 'Look.' })]);
    show([]);
    assert.deepEqual(told, ['ses_1', 'ses_1']);
  });

  it('are changed by the relays alone', async () => {
    const { prompts, calls } = setUp();
    await prompts.edit('ses_1', 'msg_1', 'Look again.');
    await prompts.remove('ses_1', 'msg_1');
    assert.deepEqual(calls, [
      ['edit', 'ses_1', 'msg_1', { text: 'Look again.' }],
      ['cancel', 'ses_1', ['msg_1']],
    ]);
  });

  it('says of the first one why it waits, as soon as there is a reason', () => {
    const { prompts, told, show, explain } = setUp();
    show([aLeg('msg_1', { text: 'Look.' }), aLeg('msg_2', { text: 'Go on.' })]);
    told.splice(0);
    explain('It is tried again by itself.');
    assert.deepEqual(told, ['ses_1']);
    assert.deepEqual(
      prompts.of('ses_1').map(({ why }) => why),
      ['It is tried again by itself.', undefined],
    );
  });
});
