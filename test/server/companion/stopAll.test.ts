import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseLedgerLine } from '../../../src/protocol/ledger.ts';
import { parsePendingRelays } from '../../../src/protocol/pending.ts';
import { sharedStorage } from '../../../src/server/sharedStorage.ts';
import { type Room, say, untilQuiet, type Window } from '../continuation/room.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { allow, answersOf, call, linesOf, useCompanionRoom } from './companionRoom.ts';

describe('Stop All and the companion', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened));
  afterEach(() => window.hold.release());

  it('holds what an agent writes to another session, also after a restart of the server, and then sends it once', async () => {
    const [sender, target] = [
      await room.newSession(window),
      await room.newSession(window, { title: 'Cart', agent: 'plan' }),
    ];
    await say(window, target, 'say: ready', 'plan');
    window.hold.stop();
    const script = [call('session_send', { sessionID: target.id, text: 'say: read it' }), 'say: sent'];
    const running = say(window, sender, script.join(' ;; '));
    await allow(window, sender, 'message');
    await running;
    assert.match(
      (await answersOf(window, sender, 'session_send')).join(),
      /held until the user releases Stop All/,
    );
    const pending = async (): Promise<number> =>
      parsePendingRelays(await window.openCode.getSession(target.id))?.legs.length ?? 0;
    assert.equal(await pending(), 1);

    await room.server.restart();
    // The companion of the new process begins with its instance, and would send what waits.
    await waitFor(async () => (await window.openCode.listStatuses(target.directory)) !== undefined, {
      what: 'the server',
    });
    await say(window, target, 'say: mine', 'plan');
    assert.equal(await pending(), 1);
    assert.equal((await linesOf(window, target)).at(-1), 'plan: mine');

    window.hold.release();
    await waitFor(async () => (await linesOf(window, target)).includes('plan: read it'), {
      what: 'the answer',
    });
    await untilQuiet(window, target);
    const delivered = (await linesOf(window, target)).filter((line) =>
      line.includes('[From the build agent'),
    );
    assert.equal(delivered.length, 1);
    // It is in the account although no editor sent it.
    const folder = join(sharedStorage(room.server.environment, room.server.home), 'deliveries');
    const lines = readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .flatMap((line) => parseLedgerLine(line) ?? []),
    );
    const kept = lines.filter(({ sessionId, cause }) => sessionId === target.id && cause === 'relay');
    assert.deepEqual(
      [...new Set(kept.map(({ by }) => JSON.stringify(by)))],
      [JSON.stringify({ kind: 'agent', session: sender.id, agent: 'build' })],
    );
    await waitFor(() => kept.some(({ state }) => state.kind === 'stored'), { what: 'its arrival' });
  });

  it('lets no agent begin a session, which reads why', async () => {
    const session = await room.newSession(window);
    const before = (await window.openCode.listSessions(session.directory)).length;
    window.hold.stop();
    const script = [call('session', { mode: 'new', text: 'say: begun' }), 'say: done'];
    await say(window, session, script.join(' ;; '));
    assert.match(
      (await answersOf(window, session, 'session')).join(),
      /Nothing was done: The user pressed Stop All/,
    );
    assert.equal((await window.openCode.listSessions(session.directory)).length, before);
  });
});
