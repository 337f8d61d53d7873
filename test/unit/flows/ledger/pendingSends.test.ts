import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/core/event.ts';
import { PendingSends } from '../../../../src/flows/ledger/pendingSends.ts';
import type { RelayLeg } from '../../../../src/protocol/pending.ts';
import type { QueuedPrompt } from '../../../../src/protocol/page/composer.ts';
import { aLeg, aSession } from '../../core/builders.ts';
import { aStore } from '../../core/stores.ts';
import { SwitchedHold } from '../../core/switchedHold.ts';

function setUp() {
  const legs = new Map<string, readonly RelayLeg[]>();
  const queued = new Map<string, readonly QueuedPrompt[]>();
  const relaysChanged = new Emitter<{ sessionId: string }>();
  const queueChanged = new Emitter<{ sessionId: string }>();
  const hold = new SwitchedHold();
  const sends = new PendingSends({
    sessions: aStore([
      aSession({ id: 'ses_1', directory: '/work' }),
      aSession({ id: 'ses_2', directory: '/work' }),
    ]),
    relays: { pending: (id) => legs.get(id) ?? [], why: () => undefined },
    pending: { onDidChange: relaysChanged.event },
    queue: {
      of: (id) => queued.get(id) ?? [],
      get sessionIds() {
        return [...queued.keys()];
      },
      onDidChange: queueChanged.event,
    },
    hold,
    now: () => 5000,
  });
  const relay = (sessionId: string, ...given: RelayLeg[]): void => {
    legs.set(sessionId, given);
    relaysChanged.fire({ sessionId });
  };
  const queue = (sessionId: string, ...given: QueuedPrompt[]): void => {
    queued.set(sessionId, given);
    queueChanged.fire({ sessionId });
  };
  return { sends, hold, relay, queue };
}

describe('what waits to be sent by itself', () => {
  it('are relays and queued prompts, with who wanted them and why they wait', () => {
    const { sends, relay, queue } = setUp();
    const from = { session: 'ses_2', agent: 'plan' };
    const automation = { name: 'Review', on: 'session.settled', chain: ['Review'] };
    relay('ses_1', aLeg('msg_1', { from }), aLeg('msg_2', { after: 'msg_0' }), aLeg('msg_4', { automation }));
    queue('ses_2', { id: 'msg_3', text: 'And this', agent: 'build' });
    assert.deepEqual(
      sends
        .all()
        .map(({ messageId, cause, by, source, state, pending }) => [
          messageId,
          cause,
          by,
          source,
          state.kind,
          pending,
        ]),
      [
        ['msg_1', 'relay', { kind: 'agent', ...from }, { session: 'ses_2' }, 'waiting', 'relay'],
        ['msg_2', 'relay', undefined, { session: 'ses_1', message: 'msg_0' }, 'waiting', 'relay'],
        ['msg_4', 'relay', { kind: 'automation', name: 'Review' }, { session: 'ses_1' }, 'waiting', 'relay'],
        ['msg_3', 'queue', undefined, undefined, 'waiting', 'queue'],
      ],
    );
    assert.equal(sends.count, 4);
    relay('ses_1');
    assert.equal(sends.count, 1);
  });

  it('count without those that wait for a person', () => {
    const { sends, relay } = setUp();
    relay(
      'ses_1',
      aLeg('msg_1', { state: { kind: 'held', reason: 'Its last turn failed.' } }),
      aLeg('msg_2'),
    );
    assert.deepEqual([sends.all().length, sends.count], [2, 1]);
  });

  it('say that Stop All holds them, and that again of each change of it', () => {
    const { sends, hold, relay } = setUp();
    let told = 0;
    sends.onDidChange(() => (told += 1));
    relay('ses_1', aLeg('msg_1'));
    hold.stop();
    const [held] = sends.all();
    assert.ok(held?.state.kind === 'waiting');
    assert.match(held.state.reason, /Stop All/);
    hold.release();
    assert.equal(told, 3);
  });
});
