import assert from 'node:assert/strict';
import { waitFor } from '../../workbench/waitFor.ts';
import {
  conversation,
  endRelays,
  model,
  relaysOf,
  type Room,
  say,
  untilQuiet,
  useRoom,
  type Window,
} from './room.ts';

describe('Stop All on a real server', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useRoom((opened) => ({ room, window } = opened));
  afterEach(() => window.hold.release());

  it('holds relays also after a restart of the server and of the window; released, they go in order, each once', async () => {
    const session = await room.newSession(window);
    await say(window, session, 'say: one');
    const { relays } = relaysOf(window, 'w1');
    window.hold.stop();
    await relays.add(session.id, [
      { agent: 'plan', model, text: 'say: planned' },
      { agent: 'build', model, text: 'say: built' },
    ]);
    await waitFor(() => relays.why(session.id)?.includes('Stop All') === true, { what: 'it to be held' });

    await room.server.restart();
    endRelays();
    const later = await room.openWindow();
    assert.equal(later.hold.isHeld(), true);
    const { relays: again } = relaysOf(later, 'w2');
    await waitFor(() => again.why(session.id)?.includes('Stop All') === true, {
      what: 'it to be held still',
    });
    // A turn of a person settles: what waits would go now.
    await say(later, session, 'say: mine');
    await waitFor(() => again.why(session.id)?.includes('Stop All') === true, { what: 'it to be held on' });
    assert.deepEqual((await conversation(later, session.id)).slice(2), [
      'user(build): say: mine',
      'build: mine',
    ]);
    assert.equal(again.pending(session.id).length, 2);

    // Another window releases it.
    window.hold.release();
    await waitFor(() => again.pending(session.id).length === 0, { what: 'the relays to be sent' });
    await untilQuiet(later, session);
    assert.deepEqual((await conversation(later, session.id)).slice(4), [
      'user(plan): say: planned',
      'plan: planned',
      'user(build): say: built',
      'build: built',
    ]);
  });
});
