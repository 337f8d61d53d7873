import assert from 'node:assert/strict';
import { SessionLock } from '../../../src/core/turns/sessionLock.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import type { DeliveryState } from '../../../src/core/prompts/delivery.ts';
import { Deliveries } from '../../../src/flows/prompting/deliveries.ts';
import { whenIdle } from '../../../src/flows/prompting/whenIdle.ts';
import { aServer } from '../commands/commands.ts';
import { aSession } from '../core/builders.ts';
import { Memory } from '../views/memory.ts';

describe('What is to happen while a session is idle', () => {
  const session = aSession({ id: 'ses_1' });

  it('does not happen between the arrival of a prompt and the server saying that it runs', async () => {
    const deliveries = new Deliveries(new Memory());
    deliveries.write({
      messageId: 'msg_1',
      sessionId: session.id,
      directory: session.directory,
      cause: 'queue',
      agent: 'build',
      text: 'Go on.',
      time: 1,
      state: { kind: 'stored' },
    });
    const done: string[] = [];
    const ports = {
      openCode: aServer({ listStatuses: () => ({}) }).openCode,
      turns: new SettledTurns(),
      lock: new SessionLock(),
      deliveries,
      wait: async () => {
        done.push('waited');
        deliveries.set('msg_1', { kind: done.length < 2 ? 'stored' : 'started' });
      },
    };
    await whenIdle(ports, session, 'It is told something.', async () => void done.push('acted'));
    assert.deepEqual(done, ['waited', 'waited', 'acted']);
  });

  it('does not happen while a prompt that the server accepted may come at any moment', () => {
    const deliveries = new Deliveries(new Memory());
    const sent = {
      messageId: 'msg_1',
      sessionId: session.id,
      directory: session.directory,
      cause: 'typed',
    } as const;
    const write = (state: DeliveryState) =>
      deliveries.write({ ...sent, agent: 'build', text: 'Go on.', time: 1, state });
    write({ kind: 'unknown', isAccepted: true });
    assert.equal(deliveries.isAboutToRun(session.id), true);
    write({ kind: 'unknown' });
    assert.equal(deliveries.isAboutToRun(session.id), false);
  });

  it('happens beside what was told, which begins no turn', async () => {
    const deliveries = new Deliveries(new Memory());
    const told = {
      messageId: 'msg_1',
      sessionId: session.id,
      directory: session.directory,
      cause: 'tell',
    } as const;
    deliveries.write({ ...told, agent: 'build', text: 'By the way.', time: 1, state: { kind: 'stored' } });
    assert.equal(deliveries.isAboutToRun(session.id), false);
  });
});
